using Tidekeeper.EndToEnd.Charts;
using Tidekeeper.EndToEnd.Rights;

namespace Tidekeeper.EndToEnd.Faults;

/// <summary>A real control plane without nodes in which the chart's operator works.</summary>
public sealed class OperatedControlPlane : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-operated-").FullName;
    private InstalledOperator? _operator;

    public ControlPlane Plane { get; } = new();

    public string Log => _operator!.Log;

    public async Task InitializeAsync()
    {
        if (ControlPlane.Missing is not null || !Client.IsInstalled("helm"))
            return;
        await Plane.InitializeAsync();
        await Helm.On(Plane, $"install tidekeeper {Helm.Chart("tidekeeper")} --namespace {Installation.Namespace} "
            + "--create-namespace --set crds.install=false");
        _operator = await InstalledOperator.Start(Plane, Installation.Namespace, "tidekeeper", _folder);
    }

    public async Task DisposeAsync()
    {
        if (_operator is not null)
            await _operator.DisposeAsync();
        await Plane.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
