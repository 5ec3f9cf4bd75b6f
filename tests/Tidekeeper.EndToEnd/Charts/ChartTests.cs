namespace Tidekeeper.EndToEnd.Charts;

/// <summary>What the charts say, by real helm and without a server.</summary>
public sealed class ChartTests
{
    // Each of our charts says the same of all kinds; the definition is compared where it is made.
    private const string Golden = "tests/Tidekeeper.EndToEnd/Charts/golden";

    [ProgramTheory("helm")]
    [InlineData("tidekeeper")]
    [InlineData("tidb-cluster")]
    public async Task Helm_finds_nothing_against_a_chart(string chart) =>
        await Helm.Run("lint", "--strict", Helm.Chart(chart));

    [ProgramTheory("helm")]
    [InlineData("default", "tidekeeper", "--api-versions policy/v1")]
    [InlineData("without-policy-v1", "tidekeeper", "--kube-version 1.20.2")]
    [InlineData("some-namespaces", "tidekeeper", "--set clusterScoped=false --set namespaces={shop,bank}")]
    [InlineData("own-namespace", "tidekeeper", "--set clusterScoped=false --set readNodes=true --set replicas=1")]
    [InlineData("everything", "tidekeeper",
        "--api-versions monitoring.coreos.com/v1/ServiceMonitor -f everything.yaml")]
    [InlineData("cluster", "tidb-cluster", "--set spec.tikv.replicas=5 --set keep=true")]
    public async Task A_chart_is_rendered_as_before(string name, string chart, string options)
    {
        var folder = Path.Combine(ControlPlane.Repository, Golden);
        var said = await Helm.Run(["template", "release", Helm.Chart(chart), "--namespace", "home",
            .. chart == "tidekeeper" ? ["--set", "crds.install=false"] : Array.Empty<string>(),
            .. options.Split(' ').Select(one => one == "everything.yaml" ? Path.Combine(folder, one) : one)]);
        var file = Path.Combine(folder, $"{name}.golden.yaml");
        if (Environment.GetEnvironmentVariable("TIDEKEEPER_UPDATE") == "1")
            await File.WriteAllTextAsync(file, said);
        Assert.Equal(await File.ReadAllTextAsync(file), said);
    }

    [ProgramTheory("helm")]
    [InlineData("tidekeeper", "replica=3", "additional properties 'replica' not allowed")]
    [InlineData("tidekeeper", "replicas=many", "at '/replicas': got string, want integer")]
    [InlineData("tidekeeper", "image.tga=1", "at '/image': additional properties 'tga' not allowed")]
    [InlineData("tidekeeper", "image.tag=latest", "image.tag: latest is no version")]
    [InlineData("tidekeeper", "logFormat=xml", "at '/logFormat': value must be one of 'plain', 'json'")]
    [InlineData("tidekeeper", "failoverPeriods.tikv=soon", "at '/failoverPeriods/tikv': 'soon' does not match pattern")]
    [InlineData("tidekeeper", "namespaces={shop}", "namespaces: they are of no use with clusterScoped: true")]
    [InlineData("tidb-cluster", "spec.tikv.replicaz=3",
        "at '/spec/tikv': additional properties 'replicaz' not allowed")]
    [InlineData("tidb-cluster", "spec.pd.replicas=x", "at '/spec/pd/replicas': got string, want integer")]
    [InlineData("tidb-cluster", "spec.version=null", "spec.version: say which TiDB")]
    public async Task A_value_that_cannot_be_is_named(string chart, string value, string message)
    {
        var said = await Helm.Try("template", "release", Helm.Chart(chart), "--set", value);
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains(message, said.All, StringComparison.Ordinal);
    }

    [ProgramFact("helm")]
    public async Task The_plain_manifest_is_the_chart()
    {
        var said = await Client.Try("bash", [Path.Combine(ControlPlane.Repository, "eng", "deploy-manifest.sh")]);
        var file = Path.Combine(ControlPlane.Repository, "deploy", "tidekeeper.yaml");
        Assert.True(said.Output == await File.ReadAllTextAsync(file),
            "deploy/tidekeeper.yaml is not what the chart says; write it with: "
            + $"eng/deploy-manifest.sh >deploy/tidekeeper.yaml\n{said.Error}");
    }
}
