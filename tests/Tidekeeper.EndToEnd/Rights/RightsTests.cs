using System.Text.Json.Nodes;
using Tidekeeper.EndToEnd.Charts;

namespace Tidekeeper.EndToEnd.Rights;

/// <summary>
/// docs/rights.md under the real authorizer, both ways: nothing that the operator asks for is refused, and (as far as
/// that shows without nodes) nothing that it may do is idle.
/// </summary>
public sealed class RightsTests(StrictControlPlane plane) : IClassFixture<StrictControlPlane>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-rights-").FullName;

    private InstalledOperator? _running;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [HelmOnControlPlaneTheory]
    [InlineData("all", "--set crds.install=false")]
    [InlineData("some", "--set crds.install=false --set clusterScoped=false --set namespaces={some-clusters}")]
    public async Task A_cluster_comes_changes_and_goes_without_a_refusal(string mode, string options)
    {
        var home = $"{mode}-home";
        var ns = $"{mode}-clusters";
        await plane.Kubectl($"create namespace {ns}");
        await Helm.On(plane, $"install tidekeeper {Helm.Chart("tidekeeper")} -n {home} --create-namespace {options}");
        await using var running = _running = await InstalledOperator.Start(plane, home, "tidekeeper", _folder);
        await plane.Kubectl($"apply -n {ns} -f examples/tidb/basic.yaml");
        await Eventually(ns, $"get {Kinds} -o name", "statefulset.apps/basic-pd");
        await Eventually(ns, "get tc basic -o jsonpath={.status.observedGeneration}", "1");
        await plane.Kubectl($"-n {ns} patch tc basic --type merge -p "
            + """{"spec":{"pd":{"config":"[log]\nlevel=\"warn\"\n"}}}""");
        await Eventually(ns, "get tc basic -o jsonpath={.status.observedGeneration}", "2");
        // What has lost the label is seen no more: it is found by name, and gets the label back.
        const string mine = "app.kubernetes.io/instance=basic";
        await plane.Kubectl($"-n {ns} label {Kinds},cm -l {mine} app.kubernetes.io/managed-by-");
        await Gone(ns, $"get {Kinds} -l {mine},app.kubernetes.io/managed-by!=tidb-operator -o name");
        await plane.Kubectl($"-n {ns} patch tc basic --type merge -p " + """{"spec":{"tidb":null}}""");
        await Gone(ns, $"get svc,cm -l {mine},app.kubernetes.io/component=tidb -o name");
        await plane.Kubectl($"-n {ns} patch tc basic --type merge -p "
            + """{"spec":{"suspendAction":{"suspendStatefulSet":true}}}""");
        await Gone(ns, "get sts -o name");
        await plane.Kubectl($"-n {ns} delete tc basic --wait=false");
        await Gone(ns, "get tc -o name");
        await running.Stop();

        var audit = AuditLog.Read(plane.AuditFile, $"{home}:tidekeeper");
        await UsedRightsTests.Note(audit);
        Assert.True(audit.Refused().Count == 0, string.Join('\n', audit.Refused()) + "\n" + running.Log);
        var idle = audit.Idle(await Granted(mode, home, ns));
        Assert.Equal("", string.Join('\n', idle.Where(one => !IsIndirect(one)).Select(one => $"{one}")
            .Except(OnlyWithNodes, StringComparer.Ordinal)));
    }

    /// <summary>
    /// What needs pods that run, the same Event twice, or budgets, which this release does not serve.
    /// </summary>
    private static readonly string[] OnlyWithNodes =
    [
        "get pods of ''", "delete pods of ''", "patch pods of ''", "get persistentvolumeclaims of ''",
        "patch persistentvolumeclaims of ''", "delete persistentvolumeclaims of ''", "patch events of ''",
        .. new[] { "create", "delete", "get", "list", "patch", "watch" }
            .Select(verb => $"{verb} poddisruptionbudgets of 'policy'"),
    ];

    // No request of the operator's own: the API server asks when it judges another one.
    private static bool IsIndirect(Grant grant) => Operator.Rights.All.Any(right => right.IsIndirect
        && right.Group == grant.Group && right.Resource == grant.Resource
        && right.Verbs.Contains(grant.Verb, StringComparer.Ordinal));

    private const string Kinds = "sts,deploy,svc,role,rolebinding,sa";

    private async Task<IEnumerable<Grant>> Granted(string mode, string home, string ns)
    {
        string[] roles = mode == "all"
            ? [$"get clusterrole tidekeeper:clusters {home}:tidekeeper:nodes", $"-n {home} get role tidekeeper-lease"]
            : [$"-n {ns} get role tidekeeper-clusters", $"-n {home} get role tidekeeper-lease"];
        var granted = new List<Grant>();
        foreach (var role in roles)
        {
            var said = JsonNode.Parse(await plane.Kubectl($"{role} -o json"))!;
            granted.AddRange((said["items"]?.AsArray() ?? [said.DeepClone()]).SelectMany(one => Grants.Of(one!)));
        }

        return granted;
    }

    private Task Eventually(string ns, string question, string answer) =>
        Until(ns, question, said => said.Contains(answer, StringComparison.Ordinal), answer);

    private Task Gone(string ns, string question) => Until(ns, question, said => said.Trim().Length == 0, "nothing");

    private async Task Until(string ns, string question, Func<string, bool> isIt, string wanted)
    {
        var said = "";
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30))
        {
            said = await plane.Kubectl($"-n {ns} {question}");
            if (isIt(said))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }

        Assert.Fail($"{question}: not '{wanted}' but '{said}'\n{_running?.Log}");
    }
}
