using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Kube.Http;

/// <summary>How a kubeconfig tells to obtain credentials from a program.</summary>
/// <param name="ApiVersion"><c>client.authentication.k8s.io/v1</c> or <c>v1beta1</c>.</param>
/// <param name="Origin">File and field, for errors.</param>
public sealed record ExecPlugin(string ApiVersion, string Command, IReadOnlyList<string> Arguments, string Origin)
{
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];
    public string InstallHint { get; init; } = "";

    /// <summary>Told to the program when the kubeconfig says <c>provideClusterInfo</c>; else null.</summary>
    public JsonObject? Cluster { get; init; }
}

/// <summary>Runs an exec plug-in and keeps what it printed until that expires.</summary>
public sealed class ExecCredentials(ExecPlugin plugin, TimeProvider time) : ICredentials, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _one = new(1, 1);
    private Credential? _kept;

    /// <summary>What a plug-in printed. A null expiry means: until the server refuses it.</summary>
    public sealed record Credential(
        string? Token, string? CertificatePem, string? KeyPem, DateTimeOffset? Expires);

    public async Task<string?> Authorization(CancellationToken cancel) =>
        (await Obtain(cancel)).Token is { } token ? $"Bearer {token}" : null;

    public bool Discard()
    {
        _kept = null;
        return true;
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The credential, from memory or from a run of the program.</summary>
    public async Task<Credential> Obtain(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (_kept is { } kept && (kept.Expires is null || time.GetUtcNow() < kept.Expires))
                return kept;
            return _kept = Parse(await Run(cancel), plugin);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Reads an ExecCredential document.</summary>
    public static Credential Parse(string output, ExecPlugin plugin)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            var version = root.GetProperty("apiVersion").GetString();
            if (version != plugin.ApiVersion)
                throw new ConfigException(
                    $"{plugin.Origin}: {plugin.Command} answered with {version}, expected {plugin.ApiVersion}");
            var status = root.GetProperty("status");
            var expires = Text(status, "expirationTimestamp") is { } at
                ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : (DateTimeOffset?)null;
            var credential = new Credential(
                Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"), expires);
            return credential.Token is null && credential.CertificatePem is null
                ? throw new ConfigException($"{plugin.Origin}: {plugin.Command} gave neither a token nor a certificate")
                : credential;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException)
        {
            // The output is not shown: it may hold a secret.
            throw new ConfigException(
                $"{plugin.Origin}: what {plugin.Command} printed is no ExecCredential: {e.Message}", e);
        }
    }

    private async Task<string> Run(CancellationToken cancel)
    {
        using var process = Start();
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(both.Token);
            var errors = process.StandardError.ReadToEndAsync(both.Token);
            await process.WaitForExitAsync(both.Token);
            var printed = await output;
            var complaint = (await errors).Trim();
            return process.ExitCode == 0
                ? printed
                : throw new ConfigException(
                    $"{plugin.Origin}: {plugin.Command} ended with exit code {process.ExitCode}: {complaint}");
        }
        catch (OperationCanceledException) when (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            if (cancel.IsCancellationRequested)
                throw;
            throw new ConfigException($"{plugin.Origin}: {plugin.Command} did not end within {Limit.TotalSeconds:0} s");
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(plugin.Command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in plugin.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in plugin.Environment)
            start.Environment[name] = value;
        var spec = new JsonObject { ["interactive"] = false };
        if (plugin.Cluster is not null)
            spec["cluster"] = plugin.Cluster.DeepClone();
        start.Environment["KUBERNETES_EXEC_INFO"] = new JsonObject
        {
            ["apiVersion"] = plugin.ApiVersion,
            ["kind"] = "ExecCredential",
            ["spec"] = spec,
        }.ToJsonString();
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            var hint = plugin.InstallHint.Length > 0 ? $"\n{plugin.InstallHint}" : "";
            throw new ConfigException($"{plugin.Origin}: {plugin.Command} cannot be started: {e.Message}{hint}", e);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
