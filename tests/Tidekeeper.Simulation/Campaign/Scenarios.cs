using System.Text.Json.Nodes;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>All scenarios of the campaign.</summary>
public static class Scenarios
{
    /// <summary>PD gives a store up after a minute, so that failures take minutes and not half an hour.</summary>
    private const string ImpatientPd = "[schedule]\nmax-store-down-time = \"1m\"\n";

    public static IReadOnlyList<Scenario> All { get; } =
        [.. Sizes, .. Changes, .. Mistakes, .. Losses, .. Absences, .. People, .. Adoptions];

    public static Scenario Named(string name) => All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException($"there is no scenario '{name}'; there are:\n  "
            + string.Join("\n  ", All.Select(scenario => scenario.Name)));

    private static void Rolls(JsonObject spec)
    {
        foreach (var component in (string[])["pd", "tikv", "tidb"])
            spec[component]!["configUpdateStrategy"] = "RollingUpdate";
    }

    private static void HasLocalDisks(JsonObject spec)
    {
        foreach (var component in (string[])["pd", "tikv"])
            spec[component]!["storageClassName"] = "local-storage";
    }

    private static IEnumerable<Scenario> Sizes =>
    [
        Scenario.Begin("nothing is wished for", pd: 3, tikv: 3, tidb: 2),
        Scenario.Begin("TiKV grows", pd: 3, tikv: 3, tidb: 2).Replicas("tikv", 5),
        Scenario.Begin("TiDB grows twice", pd: 1, tikv: 3, tidb: 1).Replicas("tidb", 2).Replicas("tidb", 4),
        Scenario.Begin("PD grows", pd: 1, tikv: 3, tidb: 1).Replicas("pd", 3),
        Scenario.Begin("all grow at once", pd: 3, tikv: 3, tidb: 1).Then("more of all", spec =>
        {
            spec["pd"]!["replicas"] = 5;
            spec["tikv"]!["replicas"] = 4;
            spec["tidb"]!["replicas"] = 3;
        }),
        Scenario.Begin("TiKV shrinks", pd: 1, tikv: 5, tidb: 1).Replicas("tikv", 3),
        Scenario.Begin("PD shrinks", pd: 5, tikv: 3, tidb: 1).Replicas("pd", 3),
        Scenario.Begin("TiDB shrinks", pd: 1, tikv: 3, tidb: 3).Replicas("tidb", 1),
        Scenario.Begin("TiKV grows and shrinks", pd: 1, tikv: 3, tidb: 1).Replicas("tikv", 5).Replicas("tikv", 3),
        Scenario.Begin("TiKV shrinks and grows again", pd: 1, tikv: 5, tidb: 1)
            .Replicas("tikv", 3).Replicas("tikv", 5),
        Scenario.Begin("PD shrinks and grows by one", pd: 5, tikv: 3, tidb: 1).Replicas("pd", 3).Replicas("pd", 4),
        Scenario.Begin("TiFlash comes, shrinks and goes", pd: 3, tikv: 3, tidb: 1)
            .Then("2 tiflash", spec => spec["tiflash"] = Wishes.Tiflash(2))
            .Replicas("tiflash", 1)
            .Then("no tiflash", spec => spec.Remove("tiflash")),
        Scenario.Begin("a cluster is deleted", pd: 3, tikv: 3, tidb: 1).Deleted(),
        Scenario.Begin("a cluster is deleted in the middle of everything", pd: 3, tikv: 4, tidb: 2)
            .Version("v8.5.2").Replicas("tikv", 3).Deleted(),
    ];

