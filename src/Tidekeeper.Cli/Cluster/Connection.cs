using Tidekeeper.Cli.Commands;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.Cli.Cluster;

/// <summary>Opens an API as kubectl would find it.</summary>
internal static class Connection
{
    /// <param name="kubeconfig">A file, or null for $KUBECONFIG and then ~/.kube/config.</param>
    public static ClusterApi Open(string? kubeconfig)
    {
        try
        {
            var access = KubeAccess.Find(kubeconfig, null, TimeProvider.System, CancellationToken.None)
                .GetAwaiter().GetResult();
            return new ClusterApi(new HttpTransport(
                access.Endpoint, access.Credentials, $"tide/{VersionCommand.Version}", TimeProvider.System));
        }
        catch (ConfigException e)
        {
            throw new CommandFailure(ExitCodes.NotFound,
                $"{e.Message}\nNo playground runs either; start one with: tide up");
        }
    }
}
