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

    // Server-side apply of 1.20 needs it, because it is part of a port's key.
    [Fact]
    public void A_port_of_a_container_of_ones_own_gets_the_protocol_that_it_has_anyway()
    {
        const string more = """
            additionalContainers:
              - {name: box, image: box, ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]}
            initContainers: [{name: first, image: box, ports: [{containerPort: 81}]}]
            """;
        var spec = Spec.Replace("pd: {replicas: 3, requests: {storage: 10Gi}}",
            $"pd:\n  replicas: 3\n  requests: {{storage: 10Gi}}\n  {more.Replace("\n", "\n  ")}\n"
            + $"discovery:\n  {more.Replace("\n", "\n  ")}");
        foreach (var name in (string[])["StatefulSet/basic-pd", "Deployment/basic-discovery"])
        {
            var act = Seen.Of(spec).Plan().Acts.OfType<Tidekeeper.Engines.Act.Apply>()
                .Single(one => $"{one.Kind}/{one.Name}" == name);
            var pod = act.Object["spec"]!["template"]!["spec"]!;
            Assert.Equal("""[{"containerPort":80,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]""",
                pod["containers"]!.AsArray().Single(one => (string?)one!["name"] == "box")!["ports"]!.ToJsonString());
            if (pod["initContainers"] is { } init)
                Assert.Equal("TCP", (string?)init[0]!["ports"]![0]!["protocol"]);
        }
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
