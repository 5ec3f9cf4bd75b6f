namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Stands in for a sidecar whose image the playground has no program for: it runs, and ends when told to.
/// </summary>
internal sealed class IdleProgram : IRunningProgram
{
    public int? ExitCode { get; private set; }
    public bool HasNews => false;
    public DateTimeOffset? Act(DateTimeOffset now) => null;
    public void Terminate() => ExitCode ??= 0;
    public void Kill() => ExitCode ??= 137;
}
