using System.Text.Json.Nodes;
using Tidekeeper.EndToEnd.Charts;
using Tidekeeper.EndToEnd.Rights;

namespace Tidekeeper.EndToEnd.Faults;

/// <summary>
/// Others have a say in a namespace: what they refuse is told in the cluster's condition in their own words, and made
/// by itself when they do not refuse it any more.
/// </summary>
public sealed class RefusalTests(OperatedControlPlane world) : IClassFixture<OperatedControlPlane>
{
    private readonly ControlPlane _plane = world.Plane;

    [HelmOnControlPlaneTheory]
    [InlineData("quota-of-pods", "quota.yaml", "exceeded quota: small, requested: pods=1")]
    [InlineData("limits", "limits.yaml", "kubectl describe statefulset basic-pd says what")]
    [InlineData("quota-of-maps", "quota-of-maps.yaml", "exceeded quota: small, requested: count/configmaps=1")]
    [InlineData("webhook", "webhook.yaml", "failed calling webhook \"guard.example.com\"")]
    public async Task Who_refuses_is_quoted_and_what_was_refused_is_made_when_nobody_does(
        string ns, string refuser, string words)
    {
        refuser = $"tests/Tidekeeper.EndToEnd/Faults/refusers/{refuser}";
        await _plane.Kubectl($"create namespace {ns}");
        await _plane.Kubectl($"label namespace {ns} guarded=");
        await _plane.Kubectl($"create -n {ns} -f {refuser}");
        await _plane.Kubectl($"create -n {ns} -f examples/tidb/basic.yaml");
        await Until(ns, status => Condition(status, "Progressing").Contains(words, StringComparison.Ordinal));
        Assert.False(await Exists(ns, "pod/basic-pd-0"));
        if (ns == "limits")
            Assert.Contains("minimum memory usage per Container is 64Gi", await Why(ns));

        await _plane.Kubectl($"delete -n {ns} -f {refuser}");
        await _plane.Kubectl($"wait -n {ns} pod/basic-pd-0 --for=create --timeout=90s");
        await Until(ns, status => !$"{status}".Contains(words, StringComparison.Ordinal));
    }

    [HelmOnControlPlaneFact]
    public async Task In_a_namespace_that_ends_nothing_is_made_any_more_and_nobody_is_asked_without_end()
    {
        await _plane.Kubectl("create namespace ending");
        await _plane.Kubectl("create -n ending -f examples/tidb/basic.yaml");
        await _plane.Kubectl("wait -n ending pod/basic-pd-0 --for=create --timeout=60s");
        const string patch = "patch -n ending tc/basic --type=merge -p";
        await _plane.Kubectl(patch + """ {"metadata":{"finalizers":["example.com/x"]}}""");
        await _plane.Kubectl("delete namespace ending --wait=false");
        await Until("ending", status => (string?)status["phase"] == "Deleting");

        var before = Asked().Count;
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.InRange(Asked().Count - before, 0, 10);
        Assert.Equal("", await _plane.Kubectl("get -n ending sts,deploy,svc -o name"));
        await _plane.Kubectl(patch + """ {"metadata":{"finalizers":null}}""");
        await _plane.Kubectl("wait namespace/ending --for=delete --timeout=60s");
        Assert.InRange(Asked().Count(one => one.Status == 403), 0, 10);

        List<AuditedRequest> Asked() => [.. AuditLog.Read(_plane.AuditFile, $"{Installation.Namespace}:tidekeeper")
            .Requests.Where(one => one.Namespace == "ending")];
    }

    [HelmOnControlPlaneFact]
    public async Task Who_asks_for_root_where_the_policy_lets_in_restricted_pods_only_is_told_why_it_gets_none()
    {
        await _plane.Kubectl("create namespace root");
        await _plane.Kubectl("create -n root -f examples/tidb/basic.yaml");
        await _plane.Kubectl("wait -n root pod/basic-pd-0 --for=create --timeout=60s");
        await _plane.Kubectl("""patch -n root tc/basic --type=merge -p """
            + """{"spec":{"pd":{"podSecurityContext":{"runAsUser":0,"runAsNonRoot":false}}}}""");
        // The operator restarts who does not serve; here nobody does.
        await Until("root", status => Condition(status, "Progressing").Contains(
            "kubectl describe statefulset basic-pd says what", StringComparison.Ordinal));
        var why = await Why("root");
        Assert.True(why.Contains("is forbidden: PodSecurityPolicy: unable to", StringComparison.Ordinal), why);

        await _plane.Kubectl("""patch -n root tc/basic --type=merge -p {"spec":{"pd":{"podSecurityContext":null}}}""");
        await _plane.Kubectl("wait -n root pod/basic-pd-0 --for=create --timeout=90s");
    }

    // Server-side apply of this release cannot do without the protocol, which nobody writes.
    [HelmOnControlPlaneFact]
    public async Task A_port_of_a_container_of_ones_own_needs_no_protocol()
    {
        await _plane.Kubectl("create namespace ports");
        await _plane.Kubectl("create -n ports -f tests/Tidekeeper.EndToEnd/Faults/port-without-protocol.yaml");
        await _plane.Kubectl("wait -n ports sts/basic-pd --for=create --timeout=30s");
        await _plane.Kubectl("""patch -n ports tc/basic --type=merge -p {"spec":{"pd":{"labels":{"a":"b"}}}}""");
        await _plane.Kubectl(
            "wait -n ports sts/basic-pd --for=jsonpath={.spec.template.metadata.labels.a}=b --timeout=30s");
    }

    private static string Condition(JsonNode status, string type) =>
        (string?)status["conditions"]?.AsArray().FirstOrDefault(one => (string?)one!["type"] == type)?["message"] ?? "";

    private async Task<string> Why(string ns)
    {
        var said = await Client.Try("dotnet", [Path.Combine(AppContext.BaseDirectory, "tide.dll"), "why", "basic", "-n",
            ns, "--kubeconfig", _plane.KubeConfigFile]);
        Assert.True(said.ExitCode == 0, said.All);
        return said.Output;
    }

    private async Task<bool> Exists(string ns, string what) =>
        (await _plane.TryKubectl($"get -n {ns} {what}")).ExitCode == 0;

    private async Task Until(string ns, Func<JsonNode, bool> holds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var status = JsonNode.Parse(await _plane.Kubectl($"get -n {ns} tc/basic -o json"))!["status"];
            if (status is not null && holds(status))
                return;
            if (TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(60))
                Assert.Fail($"{status}\n{world.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }
    }
}
