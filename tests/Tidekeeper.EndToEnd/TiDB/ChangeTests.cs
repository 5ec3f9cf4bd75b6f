namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>What is asked of a cluster and not done: the field is named.</summary>
[Collection(BesideInPlayground.Name)]
public sealed class ChangeTests(SharedPlayground shared) : IAsyncLifetime
{
    private readonly TidePlayground _tide = shared.Tide;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tide.Clear();

    [ProgramFact("kubectl")]
    public async Task A_node_selector_that_no_node_has_is_named_in_Ready()
    {
        await _tide.Kubectl("create namespace nowhere");
        await _tide.Kubectl("apply -n nowhere -f -", Manifests.Small.Replace(
            "pd: { ", "pd: { nodeSelector: { dedicated: pd }, ", StringComparison.Ordinal));
        var said = await _tide.TryKubectl("wait -n nowhere tc/basic --timeout=60s "
            + "--for=jsonpath={.status.conditions[?(@.type==\"Progressing\")].reason}=PodInTrouble");
        Assert.True(said.ExitCode == 0, said.All);
        var ready = await _tide.Kubectl(
            "get tc -n nowhere basic -o jsonpath={.status.conditions[?(@.type==\"Ready\")].message}");
        Assert.Contains("spec.pd.nodeSelector dedicated=pd", ready);
    }

    [ProgramFact("kubectl")]
    public async Task What_a_LimitRange_fills_into_pods_restarts_none_of_them()
    {
        await _tide.Kubectl("create namespace filled");
        await _tide.Kubectl("apply -n filled -f -", """
            apiVersion: v1
            kind: LimitRange
            metadata: { name: usual }
            spec: { limits: [ { type: Container, default: { memory: 1Gi }, defaultRequest: { memory: 8Mi } } ] }
            """);
        var basic = await LivingCluster.Create(_tide, "filled", Manifests.Small);
        Assert.Equal("1Gi", await basic.Kubectl(
            "get pod/basic-pd-0 -o jsonpath={.spec.containers[0].resources.limits.memory}"));
        var others = await basic.UidOf("pod/basic-pd-0") + await basic.UidOf("pod/basic-tikv-0");
        await basic.Patch("""{"tidb":{"annotations":{"a":"b"}}}""");
        await basic.Ready();
        Assert.Equal("True", LivingCluster.Status(await basic.Get(), "UpToDate"));
        Assert.Equal(others, await basic.UidOf("pod/basic-pd-0") + await basic.UidOf("pod/basic-tikv-0"));
    }

    [ProgramTheory("kubectl")]
    [InlineData("larger", "storage: 1Gi", "storage: 2Gi", "spec.pd.requests.storage: 2Gi wanted")]
    public async Task A_change_that_is_not_supported_yet_names_its_field(
        string ns, string before, string after, string message)
    {
        await _tide.Create(ns, Manifests.Full);
        await _tide.Kubectl($"apply -n {ns} -f -", Manifests.Full.Replace(before, after));
        await _tide.Kubectl($"wait -n {ns} tc/basic --timeout=60s "
            + "--for=jsonpath={.status.conditions[?(@.type==\"Progressing\")].reason}=NotSupportedYet");
        Assert.Contains(message, await _tide.Tide("why", "basic", "-n", ns));
    }
}
