using System.CommandLine;
using System.Diagnostics;
using Tidekeeper.Cli.Images;
using Tidekeeper.Playground.Server.Containers;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide image</c>: container images as files, without a daemon and without a registry.</summary>
internal static class ImageCommand
{
    private const string StandIns = "stand-ins";

    public static Command Build()
    {
        var names = new Argument<string[]>("IMAGE")
        {
            Description = $"Of {string.Join(" and ", ProductImages.Names)}; without one, both. {StandIns}: all "
                + "images of simulated components for real nodes, in one archive",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.AcceptOnlyFromAmong([.. ProductImages.Names, StandIns]);
        var output = new Option<string?>("--output")
        {
            Description = "Where the archives go; artifacts/images without it",
            HelpName = "DIR",
        };
        var command = new Command("image", "Build container images as OCI archives (Linux, amd64)") { names, output };
        command.SetAction(async (arguments, cancel) =>
        {
            var repository = Repository();
            var folder = Path.GetFullPath(
                arguments.GetValue(output) ?? Path.Combine(repository, "artifacts", "images"));
            var wanted = arguments.GetValue(names) is { Length: > 0 } some ? some : [.. ProductImages.Names];
            var revision = Revision(repository);
            foreach (var name in wanted.Distinct(StringComparer.Ordinal))
            {
                if (name == StandIns)
                {
                    Console.WriteLine(await StandInImages.Write(repository,
                        $"{ContainerHost.Gateway}:{ContainerHost.WorldPort}", folder, cancel));
                    continue;
                }

                var image = await ProductImages.Write(repository, name, revision, folder, cancel);
                Console.WriteLine($"{image.Name}  {image.Size / 1e6:0.0} MB  {image.Digest}");
                Console.WriteLine($"  {image.Archive}");
                Console.WriteLine($"  {image.Materials}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Tidekeeper.slnx")))
                return folder.FullName;
        throw new CommandFailure(ExitCodes.Environment,
            "images are built from the sources, and this tide is not in a checkout: use ./tide there");
    }

    // Without git, or outside of it, the image says nothing of where it is from.
    private static string Revision(string repository)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", repository, "rev-parse", "HEAD"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var said = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? said : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
