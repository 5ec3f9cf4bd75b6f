using System.CommandLine;
using System.Reflection;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide version</c>.</summary>
internal static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown";

    public static Command Build()
    {
        var command = new Command("version", "Print the version of tide");
        command.SetAction(_ => Console.WriteLine($"tide {Version}"));
        return command;
    }
}
