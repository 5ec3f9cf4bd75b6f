using Tidekeeper.EndToEnd.Charts;
using Tidekeeper.EndToEnd.Rights;

namespace Tidekeeper.EndToEnd.Faults;

/// <summary>
/// What the operator stands on is missing, old or replaced: it says so, and goes on by itself when that is mended.
/// </summary>
public sealed class FoundationTests : IAsyncLifetime
{
    private const string Definition = "deploy/crds/pingcap.com_tidbclusters.yaml";
    private const string Cluster = "examples/tidb/basic.yaml";
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-foundation-").FullName;
    private readonly ControlPlane _plane = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _plane.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [HelmOnControlPlaneFact]
    public async Task A_definition_that_is_missing_or_old_is_named_until_the_present_one_is_there()
    {
        await using var running = await Install();
        await running.Says("install its CRD: tide crd | kubectl create --validate=false -f -");

        await _plane.Define(await OtherDefinition());
        await running.Says("newer than this operator, which does nothing with spec.fuse; upgrade the operator");
        await running.Says("older than this operator: the API server drops spec.breaker; install the present one: "
            + "tide crd | kubectl replace --validate=false -f -");
        await _plane.Kubectl($"create -f {Cluster}");
        await _plane.Kubectl("wait tc/basic --for=condition=FullySupported=false --timeout=30s");
        Assert.Contains("the API server drops spec.breaker", await Supported());
        // It works all the same.
        await _plane.Kubectl("wait sts/basic-pd --for=jsonpath={.spec.replicas}=3 --timeout=30s");

        await _plane.Kubectl($"replace --validate=false -f {Definition}");
        await _plane.Kubectl("wait tc/basic --for=condition=FullySupported --timeout=60s");
        Assert.Equal("every field of the spec is acted upon", await Supported());
    }

    [HelmOnControlPlaneFact]
    public async Task A_certificate_of_another_authority_is_not_believed_until_the_file_says_so()
    {
        await using var running = await Install();
        await _plane.Define(Definition);
        await _plane.Kubectl($"create -f {Cluster}");
        await Observed(1);

        await _plane.RenewCertificates();
        await running.Says("is not of the authority that is given for it");
        await _plane.Kubectl("""patch tc/basic --type=merge -p {"spec":{"configUpdateStrategy":"InPlace"}}""");
        File.Copy(_plane.AuthorityFile, running.AuthorityFile, overwrite: true);
        await Observed(2);
    }

    private async Task<InstalledOperator> Install()
    {
        await _plane.Start();
        return await InstalledOperator.Install(_plane, _folder);
    }

    private Task<string> Supported() => _plane.Kubectl(
        "get tc/basic -o jsonpath={.status.conditions[?(@.type==\"FullySupported\")].message}");

    private Task Observed(int generation) => _plane.Kubectl(
        $"wait tc/basic --for=jsonpath={{.status.observedGeneration}}={generation} --timeout=90s");

    /// <summary>One that lacks a field of today's and has one that today's has not.</summary>
    private async Task<string> OtherDefinition()
    {
        const string field = "              breaker:\n";
        var text = await File.ReadAllTextAsync(Path.Combine(ControlPlane.Repository, Definition));
        // That of the spec comes before that of the status.
        var at = text.IndexOf(field, StringComparison.Ordinal);
        Assert.True(at > 0);
        var file = Path.Combine(_folder, "other.yaml");
        await File.WriteAllTextAsync(file, $"{text[..at]}              fuse:\n{text[(at + field.Length)..]}");
        return file;
    }
}
