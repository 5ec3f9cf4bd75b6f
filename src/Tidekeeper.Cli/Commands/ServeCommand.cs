using System.CommandLine;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide serve</c>: the playground's own process; <c>tide up</c> starts it.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var command = new Command("serve", "Run the playground in this process (what 'tide up' starts in the background)") { Hidden = true };
        PlaygroundArguments.AddTo(command);
        command.SetAction((arguments, cancel) => Task.FromResult(PlaygroundArguments.Read(arguments).Nodes));
        return command;
    }
}
