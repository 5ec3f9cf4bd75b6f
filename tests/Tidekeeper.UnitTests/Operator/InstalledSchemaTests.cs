using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Model.Crds;
using Tidekeeper.Operator;
using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.UnitTests.Kube;

namespace Tidekeeper.UnitTests.Operator;

/// <summary>A CRD of another release than the operator's is installed.</summary>
public sealed class InstalledSchemaTests
{
    private const string OldCrd = "the installed CRD of TidbCluster is older than this operator: the API server drops "
        + "spec.tiflash, spec.tikv.evictLeaderTimeout; install the present one: tide crd | kubectl apply --server-side "
        + "-f -";

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

    private static (string Notice, string Log) Compare(Action<JsonObject> change, int? status = null)
    {
        var health = new Health();
        var lines = new List<string>();
        Stage.Run(async time =>
        {
            var world = new World(time, seed: 1);
            var crd = CrdDocument.TidbCluster(XmlDocs.None);
            change(crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!
                .AsObject());
            new ApiClient(world.Api, "test").Create("apiextensions.k8s.io/v1/customresourcedefinitions", null, crd);
            world.Settle();
            await time.Pass(60);
            world.Settle();
            var transport = new PlaygroundTransport(world.Api, time);
            if (status is { } code)
                transport.Instead = _ => new KubeResponse(code, "{}"u8.ToArray());
            var log = new OperatorLog(time, line => lines.Add($"{line.Message}: {line.Fields[0].Value}"));
            await new InstalledSchema(new KubeApi(transport, "test"), log, health)
                .Compare(TidbEngine.TidbClusters, TidbEngine.Schema, default);
        });
        return (health.Notice, string.Join('\n', lines));
    }
}
