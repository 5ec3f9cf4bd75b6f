using System.Text.Json.Nodes;
using Tidekeeper.Simulation.V1;

namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>A cluster that tidb-operator v1 made comes under this operator, with an application on it.</summary>
public sealed class AdoptionTests
{
    [ProgramFact("kubectl", "mysql")]
    public async Task Nobody_notices_that_a_cluster_of_v1_is_tried_given_back_taken_over_and_upgraded()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "30");
        var basic = await MadeByV1(tide);
        await basic.Until("it is left alone", cluster => Reason(cluster) == "NotAdopted");
        await tide.Sql("shop", "basic", "create table test.t (a int primary key); insert into test.t values (1), (2)");
        await using var probe = basic.Probe();
        var (pods, sets) = (await Uids(basic), await Sets(basic));

        var dry = await basic.Tide("adopt basic --dry-run");
        Assert.Contains("no database pod restarts on trial, and none because of the commit", dry);
        var budgets = (await tide.Kubectl("api-versions")).Split('\n').Contains("policy/v1")
            ? "made: one pod at a time may be evicted"
            : "not made: this server does not serve policy/v1";
        Assert.Contains(budgets, dry);
        Assert.Contains("OnTrial", await basic.Tide("adopt basic"));
        Assert.NotEqual(sets, await Sets(basic));
        Assert.Contains("GivenBack", await basic.Tide("adopt basic --abort"));
        Assert.Equal(sets, await Sets(basic));
        Assert.Equal(pods, await Uids(basic));

        await basic.Tide("adopt basic");
        Assert.Contains("TakenOver", await basic.Tide("adopt basic --commit"));
        await basic.Ready();
        Assert.Equal(pods, await Uids(basic));
        Assert.Equal("1\n2\n", await tide.Sql("shop", "basic", "select a from test.t order by a"));
        var late = await basic.TryTide("adopt basic --abort");
        Assert.Equal(4, late.ExitCode);
        Assert.Contains("there is no way back", late.All);

        await basic.Patch("""{"version":"v8.5.2"}""");
        await basic.Ready();
        Assert.Empty(pods.Intersect(await Uids(basic)));
        Assert.Equal("1\n2\n", await tide.Sql("shop", "basic", "select a from test.t order by a"));
        await probe.NoticedNothing();
    }

    [ProgramFact("kubectl")]
    public async Task What_is_in_the_way_is_named_and_nothing_is_written()
    {
        await using var tide = new TidePlayground();
        await tide.Up();
        await tide.Create("ours", Manifests.Small);
        var ours = await tide.TryTide("adopt", "basic", "-n", "ours");
        Assert.Equal(4, ours.ExitCode);
        Assert.Contains("was not made by tidb-operator v1", ours.All);

        var basic = await MadeByV1(tide);
        await tide.Kubectl("create namespace tidb-admin");
        await tide.Kubectl("create -n tidb-admin -f -", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: tidb-controller-manager }
            spec:
              replicas: 1
              selector: { matchLabels: { a: b } }
              template:
                metadata: { labels: { a: b } }
                spec:
                  containers:
                  - { name: operator, image: example.com/go, command: [/usr/local/bin/tidb-controller-manager] }
            """);
        var sets = await Sets(basic);
        foreach (var stage in (string[])["", " --dry-run", " --commit"])
        {
            var said = await basic.TryTide($"adopt basic{stage}");
            Assert.Equal(4, said.ExitCode);
            Assert.Contains("kubectl -n tidb-admin scale deployment tidb-controller-manager --replicas=0", said.All);
        }

        Assert.Equal(sets, await Sets(basic));
        await tide.Kubectl("-n tidb-admin scale deployment tidb-controller-manager --replicas=0");
        var early = await basic.TryTide("adopt basic --commit");
        Assert.Contains("is not on trial", early.All);
        Assert.Contains("OnTrial", await basic.Tide("adopt basic"));
    }

    /// <summary>While the cluster is paused the operator makes nothing of it, as if it were not there yet.</summary>
    private static async Task<LivingCluster> MadeByV1(TidePlayground tide)
    {
        await tide.Kubectl("create namespace shop");
        await tide.Kubectl("create -n shop -f -",
            Manifests.Full.Replace("version: v8.5.1", "version: v8.5.1\n  paused: true"));
        var stored = (await tide.Get("shop", "tc/basic")).AsObject();
        var list = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = new JsonArray([.. new GoCluster(stored).Documents()]),
        };
        await tide.Kubectl("create --field-manager=tidb-controller-manager -f -", list.ToJsonString());
        var basic = new LivingCluster(tide, "shop");
        await basic.Patch("""{"paused":null}""");
        await basic.Until("v1's pods are ready", () => Uids(basic), pods => pods.Count == 9);
        await basic.Kubectl("wait pods --all --for=condition=Ready --timeout=60s");
        return basic;
    }

    private static string? Reason(JsonNode cluster) => (string?)LivingCluster.Condition(cluster, "Adopted")?["reason"];

    private static async Task<IReadOnlyList<string>> Uids(LivingCluster basic) =>
        (await basic.Kubectl("get pods -l app.kubernetes.io/component!=discovery --sort-by=.metadata.name "
            + "-o jsonpath={.items[*].metadata.uid}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The StatefulSets as people and operators say them.</summary>
    private static async Task<string> Sets(LivingCluster basic)
    {
        var sets = JsonNode.Parse(await basic.Kubectl("get sts -o json"))!["items"]!.AsArray();
        return string.Join('\n', sets.Select(set => $"{set!["metadata"]!["annotations"]} {set["spec"]}"));
    }
}
