namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Clusters that are stopped, taken away and extended.</summary>
[Collection(BesideInPlayground.Name)]
public sealed class LifeTests(SharedPlayground shared) : IAsyncLifetime
{
    private readonly TidePlayground _tide = shared.Tide;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tide.Clear();

    [ProgramFact("kubectl", "mysql")]
    public async Task A_cluster_that_is_suspended_and_resumed_has_its_rows()
    {
        var basic = await LivingCluster.Create(_tide, "suspended", Manifests.Full);
        await _tide.Sql("suspended", "basic", "create table test.t(a int primary key); insert into test.t values (7)");
        await basic.Patch("""{"suspendAction":{"suspendStatefulSet":true}}""");
        await basic.Until("nobody runs any more", async () => string.Concat(
            await basic.Pods("tidb"), await basic.Pods("tikv"), await basic.Pods("pd")), pods => pods.Length == 0);
        await basic.Until("it says so", cluster => (string?)cluster["status"]!["phase"] == "Suspended");
        await basic.Patch("""{"suspendAction":null}""");
        await basic.Ready();
        Assert.Equal("7\n", await _tide.Sql("suspended", "basic", "select a from test.t"));
    }

    [ProgramTheory("kubectl")]
    [InlineData("at-once", "tc/basic")]
    [InlineData("with-pd", "pod/basic-pd-0")]
    [InlineData("with-tikv", "pod/basic-tikv-0")]
    [InlineData("with-tidb", "statefulset/basic-tidb")]
    public async Task A_cluster_may_be_deleted_at_every_stage_of_its_creation_and_its_namespace_with_it(
        string stage, string exists)
    {
        var ns = $"deleted-{stage}";
        await _tide.Kubectl($"create namespace {ns}");
        await _tide.Kubectl($"apply -n {ns} -f -", Manifests.Full);
        await _tide.Kubectl($"wait -n {ns} --for=create {exists} --timeout=60s");
        await _tide.Kubectl($"delete -n {ns} tc/basic --cascade=foreground --timeout=80s");
        Assert.DoesNotContain((await _tide.Get(ns, "pods,sts,svc,deploy,cm"))["items"]!.AsArray(),
            item => (string?)item!["metadata"]!["name"] != "kube-root-ca.crt");
        await _tide.Kubectl($"delete namespace {ns} --timeout=80s");
    }

    [ProgramFact("kubectl")]
    public async Task Volumes_go_where_retention_says_so()
    {
        var basic = await LivingCluster.Create(_tide, "retention", Manifests.Full.Replace(
            "spec:\n", "spec:\n  retention: { whenDeleted: Delete, whenScaled: Delete }\n"));
        await basic.Patch("""{"tikv":{"replicas":4}}""");
        await basic.Ready();
        await basic.Kubectl("get pvc/tikv-basic-tikv-3");
        await basic.Patch("""{"tikv":{"replicas":3}}""");
        await basic.Ready();
        await basic.Kubectl("wait --for=delete pvc/tikv-basic-tikv-3 --timeout=60s");
        await basic.Kubectl("delete tc/basic --cascade=foreground --timeout=80s");
        await basic.Kubectl("wait --for=delete pvc --all --timeout=60s");
    }

    [ProgramFact("kubectl")]
    public async Task TiFlash_comes_grows_shrinks_and_goes()
    {
        var basic = await LivingCluster.Create(_tide, "columns", Manifests.Full);
        await basic.Patch(
            """{"tiflash":{"replicas":2,"storageClaims":[{"resources":{"requests":{"storage":"1Gi"}}}]}}""");
        await basic.Ready();
        Assert.Equal("basic-tiflash-0 basic-tiflash-1", await basic.Pods("tiflash"));
        await basic.Patch("""{"tiflash":{"replicas":1}}""");
        await basic.Ready();
        Assert.Equal("basic-tiflash-0", await basic.Pods("tiflash"));
        await basic.Patch("""{"tiflash":null}""");
        await basic.Until("its pods are gone", () => basic.Pods("tiflash"), pods => pods.Length == 0);
        await basic.Ready();
        Assert.Equal(3, (await basic.Get())["status"]!["tikv"]!["stores"]!.AsObject().Count);
    }
}
