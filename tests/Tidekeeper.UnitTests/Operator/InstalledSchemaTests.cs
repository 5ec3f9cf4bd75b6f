using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Model.Crds;
using Tidekeeper.Operator;
using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.UnitTests.Kube;

namespace Tidekeeper.UnitTests.Operator;

/// <summary>A CRD of another release than the operator's is installed.</summary>
public sealed class InstalledSchemaTests
{
    private const string OldCrd = "the installed CRD of TidbCluster is older than this operator: the API server drops "
        + "spec.tiflash, spec.tikv.evictLeaderTimeout; install the present one: tide crd | kubectl apply --server-side "
        + "--force-conflicts -f -";
    private static readonly ServedApis Served = new([], "v1.36.0");

    [Fact]
    public void The_present_one_is_no_news() => Assert.Equal(("", ""), Compare(_ => { }));

    [Fact]
    public void Of_an_older_one_the_fields_that_get_lost_are_named_and_what_to_do() =>
        Assert.Equal((OldCrd, $"the CRD is old: {OldCrd}"), Compare(spec =>
        {
            spec["tikv"]!["properties"]!.AsObject().Remove("evictLeaderTimeout");
            spec.Remove("tiflash");
        }));

    [Fact]
    public void Of_a_newer_one_the_fields_that_do_nothing_are_named() =>
        Assert.Equal(("", "the CRD is new: the installed CRD of TidbCluster is newer than this operator, which does "
            + "nothing with spec.future; upgrade the operator"),
            Compare(spec => spec["future"] = new JsonObject { ["type"] = "string" }));

    [Fact]
    public void A_server_that_does_not_tell_is_left_in_peace()
    {
        var refusals = new SortedSet<int> { 403, 404, 500, 503 };
        foreach (var status in refusals)
            Assert.Equal("", Compare(_ => { }, status).Notice);
    }

    [Fact]
    public void It_is_looked_at_again_until_the_present_one_is_there_and_then_no_more() => Stage.Run(async time =>
    {
        var world = new World(time, seed: 1);
        var client = new ApiClient(world.Api, "test");
        client.Create(Definitions, null, Definition(spec => spec.Remove("tiflash")));
        await Settle(world, time);
        var health = new Health();
        var transport = new PlaygroundTransport(world.Api, time);
        var schema = new InstalledSchema(new KubeApi(transport, "test"), Served, TidbEngine.TidbClusters,
            TidbEngine.Schema, new OperatorLog(time, _ => { }), health, time);
        await schema.Compare(default);
        Assert.Contains("drops spec.tiflash;", health.Notice);
        var changes = 0;
        var following = schema.Follow(() => changes++, default);
        await time.Pass(600);
        Assert.False(following.IsCompleted);
        Assert.Equal(0, changes);

        var present = Definition(_ => { });
        present["metadata"]!["resourceVersion"] =
            client.Get(Definitions, null, "tidbclusters.pingcap.com")!["metadata"]!["resourceVersion"]!.DeepClone();
        client.Update(Definitions, present);
        await Settle(world, time);
        await following;
        Assert.Equal(("", 1), (health.Notice, changes));
    });

    [Fact]
    public void A_server_that_never_tells_of_it_is_not_asked_for_ever() => Stage.Run(async time =>
    {
        var transport = new PlaygroundTransport(new World(time, seed: 1).Api, time)
        {
            Instead = _ => new KubeResponse(200, """{"components":{"schemas":{}}}"""u8.ToArray()),
        };
        await new InstalledSchema(new KubeApi(transport, "test"), Served, TidbEngine.TidbClusters, TidbEngine.Schema,
            new OperatorLog(time, _ => { }), new Health(), time).Follow(() => { }, default);
        Assert.InRange(transport.Sent.Count, 1, 10);
    });

    [Theory]
    [InlineData("v1.20.2", "create --validate=false", "replace --validate=false")]
    [InlineData("v1.22.17+k3s1", "create --validate=false", "replace --validate=false")]
    [InlineData("v1.23.0-gke.100", "apply --server-side", "apply --server-side --force-conflicts")]
    [InlineData("", "apply --server-side", "apply --server-side --force-conflicts")]
    public void The_command_that_is_told_is_one_that_the_server_accepts(string version, string first, string instead)
    {
        var served = new ServedApis([], version);
        Assert.Equal($"tide crd | kubectl {first} -f -", DefinitionInstall.First(served));
        Assert.Equal($"tide crd | kubectl {instead} -f -", DefinitionInstall.Instead(served));
    }

    private const string Definitions = "apiextensions.k8s.io/v1/customresourcedefinitions";

    private static JsonObject Definition(Action<JsonObject> change)
    {
        var crd = CrdDocument.TidbCluster(XmlDocs.None);
        change(crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!
            .AsObject());
        return crd;
    }

    private static async Task Settle(World world, VirtualTime time)
    {
        world.Settle();
        await time.Pass(60);
        world.Settle();
    }

    private static (string Notice, string Log) Compare(Action<JsonObject> change, int? status = null)
    {
        var health = new Health();
        var lines = new List<string>();
        Stage.Run(async time =>
        {
            var world = new World(time, seed: 1);
            new ApiClient(world.Api, "test").Create(Definitions, null, Definition(change));
            await Settle(world, time);
            var transport = new PlaygroundTransport(world.Api, time);
            if (status is { } code)
                transport.Instead = _ => new KubeResponse(code, "{}"u8.ToArray());
            var log = new OperatorLog(time, line => lines.Add($"{line.Message}: {line.Fields[0].Value}"));
            await new InstalledSchema(
                new KubeApi(transport, "test"), Served, TidbEngine.TidbClusters, TidbEngine.Schema, log, health, time)
                .Compare(default);
        });
        return (health.Notice, string.Join('\n', lines));
    }
}
