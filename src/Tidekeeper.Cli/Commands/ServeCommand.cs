using System.CommandLine;
using Tidekeeper.Cli.Playground;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide serve</c>: the playground's own process; <c>tide up</c> starts it.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var command =
            new Command("serve", "Run the playground in this process (what 'tide up' starts in the background)")
            {
                Hidden = true,
            };
        PlaygroundArguments.AddTo(command);
        command.SetAction(async (arguments, cancel) =>
        {
            await new PlaygroundServer(PlaygroundArguments.Read(arguments)).Run(cancel);
            return ExitCodes.Done;
        });
        return command;
    }
}
