using System.Text.RegularExpressions;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>Whether the parts that are declared can make a cluster at all.</summary>
internal static partial class ValidationOfShape
{
    // Kubernetes labels each pod of a StatefulSet with the set's name, a dash and a hash of ten characters.
    private const int MaxSetName = 63 - 11;

    public static IEnumerable<Problem> Check(TidbCluster cluster) =>
        [.. Name(cluster), .. Parts(cluster), .. Replicas(cluster), .. Topology(cluster)];

    private static IEnumerable<Problem> Name(TidbCluster cluster)
    {
        var name = cluster.Metadata.Name;
        if (name.Length > 0 && !ServiceName().IsMatch(name))
        {
            yield return new Problem("metadata.name", name, "cannot begin the name of a Service",
                "create the cluster under a name of small letters, digits and dashes that begins with a letter");
        }

        var longest = Validation.Components(cluster).Select(one => one.Name.Length + 1).Append(0).Max();
        if (name.Length + longest > MaxSetName)
        {
            yield return new Problem("metadata.name", name, $"has {name.Length} characters",
                $"create it under a name of at most {MaxSetName - longest}: labels of pods hold 63 with what is added");
        }
    }

    private static IEnumerable<Problem> Parts(TidbCluster cluster)
    {
        var spec = cluster.Spec;
        var joins = spec.Cluster is not null || spec.PdAddresses is { Count: > 0 };
        if (spec.Pd is null && !joins)
        {
            yield return new Problem("spec.pd", "", "is missing: no cluster exists without PD",
                "add it with 3 replicas");
        }


        if (spec.Tikv is null && spec.Tidb is not null && !joins)
        {
            yield return new Problem("spec.tikv", "", "is missing: TiDB cannot start without TiKV",
                "add it with 3 replicas");
        }
    }

    private static IEnumerable<Problem> Replicas(TidbCluster cluster)
    {
        var spec = cluster.Spec;
        if (spec.Pd is { Replicas: 0 })
        {
            yield return new Problem("spec.pd.replicas", "0", "leaves the cluster without PD",
                "write at least 1; to take the cluster away, delete it");
        }

        if (spec.Pd is { Replicas: > 0 } pd && pd.Replicas % 2 == 0)
        {
            yield return Validation.Warning("spec.pd.replicas", $"{pd.Replicas}",
                $"members survive no more failures than {pd.Replicas - 1}", "write an odd number");
        }

        if (spec.Tidb is { Replicas: 0 })
        {
            yield return Validation.Warning("spec.tidb.replicas", "0", "leaves nobody to serve SQL",
                "write at least 1; to stop TiDB for a while, write spec.tidb.suspendAction");
        }

        if (spec.Tikv is { Replicas: 0 } && spec.Tidb is { Replicas: > 0 })
        {
            yield return Validation.Warning("spec.tikv.replicas", "0", "leaves TiDB nothing to store rows in",
                "write at least 1, better 3");
        }
    }

    private static IEnumerable<Problem> Topology(TidbCluster cluster) =>
        Validation.Components(cluster)
            .Select(one => (one.Field, one.Spec.TopologySpreadConstraints))
            .Prepend(("spec", cluster.Spec.TopologySpreadConstraints))
            .SelectMany(one => SpreadTwice($"{one.Item1}.topologySpreadConstraints", one.Item2 ?? []));

    private static IEnumerable<Problem> SpreadTwice(string field, IReadOnlyList<TopologySpread> spreads) =>
        from spread in spreads.GroupBy(spread => spread.TopologyKey, StringComparer.Ordinal)
        where spread.Count() > 1
        select new Problem(field, spread.Key, "is there twice", "keep one of them");

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex ServiceName();
}
