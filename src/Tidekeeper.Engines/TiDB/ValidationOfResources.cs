using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// Requests and limits. Texts that are no quantities have been named by the reader already and are passed over here.
/// </summary>
internal static class ValidationOfResources
{
    private static readonly Quantity Mebibyte = Quantity.Parse("1Mi");

    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        foreach (var (field, name, spec) in Validation.Components(cluster))
        {
            foreach (var problem in OfContainer(field, spec.Requests, spec.Limits)) yield return problem;
            foreach (var problem in Storage(field, name, spec)) yield return problem;
        }

        if (cluster.Spec.Discovery is { } discovery)
        {
            foreach (var problem in OfContainer("spec.discovery", discovery.Requests, discovery.Limits))
                yield return problem;
        }

        if (cluster.Spec.Tiflash?.Initializer is { } initializer)
        {
            foreach (var problem in OfContainer("spec.tiflash.initializer", initializer.Requests, initializer.Limits))
                yield return problem;
        }

        foreach (var (field, tailer) in Tailers(cluster.Spec))
        {
            if (tailer is null) continue;
            foreach (var problem in OfContainer(field, tailer.Requests, tailer.Limits)) yield return problem;
        }
    }

    private static IEnumerable<(string Field, LogTailerSpec? Spec)> Tailers(TidbClusterSpec spec) =>
    [
        ("spec.tikv.logTailer", spec.Tikv?.LogTailer),
        ("spec.tidb.slowLogTailer", spec.Tidb?.SlowLogTailer),
        ("spec.tiflash.logTailer", spec.Tiflash?.LogTailer),
    ];

    private static IEnumerable<Problem> OfContainer(
        string field, IEnumerable<KeyValuePair<string, string>>? requests,
        IEnumerable<KeyValuePair<string, string>>? limits)
    {
        foreach (var (part, map) in new[] { ("requests", requests), ("limits", limits) })
        {
            foreach (var (resource, text) in map ?? Empty)
            {
                if (Quantity.TryParse(text, out var quantity) && quantity.IsNegative)
                    yield return new Problem($"{field}.{part}.{resource}", text, "is below 0", "write 0 or more");
            }
        }

        foreach (var (resource, text) in requests ?? Empty)
        {
            // For storage the limit is what TiKV reports as its capacity, which may be less than the volume.
            if (resource == "storage" || Find(limits, resource) is not { } limitText) continue;
            if (Quantity.TryParse(text, out var request) && Quantity.TryParse(limitText, out var limit)
                && request > limit)
            {
                yield return new Problem($"{field}.requests.{resource}", text,
                    $"is above {field}.limits.{resource} {limitText}", "raise the limit or lower the request");
            }
        }

        if (Find(requests, "memory") is { } memory && Quantity.TryParse(memory, out var bytes)
            && bytes < Mebibyte && !bytes.IsNegative)
        {
            yield return Validation.Warning($"{field}.requests.memory", memory, "is less than a mebibyte",
                "write for example 4Gi: m stands for thousandths");
        }
    }

    private static string? Find(IEnumerable<KeyValuePair<string, string>>? quantities, string resource) =>
        quantities?.FirstOrDefault(one => one.Key == resource).Value;

    private static IEnumerable<Problem> Storage(string field, string name, ReplicatedSpec spec)
    {
        var asked = spec.Requests?.GetValueOrDefault("storage");
        if (spec is PdSpec or TikvSpec && asked is null && spec.Replicas > 0)
        {
            yield return new Problem($"{field}.requests.storage", "", "is missing: the size of each volume",
                $"write for example {(spec is PdSpec ? "10Gi" : "100Gi")}");
        }

        if (asked is not null && Quantity.TryParse(asked, out var size) && size.IsZero)
            yield return new Problem($"{field}.requests.storage", asked, "is no size", "write for example 100Gi");
        if (spec is TidbSpec or TiflashSpec && asked is not null)
        {
            yield return Validation.Warning($"{field}.requests.storage", asked, $"means nothing for {name}",
                spec is TidbSpec ? $"remove it, or use {field}.storageVolumes" : $"use {field}.storageClaims");
        }

        if (spec is not TiflashSpec tiflash) yield break;
        if (tiflash.StorageClaims.Count == 0)
            yield return new Problem($"{field}.storageClaims", "", "is empty", "write one element for each volume");
        for (var i = 0; i < tiflash.StorageClaims.Count; i++)
        {
            var path = $"{field}.storageClaims[{i}].resources.requests.storage";
            var text = tiflash.StorageClaims[i].Resources.Requests?.GetValueOrDefault("storage");
            if (text is null)
                yield return new Problem(path, "", "is missing: the size of the volume", "write for example 100Gi");
            else if (Quantity.TryParse(text, out var claimed) && (claimed.IsZero || claimed.IsNegative))
                yield return new Problem(path, text, "is no size", "write for example 100Gi");
        }
    }

    private static readonly SortedList<string, string> Empty = new(0, StringComparer.Ordinal);
}
