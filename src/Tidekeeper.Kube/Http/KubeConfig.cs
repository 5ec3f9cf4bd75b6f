using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Tidekeeper.Kube.Http;

/// <summary>How to reach a cluster: endpoint, credentials, and the namespace to use when none is named.</summary>
public sealed record KubeAccess(KubeEndpoint Endpoint, ICredentials Credentials, string Namespace)
{
    /// <summary>Where this came from, for the log: a context's name or "in-cluster".</summary>
    public string Origin { get; init; } = "";

    /// <summary>
    /// As kubectl finds it: the named file, else KUBECONFIG, else the service account of the pod we run in, else
    /// <c>~/.kube/config</c>.
    /// </summary>
    public static async Task<KubeAccess> Find(
        string? file, string? context, TimeProvider time, CancellationToken cancel)
    {
        var paths = file ?? Environment.GetEnvironmentVariable("KUBECONFIG");
        if (string.IsNullOrEmpty(paths) && InClusterConfig.IsInCluster)
            return InClusterConfig.Read(time);
        if (string.IsNullOrEmpty(paths))
            paths = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return await KubeConfig.Load(paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .Access(context, time, cancel);
    }
}

/// <summary>
/// One or several kubeconfig files, merged as kubectl merges them: for each name the first file that has it wins, and
/// so does the first current-context.
/// </summary>
public sealed class KubeConfig
{
    private readonly SortedDictionary<string, YamlSection> _clusters = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, YamlSection> _users = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, YamlSection> _contexts = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];

    public string CurrentContext { get; private set; } = "";

    public IReadOnlyCollection<string> Contexts => _contexts.Keys;

    /// <summary>Reads files; of several, those that do not exist are skipped, as kubectl does.</summary>
    public static KubeConfig Load(IReadOnlyList<string> paths)
    {
        var config = new KubeConfig();
        foreach (var path in paths)
        {
            if (!File.Exists(path))
            {
                if (paths.Count == 1)
                    throw new ConfigException($"{path}: there is no such kubeconfig file");
                continue;
            }

            config.Add(path, File.ReadAllText(path));
        }

        return config;
    }

    /// <summary>Adds one file's text; relative paths in it are relative to the file.</summary>
    public void Add(string path, string text)
    {
        _files.Add(path);
        var root = YamlSection.Parse(path, text);
        if (CurrentContext.Length == 0)
            CurrentContext = root.Text("current-context") ?? "";
        Collect(root, "clusters", "cluster", _clusters);
        Collect(root, "users", "user", _users);
        Collect(root, "contexts", "context", _contexts);
    }

    /// <summary>The access that a context describes; the current one when null.</summary>
    public async Task<KubeAccess> Access(string? contextName, TimeProvider time, CancellationToken cancel)
    {
        var name = contextName ?? CurrentContext;
        var files = string.Join(", ", _files);
        if (name.Length == 0)
            throw new ConfigException(
                $"{files}: current-context is not set; name one of: {string.Join(", ", Contexts)}");
        var context = Find(_contexts, name, "context", files);
        var cluster = Find(_clusters, context.Required("cluster"), "cluster", context.Origin);
        var user = context.Text("user") is { Length: > 0 } userName
            ? Find(_users, userName, "user", context.Origin)
            : null;

        var endpoint = Endpoint(cluster);
        var (credentials, certificate) = user is null
            ? (new NoCredentials(), null)
            : await Credentials(user, cluster, time, cancel);
        var ns = context.Text("namespace") ?? "default";
        endpoint = endpoint with { ClientCertificate = certificate, Renewed = () => Load(_files).Renewed(name) };
        return new(endpoint, credentials, ns)
        {
            Origin = $"context {name} of {files}",
        };
    }

    /// <summary>The certificates of a context alone, without running anybody's plug-in for them.</summary>
    private KubeEndpoint Renewed(string contextName)
    {
        var files = string.Join(", ", _files);
        var context = Find(_contexts, contextName, "context", files);
        var user = context.Text("user") is { Length: > 0 } name ? Find(_users, name, "user", context.Origin) : null;
        return Endpoint(Find(_clusters, context.Required("cluster"), "cluster", context.Origin)) with
        {
            ClientCertificate = user is null ? null : Certificate(user),
        };
    }

