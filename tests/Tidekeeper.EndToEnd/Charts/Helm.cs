namespace Tidekeeper.EndToEnd.Charts;

/// <summary>The charts of this checkout, through real helm.</summary>
internal static class Helm
{
    public static string Chart(string name) => Path.Combine(ControlPlane.Repository, "charts", name);

    public static async Task<string> Run(params string[] arguments)
    {
        var said = await Try(arguments);
        Assert.True(said.ExitCode == 0, $"helm {string.Join(' ', arguments)}: {said.All}");
        return said.Output;
    }

    public static Task<Said> Try(params string[] arguments) => Client.Try("helm", arguments);

    /// <summary>On a control plane.</summary>
    public static Task<string> On(ControlPlane plane, string arguments) => On(plane.KubeConfigFile, arguments);

    public static Task<string> On(string kubeConfigFile, string arguments) =>
        Run([.. arguments.Split(' '), "--kubeconfig", kubeConfigFile]);

    public static Task<Said> TryOn(ControlPlane plane, string arguments) =>
        Try([.. arguments.Split(' '), "--kubeconfig", plane.KubeConfigFile]);
}

/// <summary>A test with helm on a real control plane; skipped where there is none of them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HelmOnControlPlaneFactAttribute : FactAttribute
{
    public HelmOnControlPlaneFactAttribute() =>
        Skip = ControlPlane.Missing ?? (Client.IsInstalled("helm") ? null : "helm is not installed");
}

/// <summary>The same for a test with a table.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HelmOnControlPlaneTheoryAttribute : TheoryAttribute
{
    public HelmOnControlPlaneTheoryAttribute() =>
        Skip = ControlPlane.Missing ?? (Client.IsInstalled("helm") ? null : "helm is not installed");
}
