namespace Tidekeeper.EndToEnd;

/// <summary>How the operator comes into a real control plane: as users install it.</summary>
internal static class Installation
{
    public const string Namespace = "tidekeeper-system";

    /// <summary>With one replica, so that a test knows which process works.</summary>
    public static async Task Helm(string kubeconfig, params string[] options)
    {
        var said = await Client.Try(
            "helm",
            ["install", "tidekeeper", Path.Combine(EndToEnd.ControlPlane.Repository, "charts", "tidekeeper"),
             "--kubeconfig", kubeconfig, "--namespace", Namespace, "--create-namespace", "--wait", "--timeout", "80s",
             "--set", "replicas=1", .. options]);
        Assert.True(said.ExitCode == 0, said.All);
    }
}