    private static void Collect(YamlSection root, string list, string field, SortedDictionary<string, YamlSection> into)
    {
        foreach (var item in root.List(list))
            if (item.Section(field) is { } section)
                into.TryAdd(item.Required("name"), section);
    }

    private static YamlSection Find(
        SortedDictionary<string, YamlSection> among, string name, string what, string where) =>
        among.TryGetValue(name, out var section)
            ? section
            : throw new ConfigException($"{where}: there is no {what} named '{name}'; there are: "
                + (among.Count == 0 ? "none" : string.Join(", ", among.Keys)));

    private static KubeEndpoint Endpoint(YamlSection cluster)
    {
        var server = cluster.Required("server");
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ConfigException($"{cluster.Origin}.server: '{server}' is no http or https URL");
        X509Certificate2Collection? authorities = null;
        if (cluster.DataOrFile("certificate-authority") is { } pem)
        {
            authorities = [];
            authorities.ImportFromPem(pem);
            if (authorities.Count == 0)
                throw new ConfigException($"{cluster.Origin}.certificate-authority: holds no PEM certificate");
        }

        var proxy = cluster.Text("proxy-url");
        return new(uri)
        {
            Authorities = authorities,
            SkipVerify = cluster.Flag("insecure-skip-tls-verify"),
            ServerName = cluster.Text("tls-server-name"),
            Proxy = string.IsNullOrEmpty(proxy) ? null : new Uri(proxy),
        };
    }

    private static async Task<(ICredentials, X509Certificate2?)> Credentials(
        YamlSection user, YamlSection cluster, TimeProvider time, CancellationToken cancel)
    {
        var certificate = Certificate(user);
        // The order is kubectl's: a token file wins over a token, either over a password, all over a plug-in.
        if (user.Path("tokenFile") is { } tokenFile)
            return (new TokenFile(tokenFile, time), certificate);
        if (user.Text("token") is { Length: > 0 } token)
            return (FixedCredentials.Bearer(token), certificate);
        if (user.Text("username") is { Length: > 0 } name)
            return (FixedCredentials.Basic(name, user.Text("password") ?? ""), certificate);
        if (user.Section("auth-provider") is { } provider)
            throw new ConfigException(
                $"{provider.Origin}: auth-provider was removed from Kubernetes; use exec instead");
        if (user.Section("exec") is not { } exec)
            return (new NoCredentials(), certificate);

        var credentials = new ExecCredentials(Plugin(exec, cluster), time);
        // A certificate belongs to the connection, so it is needed before the first request.
        var first = await credentials.Obtain(cancel);
        if (first is { CertificatePem: { } own, KeyPem: { } ownKey })
            certificate = Pair(own, ownKey, exec.Origin);
        return (credentials, certificate);
    }

    private static X509Certificate2? Certificate(YamlSection user)
    {
        if (user.DataOrFile("client-certificate") is not { } pem)
            return null;
        var key = user.DataOrFile("client-key")
            ?? throw new ConfigException($"{user.Origin}.client-key: is missing beside client-certificate");
        return Pair(pem, key, user.Origin);
    }

    private static ExecPlugin Plugin(YamlSection exec, YamlSection cluster)
    {
        var version = exec.Required("apiVersion");
        if (version is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
            throw new ConfigException($"{exec.Origin}.apiVersion: '{version}' is not supported; "
                + "use client.authentication.k8s.io/v1 or v1beta1");
        return new(version, exec.Command("command"), exec.Texts("args"), exec.Origin)
        {
            Environment = [.. exec.List("env").Select(e => (e.Required("name"), e.Text("value") ?? ""))],
            InstallHint = exec.Text("installHint") ?? "",
            Cluster = exec.Flag("provideClusterInfo")
                ? new JsonObject
                {
                    ["server"] = cluster.Required("server"),
                    ["certificate-authority-data"] = cluster.Text("certificate-authority-data"),
                    ["insecure-skip-tls-verify"] = cluster.Flag("insecure-skip-tls-verify"),
                }
                : null,
        };
    }

    private static X509Certificate2 Pair(string certificate, string key, string origin)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            // Some platforms cannot use a key that lives in memory only for TLS.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException e)
        {
            throw new ConfigException($"{origin}: client certificate and key do not form a pair: {e.Message}", e);
        }
    }
}
