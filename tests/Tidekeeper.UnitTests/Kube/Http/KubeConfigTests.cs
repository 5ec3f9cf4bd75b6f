using Tidekeeper.Kube.Http;

namespace Tidekeeper.UnitTests.Kube.Http;

public sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubeconfig").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Two = """
        current-context: one
        contexts:
        - {name: one, context: {cluster: c1, user: u1, namespace: shop}}
        - {name: two, context: {cluster: c2, user: u2}}
        clusters:
        - {name: c1, cluster: {server: "https://one:6443/", tls-server-name: inside, insecure-skip-tls-verify: true}}
        - {name: c2, cluster: {server: "http://two:8080"}}
        users:
        - {name: u1, user: {token: secret}}
        - {name: u2, user: {username: me, password: word}}
        """;

    private static async Task<string> Print(KubeConfig config, string? context = null)
    {
        var access = await config.Access(context, TimeProvider.System, CancellationToken.None);
        var endpoint = access.Endpoint;
        return $"{endpoint.Server} {access.Namespace} {await access.Credentials.Authorization(default)} "
            + $"{endpoint.ServerName} {endpoint.SkipVerify}";
    }

    private static KubeConfig Of(string text)
    {
        var config = new KubeConfig();
        config.Add("/home/me/config", text);
        return config;
    }

    private static async Task<string> Error(string text, string? context = null) =>
        (await Assert.ThrowsAsync<ConfigException>(() => Print(Of(text), context))).Message;

    [Fact]
    public async Task The_current_context_says_where_and_who() =>
        Assert.Equal("https://one:6443/ shop Bearer secret inside True", await Print(Of(Two)));

    [Fact]
    public async Task Another_context_can_be_named() =>
        Assert.Equal("http://two:8080/ default Basic bWU6d29yZA==  False", await Print(Of(Two), "two"));

    [Fact]
    public async Task Of_several_files_the_first_that_has_a_name_wins()
    {
        var config = Of("clusters: [{name: c1, cluster: {server: 'http://first'}}]");
        config.Add("/home/me/other", Two);
        Assert.StartsWith("http://first/ shop", await Print(config));
    }

    [Fact]
    public async Task A_token_file_is_relative_to_the_kubeconfig()
    {
        File.WriteAllText(Path.Combine(_folder, "token"), "from-file\n");
        File.WriteAllText(Path.Combine(_folder, "config"), Two.Replace("token: secret", "tokenFile: token"));
        Assert.Contains("Bearer from-file", await Print(KubeConfig.Load([Path.Combine(_folder, "config")])));
    }

    [Fact]
    public void Files_that_do_not_exist_are_skipped_when_there_are_several()
    {
        var path = Path.Combine(_folder, "config");
        File.WriteAllText(path, Two);
        Assert.Equal("one", KubeConfig.Load([Path.Combine(_folder, "none"), path]).CurrentContext);
        Assert.Throws<ConfigException>(() => KubeConfig.Load([Path.Combine(_folder, "none")]));
    }

    [Fact]
    public async Task An_unknown_context_is_answered_with_those_that_there_are() =>
        Assert.Equal("/home/me/config: there is no context named 'three'; there are: one, two",
            await Error(Two, "three"));

    [Fact]
    public async Task A_missing_server_is_named_by_file_and_field() =>
        Assert.Equal("/home/me/config: clusters[0].cluster.server: is missing",
            await Error(Two.Replace("server: \"https://one:6443/\", ", "")));

    [Fact]
    public async Task Data_that_is_no_base64_is_named() =>
        Assert.Equal("/home/me/config: clusters[0].cluster.certificate-authority-data: is no base64",
            await Error(Two.Replace("tls-server-name: inside", "certificate-authority-data: '!'")));

    [Fact]
    public async Task A_removed_way_to_log_in_is_named() =>
        Assert.Contains("use exec instead", await Error(Two.Replace("token: secret", "auth-provider: {name: gcp}")));

    [Fact]
    public void What_is_no_yaml_is_named_with_its_line() =>
        Assert.StartsWith("/home/me/config: line 2: is no YAML",
            Assert.Throws<ConfigException>(() => Of("a: [")).Message);

    private string Script(string text)
    {
        var path = Path.Combine(_folder, "plugin");
        File.WriteAllText(path, "echo run >> \"$(dirname \"$0\")/runs\"\n" + text);
        return path;
    }

    private async Task<string> WithPlugin(string script)
    {
        var exec = $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, "
            + $"args: ['{Script(script)}', hello], env: [{{name: WHO, value: me}}]}}";
        File.WriteAllText(Path.Combine(_folder, "config"), Two.Replace("token: secret", exec));
        var access = await KubeConfig.Load([Path.Combine(_folder, "config")])
            .Access(null, TimeProvider.System, default);
        return $"{await access.Credentials.Authorization(default)} {await access.Credentials.Authorization(default)}";
    }

    private string Credential(string rest) =>
        """echo "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{REST}}" """
            .Replace("REST", rest.Replace("'", "\\\""));

    [Fact]
    public async Task A_plug_in_gets_arguments_and_environment_and_is_run_once()
    {
        Assert.Equal("Bearer me-hello Bearer me-hello", await WithPlugin(Credential("'token':'$WHO-$1'")));
        Assert.Single(File.ReadAllLines(Path.Combine(_folder, "runs")));
    }

    [Fact]
    public async Task A_credential_that_has_expired_is_obtained_anew()
    {
        await WithPlugin(Credential("'token':'t','expirationTimestamp':'2020-01-01T00:00:00Z'"));
        Assert.Equal(3, File.ReadAllLines(Path.Combine(_folder, "runs")).Length);
    }

    [Fact]
    public async Task A_plug_in_that_fails_is_quoted() =>
        Assert.EndsWith("ended with exit code 3: please log in",
            (await Assert.ThrowsAsync<ConfigException>(() => WithPlugin("echo please log in >&2; exit 3"))).Message);

    [Fact]
    public async Task What_a_plug_in_prints_never_shows_up_in_an_error() =>
        Assert.DoesNotContain("hunter2",
            (await Assert.ThrowsAsync<ConfigException>(() => WithPlugin("echo hunter2"))).Message);
}
