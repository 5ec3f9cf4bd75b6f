using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Cluster;

/// <summary>Whether tidb-operator v1 is still at work, and what else of it is in the way of a take-over.</summary>
internal static class GoOperator
{
    private const string Crd = "tidbclusters.pingcap.com";

    /// <summary>What is in the way, and what could not be looked at.</summary>
    public static async Task<(IReadOnlyList<string> Obstacles, IReadOnlyList<string> Unseen)> Look(
        ClusterApi api, CancellationToken cancel)
    {
        List<string> obstacles = [], unseen = [];
        await Try("Deployments of all namespaces", async () => obstacles.AddRange(
            from deployment in await api.List(Resource.Deployments, null, null, cancel)
            where IsV1(deployment) && ((int?)deployment["spec"]!["replicas"] ?? 1) > 0
            let ns = (string)deployment["metadata"]!["namespace"]!
            let name = (string)deployment["metadata"]!["name"]!
            select $"tidb-operator v1 runs, and would undo what is written: kubectl -n {ns} scale deployment {name} "
                + "--replicas=0"));
        await Try("Leases of all namespaces", async () => obstacles.AddRange(
            from lease in await api.List(Resource.Leases, null, null, cancel)
            let name = (string)lease["metadata"]!["name"]!
            where name.StartsWith(Labels.FieldManagerOfV1, StringComparison.Ordinal) && IsHeld(lease["spec"])
            select $"tidb-operator v1 runs: Lease {(string)lease["metadata"]!["namespace"]!}/{name} is held by "
                + $"{(string?)lease["spec"]!["holderIdentity"]}; end it, and wait until the lease has run out"));
        await Try("the CustomResourceDefinition", async () =>
        {
            var crd = await api.Get(Resource.CustomResourceDefinitions, null, Crd, cancel);
            if (crd is not null && !HasStatus(crd))
            {
                obstacles.Add($"CustomResourceDefinition {Crd} is v1's, without a status of its own: tide crd | "
                    + $"kubectl "
                    + "replace -f -");
            }
        });
        return (obstacles, unseen);

        async Task Try(string what, Func<Task> look)
        {
            try
            {
                await look();
            }
            catch (CommandFailure failure) when (failure.Code == ExitCodes.Refused)
            {
                unseen.Add($"{what} may not be read, so it is not known whether tidb-operator v1 is in the way: make "
                    + $"sure "
                    + "that it does not run");
            }
        }
    }

    /// <summary>By its program: names and labels are the chart's, and people change them.</summary>
    private static bool IsV1(JsonObject deployment) =>
        (deployment["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? []).Any(container =>
            (container?["command"] as JsonArray ?? []).Concat(container?["args"] as JsonArray ?? [])
            .Any(word => ((string?)word)?.EndsWith(Labels.FieldManagerOfV1, StringComparison.Ordinal) == true));

    private static bool IsHeld(JsonNode? spec) =>
        (string?)spec?["holderIdentity"] is { Length: > 0 }
        && DateTimeOffset.TryParse((string?)spec["renewTime"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var renewed)
        && TimeProvider.System.GetUtcNow() - renewed
            < TimeSpan.FromSeconds(2 * ((int?)spec["leaseDurationSeconds"] ?? 15));

    private static bool HasStatus(JsonObject crd) => crd["spec"]!["versions"]!.AsArray()
        .Any(version => version!["subresources"]?["status"] is not null);
}