    private static IEnumerable<Scenario> Changes =>
    [
        Scenario.Begin("another version", pd: 3, tikv: 3, tidb: 2).Version("v8.5.2"),
        Scenario.Begin("another version and back", pd: 3, tikv: 3, tidb: 2)
            .Happens("a user wishes for version v8.5.2, and soon for v8.5.1 again", stage =>
            {
                // Once an upgrade is complete there is no way back.
                stage.Change(spec => spec["version"] = "v8.5.2");
                stage.Wait(TimeSpan.FromSeconds(8));
                stage.Change(spec => spec["version"] = "v8.5.1");
            }),
        Scenario.Begin("another version for all four", pd: 3, tikv: 3, tidb: 2)
            .From(spec => spec["tiflash"] = Wishes.Tiflash(2)).Version("v8.5.2"),
        Scenario.Begin("another version while it grows and shrinks", pd: 3, tikv: 4, tidb: 2)
            .Version("v8.5.2").Replicas("tikv", 3).Replicas("pd", 5),
        Scenario.Begin("configuration that needs a restart", pd: 3, tikv: 3, tidb: 2)
            .From(Rolls).Config("tikv", "[server]\ngrpc-concurrency = 7\n"),
        Scenario.Begin("configuration that is taken online", pd: 3, tikv: 3, tidb: 2).From(Rolls)
            .Config("pd", "[schedule]\nregion-schedule-limit = 100\n")
            .Config("tikv", "[raftstore]\nregion-split-check-diff = \"32MB\"\n")
            .Config("pd", "[schedule]\nregion-schedule-limit = 200\n"),
        Scenario.Begin("ten edits in ten seconds", pd: 3, tikv: 3, tidb: 2).From(Rolls).Happens("ten edits", stage =>
        {
            for (var i = 1; i <= 10; i++)
            {
                var number = i;
                stage.Change(spec =>
                {
                    spec["tikv"]!["config"] = $"[server]\ngrpc-concurrency = {number + 1}\n";
                    spec["tidb"]!["replicas"] = 1 + (number % 3);
                    spec["version"] = number % 2 == 0 ? "v8.5.1" : "v8.5.2";
                });
                stage.Wait(TimeSpan.FromSeconds(1));
            }
        }),
        Scenario.Begin("a zone restarts together", pd: 3, tikv: 6, tidb: 2).From(Rolls)
            .From(spec => spec["tikv"]!["updatePolicy"] = new JsonObject { ["type"] = "FailureDomain" })
            .From(spec => spec["pd"]!["config"] =
                "[replication]\nlocation-labels = [\"topology.kubernetes.io/zone\"]\n")
            .Config("tikv", "[server]\ngrpc-concurrency = 7\n"),
    ];

    private static IEnumerable<Scenario> Mistakes =>
    [
        Scenario.Begin("TiKV does not start with it, and it is taken back", pd: 3, tikv: 3, tidb: 2).From(Rolls)
            .Config("tikv", "[raftstore]\nraft-heartbeat-ticks = 0\n")
            .Happens("it stays so for a while", stage => stage.Wait(TimeSpan.FromMinutes(8)))
            .Config("tikv", ""),
        Scenario.Begin("an image that nobody has, and back", pd: 3, tikv: 3, tidb: 2)
            .Then("tikv from nobody/has-this", spec => spec["tikv"]!["baseImage"] = "nobody/has-this")
            .Happens("it stays so for a while", stage => stage.Wait(TimeSpan.FromMinutes(8)))
            .Then("tikv as before", spec => spec["tikv"]!.AsObject().Remove("baseImage")),
        Scenario.Begin("a place that no node is, and back", pd: 3, tikv: 3, tidb: 2)
            .Then("PD on a node that is not there", spec => spec["pd"]!["nodeSelector"] =
                new JsonObject { ["kubernetes.io/hostname"] = "nowhere" })
            .Happens("it stays so for a while", stage => stage.Wait(TimeSpan.FromMinutes(8)))
            .Then("PD anywhere", spec => spec["pd"]!.AsObject().Remove("nodeSelector")),
        Scenario.Begin("fewer stores than replicas, and back", pd: 3, tikv: 3, tidb: 2)
            .Replicas("tikv", 2).Replicas("tikv", 3),
        Scenario.Begin("a smaller disk is refused", pd: 3, tikv: 3, tidb: 2)
            .Then("a smaller disk", spec => spec["tikv"]!["requests"]!["storage"] = "1Gi"),
        Scenario.Begin("somebody deletes a StatefulSet", pd: 3, tikv: 3, tidb: 2)
            .Happens("somebody deletes StatefulSet basic-tikv", stage => stage.World.Api.Delete(
                "apps/v1/statefulsets", SimulatedCluster.Namespace, "basic-tikv")) with
        { Interrupts = true },
    ];

    // Who loses a pod without a word waits for an election.
    private static IEnumerable<Scenario> Losses =>
        Lossy.Select(scenario => scenario with { Interrupts = true });

