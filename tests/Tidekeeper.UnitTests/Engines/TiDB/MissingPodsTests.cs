using Tidekeeper.Engines.TiDB;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Kubernetes does not make pods: somebody refuses them.</summary>
public sealed class MissingPodsTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void Pods_that_are_not_made_for_long_are_named_with_where_to_look()
    {
        var seen = Seen.Of(Spec).Applied();
        seen = seen.Applied().After(TimeSpan.FromSeconds(5));
        Assert.DoesNotContain("hold   Pods:", CreationTests.Text(seen));
        seen = seen.After(TimeSpan.FromSeconds(6));
        const string sentence = "Kubernetes has made 0 of 3 pods of StatefulSet basic-pd, and something is in its way "
            + "(a quota, a LimitRange, Pod Security, a webhook): kubectl describe statefulset basic-pd says what";
        Assert.StartsWith($"hold   Pods: {sentence}\n", CreationTests.Text(seen));
        Assert.Equal((sentence, TidbReasons.PodInTrouble),
            (seen.Condition("Progressing").Message, seen.Condition("Progressing").Reason));

        // The sentence stays although it was told, and goes with its cause.
        var told = seen.Applied().After(TimeSpan.FromMinutes(1));
        Assert.StartsWith($"hold   Pods: {sentence}\n", CreationTests.Text(told));
        Assert.DoesNotContain("hold   Pods:", CreationTests.Text(told.WithPods("pd")));
    }

    // As a StatefulSet of Kubernetes 1.20 goes on to say while its lost pods are refused.
    [Fact]
    public void A_StatefulSet_that_counts_pods_that_are_gone_is_not_believed()
    {
        var seen = Seen.Running(Spec);
        seen = new Seen(seen.Now with { Pods = [.. seen.Now.Pods.Where(pod => pod.Name != "basic-pd-2")] });
        Assert.Contains(seen.Now.StatefulSets, set => set is { Name: "basic-pd", StatusReplicas: 3 });
        Assert.Equal("Kubernetes has made 2 of 3 pods of StatefulSet basic-pd", seen.Condition("Ready").Message);
        Assert.Contains("hold   Pods: Kubernetes has made 2 of 3 pods of StatefulSet basic-pd, and something is in its",
            CreationTests.Text(seen.Applied().After(TimeSpan.FromSeconds(11))));
    }

    [Fact]
    public void Who_refuses_the_pod_of_a_Deployment_is_quoted_without_the_name_that_changes()
    {
        var seen = Seen.Of(Spec).Applied();
        seen = new Seen(seen.Now with
        {
            Deployments = [.. seen.Now.Deployments.Select(one => one with
            {
                Failure = "pods \"basic-discovery-78b7f6f989-c2nq9\" is forbidden: exceeded quota: small, requested: "
                    + "pods=1, used: pods=0, limited: pods=0",
            })],
        });
        Assert.StartsWith("hold   Pods: Kubernetes cannot make the pod of Deployment basic-discovery: exceeded quota: "
            + "small, requested: pods=1, used: pods=0, limited: pods=0\n", CreationTests.Text(seen));
    }
}
