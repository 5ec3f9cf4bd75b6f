using System.Globalization;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Kube;
using Tidekeeper.Operator.Databases;

namespace Tidekeeper.Cli.Cluster;

/// <summary>
/// Asks the operator's process itself. A status outlives the operator that wrote it and the cluster that it speaks of:
/// after a restart of the playground with its data, a cluster is called ready whose databases are still starting.
/// What the metrics of a process say was seen by that process.
/// </summary>
internal sealed class OperatorAtWork(ClusterApi api, IDatabaseWire wire)
{
    /// <summary>Whether the operator that runs now has found the cluster ready when it last looked.</summary>
    public async Task<bool> FindsReady(string ns, string name, CancellationToken cancel)
    {
        var pods = await api.List(Resource.Pods, null, OperatorInstall.Selector, cancel);
        foreach (var pod in pods)
        {
            if ((string?)pod["status"]?["podIP"] is not { } address)
                continue;
            var reply = await wire.Send(new WireRequest("GET", MetricsUrl(address)), cancel);
            if (reply.Succeeded && SaysReady(reply.Body, ns, name))
                return true;
        }

        return false;
    }

    private static string MetricsUrl(string address) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{address}:{OperatorInstall.Port}/metrics");

    private static bool SaysReady(string metrics, string ns, string name) => metrics.Split('\n').Contains(
        $"tidekeeper_cluster_condition{{cluster_namespace=\"{ns}\",cluster_name=\"{name}\",condition=\"Ready\"}} 1",
        StringComparer.Ordinal);
}
