using System.CommandLine;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide crd</c>: the CustomResourceDefinitions, for <c>kubectl apply --server-side -f -</c>.</summary>
internal static class CrdCommand
{
    public static Command Build()
    {
        var command = new Command("crd", "Print the CustomResourceDefinitions as YAML");
        command.SetAction(_ => Console.Write(CrdDocument.TidbClusterYaml(XmlDocs.BesideAssembly())));
        return command;
    }
}
