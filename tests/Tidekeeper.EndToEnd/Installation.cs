using Tidekeeper.EndToEnd.Rights;

namespace Tidekeeper.EndToEnd;

/// <summary>The operator in a real control plane: as users install it, and what it asked for in a test.</summary>
internal static class Installation
{
    public const string Namespace = "tidekeeper-system";

    /// <summary>
    /// With one replica, so that a test knows which process works; without a claim on processors, which the pods of
    /// the tests' databases have not either: on a busy machine it would get fifty times what they get.
    /// </summary>
    public static Task<string> Helm(string kubeConfigFile) => Charts.Helm.On(kubeConfigFile,
        $"install tidekeeper {Charts.Helm.Chart("tidekeeper")} --namespace {Namespace} --create-namespace --wait "
        + "--timeout 80s --set replicas=1 --set resources.requests.cpu=0");

    /// <summary>
    /// Nothing that it asked for was refused; what it used is noted for <see cref="UsedRightsTests"/>, which is asked
    /// when all tests of a world have run.
    /// </summary>
    public static async Task Audit(ControlPlane plane)
    {
        var audit = AuditLog.Read(plane.AuditFile, $"{Namespace}:tidekeeper", plane.Away);
        await UsedRightsTests.Note(audit);
        var living = await plane.Kubectl(
            "get namespaces --field-selector=status.phase=Active -o jsonpath={.items[*].metadata.name}");
        var going = audit.Requests.Select(one => one.Namespace).Except(living.Split(' '), StringComparer.Ordinal);
        Assert.Equal("", string.Join('\n', audit.Refused([.. going])));
    }
}
