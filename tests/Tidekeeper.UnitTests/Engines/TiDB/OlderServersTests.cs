namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>What API servers and schedulers of older Kubernetes let through, or say in other words.</summary>
public sealed class OlderServersTests
{
    private const string Spec = CreationTests.Spec;

    // An API server without rules in CEL has let it through: a store would begin anew in an empty directory.
    [Fact]
    public void Where_the_data_is_and_what_members_are_called_does_not_change()
    {
        var moved = Seen.Running(Spec).Edited(spec => spec with { Tikv = spec.Tikv! with { DataSubDir = "other" } });
        Assert.DoesNotContain("StatefulSet/basic-tikv", Acts(moved));
        var renamed = Seen.Running(Spec).Edited(spec => spec with { ClusterDomain = "cluster.local" });
        Assert.DoesNotContain("StatefulSet/", Acts(renamed));

        static string Acts(Seen seen) => string.Join('\n', seen.Plan().Acts.Select(act => act.Describe()));
    }

    // The words of Kubernetes 1.20, as a real scheduler said them.
    [Theory]
    [InlineData("3 node(s) didn't match Pod's node affinity.", "spec.nodeSelector disk=none")]
    [InlineData("3 node(s) didn't match node selector.", "spec.nodeSelector disk=none")]
    [InlineData("3 node(s) had taint {a: b}, that the pod didn't tolerate.", "spec.tolerations")]
    public void The_field_is_named_in_the_words_of_older_schedulers_too(string said, string field)
    {
        var stuck = Seen.Of(Spec + "\nnodeSelector: {disk: none}").Applied().WithPods("pd", pod => pod with
        {
            Phase = "Pending",
            Node = "",
            UnscheduledReason = "Unschedulable",
            UnscheduledMessage = $"0/3 nodes are available: {said}",
        });
        Assert.Contains($"; see {field}\n", CreationTests.Text(stuck));
    }
}
