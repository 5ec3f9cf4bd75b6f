namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>What is wrong is named with field, value and remedy, and nothing of it is made.</summary>
[Collection(BesideInPlayground.Name)]
public sealed class BadInputTests(SharedPlayground shared) : IAsyncLifetime
{
    private readonly TidePlayground _tide = shared.Tide;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tide.Clear();

    [ProgramTheory("kubectl")]
    [InlineData("pd: { replicas: 1", "pd: { replicas: three", "spec.pd.replicas in body must be of type integer")]
    [InlineData("version: v8.5.1", "version: v8.5.1\n  pvReclaimPolicy: Burn",
        """spec.pvReclaimPolicy: Unsupported value: "Burn": supported values: "Retain", "Delete", "Recycle" """)]
    [InlineData("storage: 1Gi } }\n  tidb", "storage: 1 gigabyte } }\n  tidb",
        """spec.tikv.requests.storage: Invalid value: "1 gigabyte" """)]
    public async Task The_API_server_refuses_what_the_schema_can_say(string good, string bad, string message)
    {
        // Without kubectl's own look at the schema, which comes first where a server does not offer to do it.
        var said = await _tide.TryKubectl("apply -n default --validate=false -f -", Manifests.Small.Replace(good, bad));
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains(message.Trim(), said.Error);
    }

    // Rules in CEL, since 1.25. Before that the operator says the same in a condition.
    [ProgramTheory("kubectl")]
    [InlineData("rule-storage", "tikv: { replicas: 1, requests: { storage: 1Gi } }", "tikv: { replicas: 1 }",
        "storage is missing; write how large the volume of each TiKV shall be, such as 100Gi",
        "spec.tikv.requests.storage is missing")]
    [InlineData("rule-limit", "tidb: { replicas: 1 }",
        "tidb: { replicas: 1, requests: { memory: 2Gi }, limits: { memory: 1Gi } }",
        "memory 2Gi is above limits.memory 1Gi; raise the limit or lower the request", "spec.tidb.requests.memory")]
    public async Task Rules_that_compare_fields_are_kept_with_and_without_the_server(
        string ns, string good, string bad, string rule, string condition)
    {
        await _tide.Kubectl($"create namespace {ns}");
        var said = await _tide.TryKubectl($"apply -n {ns} -f -", Manifests.Small.Replace(good, bad));
        if (said.ExitCode != 0)
        {
            Assert.Contains(rule, said.Error);
            return;
        }

        Assert.False(TestWorld.IsPlayground);
        await _tide.Kubectl($"wait -n {ns} tc/basic --for=condition=Accepted=false --timeout=60s");
        Assert.Contains(condition, await _tide.Tide("why", "basic", "-n", ns));
    }

    [ProgramFact("kubectl")]
    public async Task An_unknown_field_is_named()
    {
        var said = await _tide.TryKubectl("apply -n default -f -", Manifests.Small.Replace("tidb: {", "tidbb: {"));
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains("unknown field", said.Error);
        Assert.Contains("tidbb", said.Error);
    }

    [ProgramTheory("kubectl")]
    [InlineData("toml", "tidb: { replicas: 1 }", "tidb: { replicas: 1, config: \"[a\" }",
        "spec.tidb.config: [a is no TOML")]
    [InlineData("version", "v8.5.1", "banana", "spec.version: banana is no version; write a version such as v8.5.0")]
    public async Task The_operator_refuses_the_rest_in_a_condition_and_an_event(
        string ns, string good, string bad, string message)
    {
        ns = $"bad-{ns}";
        await _tide.Kubectl($"create namespace {ns}");
        await _tide.Kubectl($"apply -n {ns} -f -", Manifests.Small.Replace(good, bad));
        await _tide.Kubectl($"wait -n {ns} tc/basic --for=condition=Accepted=false --timeout=60s");
        Assert.Contains(message, await _tide.Tide("why", "basic", "-n", ns));
        Assert.Empty((await _tide.Get(ns, "sts,svc,deploy,pvc,pods"))["items"]!.AsArray());
        var warning = await _tide.Kubectl($"events -n {ns} --types=Warning --no-headers");
        Assert.Contains(message, warning);
        Assert.Single(warning.Trim().Split('\n'));
    }
}
