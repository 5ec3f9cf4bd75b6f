using System.CommandLine;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide kubeconfig</c>: the path, so that <c>export KUBECONFIG=$(tide kubeconfig)</c> works.</summary>
internal static class KubeconfigCommand
{
    public static Command Build()
    {
        var command = new Command("kubeconfig", "Print the path of the playground's kubeconfig");
        command.SetAction(_ =>
        {
            Session.Require();
            Console.WriteLine(Session.KubeconfigPath);
            return ExitCodes.Done;
        });
        return command;
    }
}
