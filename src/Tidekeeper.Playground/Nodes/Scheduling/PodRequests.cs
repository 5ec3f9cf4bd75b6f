using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>
/// What a pod asks of a node: by resource name, CPU in thousandths, everything else in thousandths too.
/// </summary>
internal static class PodRequests
{
    public static long Milli(string? quantity) =>
        Quantity.TryParse(quantity, out var parsed) ? (long)(parsed.Nanos / 1_000_000) : 0;

    /// <summary>
    /// Containers and sidecars add up; an ordinary init container runs alone, so the largest need counts.
    /// </summary>
    public static SortedDictionary<string, long> Of(JsonObject pod)
    {
        var total = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var container in pod.ObjectsAt("spec", "containers"))
            Add(total, container);
        var sidecars = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var container in pod.ObjectsAt("spec", "initContainers"))
        {
            if (container.Text("restartPolicy") == "Always")
            {
                Add(sidecars, container);
                Add(total, container);
                continue;
            }

            foreach (var (resource, amount) in container.Pairs("resources", "requests"))
            {
                var need = Milli(amount) + sidecars.GetValueOrDefault(resource);
                total[resource] = Math.Max(total.GetValueOrDefault(resource), need);
            }
        }

        foreach (var (resource, amount) in pod.Pairs("spec", "overhead"))
            total[resource] = total.GetValueOrDefault(resource) + Milli(amount);
        return total;
    }

    private static void Add(SortedDictionary<string, long> total, JsonObject container)
    {
        foreach (var (resource, amount) in container.Pairs("resources", "requests"))
            total[resource] = total.GetValueOrDefault(resource) + Milli(amount);
    }
}
