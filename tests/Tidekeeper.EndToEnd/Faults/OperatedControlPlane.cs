using Tidekeeper.EndToEnd.Rights;

namespace Tidekeeper.EndToEnd.Faults;

/// <summary>
/// A real control plane without nodes in which the chart's operator works, and that lets in restricted pods only.
/// </summary>
public sealed class OperatedControlPlane : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-operated-").FullName;
    private InstalledOperator? _operator;

    public ControlPlane Plane { get; } = new RestrictedControlPlane();

    public string Log => _operator!.Log;

    public async Task InitializeAsync()
    {
        if (ControlPlane.Missing is not null || !Client.IsInstalled("helm"))
            return;
        await Plane.InitializeAsync();
        await Plane.Kubectl("create -f tests/Tidekeeper.EndToEnd/Faults/restricted-policy.yaml");
        _operator = await InstalledOperator.Install(Plane, _folder);
    }

    public async Task DisposeAsync()
    {
        if (_operator is not null)
            await _operator.DisposeAsync();
        await Plane.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>As this release keeps pods from being more than others: the younger Pod Security came with 1.22.</summary>
public sealed class RestrictedControlPlane : ControlPlane
{
    protected override IReadOnlyList<string> Options => ["--admission", "PodSecurityPolicy"];
}