    private static IEnumerable<Scenario> Lossy =>
    [
        Scenario.Begin("a store's claim is deleted", pd: 3, tikv: 3, tidb: 2)
            .Happens("somebody deletes claim and pod of basic-tikv-1", stage => stage.LoseClaim("tikv", 1)),
        Scenario.Begin("a PD member's claim is deleted", pd: 3, tikv: 3, tidb: 2)
            .Happens("somebody deletes claim and pod of basic-pd-1", stage => stage.LoseClaim("pd", 1)),
        Scenario.Begin("one claim after another is deleted", pd: 3, tikv: 4, tidb: 1)
            .Happens("somebody deletes claim and pod of basic-tikv-0", stage => stage.LoseClaim("tikv", 0))
            .Happens("somebody deletes claim and pod of basic-pd-0", stage => stage.LoseClaim("pd", 0))
            .Happens("somebody deletes claim and pod of basic-tikv-3", stage => stage.LoseClaim("tikv", 3)),
        Scenario.Begin("a disk comes back empty", pd: 3, tikv: 3, tidb: 2)
            .Happens("the disk of basic-tikv-1 is replaced by an empty one", stage => stage.LoseDisk("tikv", 1))
            .Happens("ten minutes later somebody deletes its claim and pod", stage =>
            {
                stage.Wait(TimeSpan.FromMinutes(10));
                stage.DeleteClaim("tikv", 1);
            }),
        Scenario.Begin("a TiFlash node's claim is deleted", pd: 3, tikv: 3, tidb: 1)
            .From(spec => spec["tiflash"] = Wishes.Tiflash(2))
            .Happens("somebody deletes claim and pod of basic-tiflash-0", stage => stage.LoseClaim("tiflash", 0)),
        Scenario.Begin("a machine is given back", pd: 3, tikv: 3, tidb: 2).From(HasLocalDisks)
            .Happens("the machine of basic-tikv-0 is given back, with its disks",
                stage => stage.GiveBack(stage.NodeOf("tikv", 0))) with
        { Nodes = 4 },
        Scenario.Begin("a claim is deleted in the middle of an upgrade", pd: 3, tikv: 3, tidb: 2)
            .Version("v8.5.2")
            .Happens("somebody deletes claim and pod of basic-tikv-2", stage => stage.LoseClaim("tikv", 2)),
    ];

    private static IEnumerable<Scenario> Absences =>
    [
        Scenario.Begin("a machine is off for an hour", pd: 3, tikv: 3, tidb: 2)
            .From(spec => spec["pd"]!["config"] = ImpatientPd)
            .Happens("the machine of basic-tikv-0 is off for an hour", stage =>
            {
                var node = stage.NodeOf("tikv", 0);
                stage.PowerOff(node);
                stage.Wait(TimeSpan.FromHours(1));
                stage.PowerOn(node);
            }) with
        { Nodes = 4, Interrupts = true },
        Scenario.Begin("a machine with TiFlash is off for an hour", pd: 3, tikv: 3, tidb: 1)
            .From(spec => spec["tiflash"] = Wishes.Tiflash(2))
            .From(spec => spec["pd"]!["config"] = ImpatientPd)
            .Happens("the machine of basic-tiflash-0 is off for an hour", stage =>
            {
                var node = stage.NodeOf("tiflash", 0);
                stage.PowerOff(node);
                stage.Wait(TimeSpan.FromHours(1));
                stage.PowerOn(node);
            }) with
        { Nodes = 4, Interrupts = true },
        Scenario.Begin("a machine stays off", pd: 3, tikv: 3, tidb: 2)
            .From(spec => spec["pd"]!["config"] = ImpatientPd)
            .Happens("the machine of basic-tikv-0 is off for ever",
                stage => stage.PowerOff(stage.NodeOf("tikv", 0))) with
        { Nodes = 4, Interrupts = true, Crippled = Cripples.OneMachineIsOff },
        Scenario.Begin("PD loses its majority for a while", pd: 3, tikv: 3, tidb: 1)
            .Happens("the machines of two members are off for ten minutes", stage =>
            {
                string?[] nodes = [stage.NodeOf("pd", 0), stage.NodeOf("pd", 1)];
                Array.ForEach(nodes, stage.PowerOff);
                stage.Wait(TimeSpan.FromMinutes(10));
                Array.ForEach(nodes, stage.PowerOn);
            }) with
        { Interrupts = true },
        Scenario.Begin("all machines are off for a while", pd: 3, tikv: 3, tidb: 2)
            .Happens("all machines are off for ten minutes", stage =>
            {
                foreach (var node in stage.World.Playground.Nodes)
                    stage.PowerOff(node);
                stage.Wait(TimeSpan.FromMinutes(10));
                foreach (var node in stage.World.Playground.Nodes)
                    stage.PowerOn(node);
            }) with
        { Interrupts = true },
        Scenario.Begin("suspended and resumed", pd: 3, tikv: 3, tidb: 2)
            .Then("a suspended cluster", spec => spec["suspendAction"] = Wishes.Suspended())
            .Happens("it stays so for a while", stage => stage.Wait(TimeSpan.FromMinutes(5)))
            .Then("a running cluster", spec => spec.Remove("suspendAction")) with
        { Interrupts = true },
        Scenario.Begin("suspended, shrunk and resumed", pd: 3, tikv: 4, tidb: 2)
            .Then("a suspended cluster", spec => spec["suspendAction"] = Wishes.Suspended())
            .Replicas("tikv", 3)
            .Then("a running cluster", spec => spec.Remove("suspendAction")) with
        { Interrupts = true },
    ];

