using System.CommandLine;
using Microsoft.AspNetCore.Connections;
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
            var options = PlaygroundArguments.Read(arguments);
            try
            {
                await new PlaygroundServer(options).Run(cancel);
                return ExitCodes.Done;
            }
            catch (IOException e) when (e.InnerException is AddressInUseException)
            {
                throw new CommandFailure(ExitCodes.Environment,
                    $"--port {options.Port}: another program uses it; give another one, or 0 for any that is free");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new CommandFailure(ExitCodes.Environment, e.Message);
            }
        });
        return command;
    }
}
