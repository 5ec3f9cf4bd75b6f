using System.Text.Json.Nodes;

namespace Tidekeeper.EndToEnd.Charts;

/// <summary>The life of a release on a real API server, by real helm.</summary>
public sealed class InstallTests(ControlPlane plane) : IClassFixture<ControlPlane>, IDisposable
{
    private const string Definition = "tidbclusters.pingcap.com";
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-charts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [HelmOnControlPlaneFact]
    public async Task An_old_release_is_upgraded_with_its_definition_and_leaves_clusters_and_volumes_when_it_goes()
    {
        await plane.Kubectl($"delete crd {Definition}");
        await Helm.On(plane, $"install tidekeeper {await OldChart()} -n upgraded --create-namespace");
        Assert.DoesNotContain("breaker", await Fields(), StringComparison.Ordinal);
        await plane.Kubectl($"wait --for=condition=Established crd/{Definition} --timeout=30s");
        await Helm.On(plane, $"install basic {Helm.Chart("tidb-cluster")} -n shop --create-namespace");
        await plane.Kubectl("create -n shop -f tests/Tidekeeper.EndToEnd/Charts/claim.yaml");
        var before = await Identity();

        await Helm.On(plane, $"upgrade tidekeeper {Helm.Chart("tidekeeper")} -n upgraded");
        Assert.Contains("breaker", await Fields(), StringComparison.Ordinal);
        Assert.EndsWith($"operator:{await Version()}",
            await plane.Kubectl("-n upgraded get deploy tidekeeper -o jsonpath={..containers[0].image}"));
        Assert.Equal(before, await Identity());

        var said = await Helm.On(plane, "uninstall tidekeeper -n upgraded");
        Assert.Contains($"[CustomResourceDefinition] {Definition}", said, StringComparison.Ordinal);
        Assert.Equal(before, await Identity());
        Assert.Equal("", await plane.Kubectl("get clusterrole,clusterrolebinding -o name "
            + "-l app.kubernetes.io/name=tidekeeper"));

        // Whoever installs again takes the definition over, with everything of its kind.
        await Helm.On(plane, $"install tidekeeper {Helm.Chart("tidekeeper")} -n upgraded");
        Assert.Equal(before, await Identity());
        await Helm.On(plane, "uninstall basic -n shop");
        Assert.Contains("pd-basic-pd-0", await plane.Kubectl("-n shop get pvc -o name"), StringComparison.Ordinal);
        await Helm.On(plane, "uninstall tidekeeper -n upgraded");
    }

    [HelmOnControlPlaneFact]
    public async Task For_some_namespaces_there_is_no_cluster_role_and_two_releases_do_not_meet()
    {
        await plane.Kubectl("create namespace one");
        await plane.Kubectl("create namespace two");
        foreach (var ns in (string[])["one", "two"])
            await Helm.On(plane, $"install tidekeeper {Helm.Chart("tidekeeper")} -n {ns} --set clusterScoped=false "
                + "--set crds.install=false");
        Assert.Equal("", await plane.Kubectl("get clusterrole,clusterrolebinding -o name "
            + "-l app.kubernetes.io/name=tidekeeper"));
        foreach (var (asked, answer) in new[] { ("one", "yes"), ("two", "no"), ("default", "no") })
        {
            var said = await Client.Try("kubectl", ["--kubeconfig", plane.KubeConfigFile, "auth", "can-i", "delete",
                "pods", "-n", asked, "--as=system:serviceaccount:one:tidekeeper"]);
            Assert.Equal(answer, said.Output.Trim());
        }

        foreach (var ns in (string[])["one", "two"])
            await Helm.On(plane, $"uninstall tidekeeper -n {ns}");
    }

    [HelmOnControlPlaneTheory]
    [InlineData("everywhere", "", "ClusterRole \"tidekeeper:clusters\" in namespace \"\" exists")]
    [InlineData("here", "--set clusterScoped=false --set namespaces={operated}",
        "Role \"tidekeeper-clusters\" in namespace \"operated\" exists")]
    public async Task A_second_operator_of_the_same_namespaces_is_refused_and_the_first_one_named(
        string release, string options, string message)
    {
        await plane.Kubectl("create namespace operated");
        options = $"{options} --set crds.install=false".Trim();
        var chart = $"{Helm.Chart("tidekeeper")} --create-namespace {options}";
        await Helm.On(plane, $"install first-{release} {chart} -n home");
        var second = $"install second-{release} {chart} -n elsewhere";
        var said = await Helm.TryOn(plane, second);
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains(message, said.All, StringComparison.Ordinal);
        Assert.Contains($"current value is \"first-{release}\"", said.All, StringComparison.Ordinal);

        await Helm.On(plane, $"uninstall first-{release} -n home");
        await Helm.On(plane, second);
        await Helm.On(plane, $"uninstall second-{release} -n elsewhere");
        await plane.Kubectl("delete namespace operated");
    }

    [HelmOnControlPlaneFact]
    public async Task The_plain_manifest_is_created_but_for_what_this_server_does_not_serve()
    {
        var said = await Client.Try("kubectl", ["--kubeconfig", plane.KubeConfigFile, "create", "--validate=false",
            "-f", Path.Combine(ControlPlane.Repository, "deploy", "tidekeeper.yaml")]);
        var complaints = said.Error.Split('\n').Where(line => line.Length > 0
            && !line.Contains("PodDisruptionBudget", StringComparison.Ordinal)
            && !line.Contains("ensure CRDs are installed first", StringComparison.Ordinal)
            // The fixture has installed it before.
            && !line.Contains($"\"{Definition}\" already exists", StringComparison.Ordinal));
        Assert.Equal("", string.Join('\n', complaints));
        await plane.Kubectl("-n tidekeeper-system get deployment tidekeeper");
        await plane.Kubectl("delete namespace tidekeeper-system --wait=false");
        await plane.Kubectl("delete clusterrole,clusterrolebinding -l app.kubernetes.io/instance=tidekeeper");
    }

    /// <summary>The chart as it was, with an earlier definition: it lacks a field that this one has.</summary>
    private async Task<string> OldChart()
    {
        var old = Path.Combine(_folder, "old");
        var copied = await Client.Try("cp", ["-r", Helm.Chart("tidekeeper"), old]);
        Assert.True(copied.ExitCode == 0, copied.All);
        foreach (var (file, from, to) in new[]
                 {
                     ("Chart.yaml", $"ersion: {await Version()}", "ersion: 0.0.1"),
                     ("files/crds/pingcap.com_tidbclusters.yaml", "              breaker:", "              fuse:"),
                 })
        {
            var path = Path.Combine(old, file);
            var text = await File.ReadAllTextAsync(path);
            Assert.Contains(from, text, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
        }

        return old;
    }

    private static async Task<string> Version() =>
        (await File.ReadAllLinesAsync(Path.Combine(Helm.Chart("tidekeeper"), "Chart.yaml")))
        .Single(line => line.StartsWith("version: ", StringComparison.Ordinal))["version: ".Length..];

    private async Task<string> Fields()
    {
        var crd = JsonNode.Parse(await plane.Kubectl($"get crd {Definition} -o json"))!;
        var spec = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!;
        return string.Join(' ', spec.AsObject().Select(field => field.Key));
    }

    /// <summary>Of the cluster and of its volume.</summary>
    private Task<string> Identity() =>
        plane.Kubectl("-n shop get tc,pvc -o jsonpath={.items[*].metadata.uid}");
}
