using System.Text.Json.Nodes;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Cli.Playground;

/// <summary>
/// The operator's image: its <c>discovery</c> command runs inside the playground's process, everything else as a
/// process
/// of its own.
/// </summary>
internal sealed class OperatorProgram(IProgram discovery, Func<ContainerContext, ProcessCommand> command)
    : IProgram, IDisposable
{
    private readonly ProcessProgram _processes = new(command, Orphans.Record);

    public void Dispose() => _processes.Dispose();

    public IRunningProgram Start(ContainerContext context) =>
        Words(context).Contains("discovery", StringComparer.Ordinal)
            ? discovery.Start(context)
            : _processes.Start(context);

    private static IEnumerable<string> Words(ContainerContext context) =>
        ((string[])["command", "args"]).SelectMany(field => context.Container[field] is JsonArray list
            ? list.Select(word => (string)word!)
            : []);
}
