namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Changes of a cluster that clients use at the same time.</summary>
[Collection(InPlayground.Name)]
public sealed class LivingClusterTests(SharedPlayground shared)
{
    private const string Namespace = "living";
    private readonly TidePlayground _tide = shared.Tide;

    [ProgramFact("kubectl")]
    public async Task An_upgrade_and_other_sizes_fail_no_statement_and_lose_no_row()
    {
        await _tide.Create(Namespace, Manifests.Full);

        // The prober ends with another exit code, and so throws here, when a statement failed or a row is missing.
        var probe = _tide.Tide("probe", "basic", "-n", Namespace, "--seconds", "30", "--rate", "20");
        await Patch("""{"spec":{"version":"v8.5.2"}}""");
        await Until("{.status.versions.tidb}", "v8.5.2");
        await Patch("""{"spec":{"tikv":{"replicas":4},"tidb":{"replicas":2}}}""");
        await Ready();
        await Patch("""{"spec":{"tikv":{"replicas":3},"pd":{"replicas":1}}}""");
        await Ready();
        Assert.Contains("no statement failed", await probe);

        var pods = await _tide.Kubectl($"get pods -n {Namespace} -o jsonpath={{.items[*].metadata.name}}");
        Assert.Contains("basic-tikv-2", pods);
        Assert.DoesNotContain("basic-tikv-3", pods);
        Assert.DoesNotContain("basic-pd-1", pods);
    }

    [ProgramFact("kubectl")]
    public async Task Fewer_stores_than_replicas_of_a_region_are_refused_with_the_numbers()
    {
        const string ns = "too-few";
        await _tide.Create(ns, Manifests.Full);
        await _tide.Kubectl(
            $"patch -n {ns} tc/basic --type merge -p {{\"spec\":{{\"tikv\":{{\"replicas\":2}}}}}}");
        await _tide.Kubectl($"wait -n {ns} tc/basic --timeout=30s "
            + "--for=jsonpath={.status.conditions[?(@.type==\"Progressing\")].reason}=ScaleInRefused");
        Assert.Contains("PD keeps 3 replicas of every region", await _tide.Tide("why", "basic", "-n", ns));
    }

    private Task<string> Patch(string patch) =>
        _tide.Kubectl($"patch -n {Namespace} tc/basic --type merge -p {patch}");

    private Task<string> Until(string path, string value) =>
        _tide.Kubectl($"wait -n {Namespace} tc/basic --timeout=90s --for=jsonpath={path}={value}");

    /// <summary>Ready, for the generation that the last change made.</summary>
    private async Task Ready()
    {
        var generation = await _tide.Kubectl($"get tc -n {Namespace} basic -o jsonpath={{.metadata.generation}}");
        await Until("{.status.observedGeneration}", generation.Trim());
        await _tide.Kubectl($"wait -n {Namespace} tc/basic --timeout=90s --for=condition=Ready");
    }
}