    private static IEnumerable<Scenario> People =>
    [
        Scenario.Begin("a node is drained and comes back", pd: 3, tikv: 3, tidb: 2)
            .Happens("the node of basic-tikv-0 is drained", stage =>
            {
                var node = stage.NodeOf("tikv", 0);
                stage.Drain(node);
                stage.Cordon(node, isCordoned: false);
            }) with
        { Nodes = 4 },
        Scenario.Begin("a node is drained in the middle of an upgrade", pd: 3, tikv: 3, tidb: 2)
            .Version("v8.5.2")
            .Happens("the node of basic-tikv-2 is drained", stage =>
            {
                var node = stage.NodeOf("tikv", 2);
                stage.Drain(node);
                stage.Cordon(node, isCordoned: false);
            }) with
        { Nodes = 4 },
        Scenario.Begin("people restart pods", pd: 3, tikv: 3, tidb: 2).Happens("three pods are to restart", stage =>
        {
            foreach (var pod in (string[])["basic-tikv-1", "basic-pd-0", "basic-tidb-0"])
                stage.AnnotatePod(pod, Labels.Restart, stage.Now);
        }),
        Scenario.Begin("somebody is asked first", pd: 3, tikv: 3, tidb: 2)
            .Then("approval", spec => spec["approval"] = "Manual")
            .Version("v8.5.2")
            .Happens("all that waits is approved", stage =>
            {
                stage.WaitUntil(() => stage.World.Cluster("basic")?["status"]?["plan"] is JsonArray { Count: > 0 },
                    TimeSpan.FromMinutes(10));
                stage.Change(spec => spec.Remove("approval"));
            }),
        Scenario.Begin("the breaker is open in the middle of an upgrade", pd: 3, tikv: 5, tidb: 2)
            .Version("v8.5.2")
            .Happens("the machines of two stores are off for six minutes", stage =>
            {
                string?[] nodes = [stage.NodeOf("tikv", 0), stage.NodeOf("tikv", 1)];
                Array.ForEach(nodes, stage.PowerOff);
                stage.Wait(TimeSpan.FromMinutes(6));
                Array.ForEach(nodes, stage.PowerOn);
            }) with
        { Nodes = 5, Interrupts = true },
        Scenario.Begin("paused in the middle of an upgrade", pd: 3, tikv: 3, tidb: 2)
            .Version("v8.5.2")
            .Then("a pause", spec => spec["paused"] = true)
            .Then("going on", spec => spec.Remove("paused")),
        Scenario.Begin("leaders are moved by hand in the middle of an upgrade", pd: 3, tikv: 3, tidb: 2)
            .Version("v8.5.2")
            .Happens("PD shall be led by basic-pd-2", stage =>
                stage.AnnotateCluster(Labels.PdLeader, $"basic-pd-2@{stage.Now}"))
            .Happens("leaders shall leave basic-tikv-1 for five minutes", stage =>
            {
                stage.AnnotatePod("basic-tikv-1", Labels.EvictLeader, "none");
                stage.Wait(TimeSpan.FromMinutes(5));
                stage.AnnotatePod("basic-tikv-1", Labels.EvictLeader, null);
            }),
    ];

    private static IEnumerable<Scenario> Adoptions =>
    [
        Scenario.Begin("a cluster of v1 is taken over and upgraded", pd: 3, tikv: 3, tidb: 2).MadeByV1()
            .Adopted("trial").Adopted("committed").Version("v8.5.2"),
        Scenario.Begin("a cluster of v1 is tried, given back and taken over", pd: 3, tikv: 3, tidb: 2).MadeByV1()
            .Adopted("trial").Adopted("aborted").Adopted("trial").Adopted("committed").Replicas("tikv", 4),
    ];
}
