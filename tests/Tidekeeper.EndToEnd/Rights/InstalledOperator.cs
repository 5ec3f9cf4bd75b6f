using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Tidekeeper.EndToEnd.Charts;

namespace Tidekeeper.EndToEnd.Rights;

/// <summary>
/// The chart's operator on a control plane without nodes: what helm has installed stays Pending there, so a process of
/// this test runs in its place, with the flags of the chart and the token of its account.
/// </summary>
internal sealed class InstalledOperator : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private InstalledOperator(Process process, string authority)
    {
        _process = process;
        AuthorityFile = authority;
        process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Log => string.Join('\n', _log);

    /// <summary>The certificate that it trusts, in a file of its own as in a pod.</summary>
    public string AuthorityFile { get; }

    /// <summary>helm installs the chart's defaults beside a definition that is there, or comes later.</summary>
    /// <param name="server">As for <see cref="Start"/>.</param>
    public static async Task<InstalledOperator> Install(ControlPlane plane, string folder, Uri? server = null)
    {
        await Helm.On(plane, $"install tidekeeper {Helm.Chart("tidekeeper")} --namespace {Installation.Namespace} "
            + "--create-namespace --set crds.install=false");
        return await Start(plane, Installation.Namespace, "tidekeeper", folder, server);
    }

    /// <param name="server">Where it finds the API; null: at the control plane itself.</param>
    public static async Task<InstalledOperator> Start(
        ControlPlane plane, string ns, string release, string folder, Uri? server = null)
    {
        var deployment = JsonNode.Parse(await plane.Kubectl($"-n {ns} get deployment {release} -o json"))!;
        var pod = deployment["spec"]!["template"]!["spec"]!;
        var account = (string)pod["serviceAccountName"]!;
        var token = (await plane.Kubectl($"-n {ns} create token {account}")).Trim();
        var access = await File.ReadAllTextAsync(plane.KubeConfigFile);
        var own = Path.Combine(folder, $"{ns}-{release}.kubeconfig");
        var authority = Path.Combine(folder, $"{ns}-{release}.crt");
        File.Copy(plane.AuthorityFile, authority);
        if (server is not null)
        {
            var real = (await plane.Kubectl("config view -o jsonpath={.clusters[0].cluster.server}")).Trim();
            access = access.Replace(real, server.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(own, string.Join('\n', access.Split('\n').Select(line =>
            line.StartsWith("users:", StringComparison.Ordinal)
                ? $"users: [{{name: admin, user: {{token: {token}}}}}]"
                : line)).Replace(plane.AuthorityFile, authority, StringComparison.Ordinal));
        var arguments = pod["containers"]![0]!["args"]!.AsArray().Select(one => (string)one!)
            .Where(one => !one.StartsWith("--port=", StringComparison.Ordinal));
        return new(Client.Start("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "tidekeeper-operator.dll"), .. arguments, "--port=0",
                "--address=127.0.0.1"],
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["KUBECONFIG"] = own,
                ["POD_NAMESPACE"] = ns,
                ["HOSTNAME"] = $"{release}-of-this-test",
            }), authority);
    }

    /// <summary>Waits until its log holds the text.</summary>
    public async Task Says(string text)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!Log.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(60),
                $"the operator does not say '{text}':\n{Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    /// <summary>Ends it as Kubernetes does, and waits until it has given its lease back.</summary>
    public async Task Stop()
    {
        if (_process.HasExited)
            return;
        await Client.Try("kill", ["-TERM", $"{_process.Id}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await _process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
