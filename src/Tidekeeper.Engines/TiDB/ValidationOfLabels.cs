using System.Text.RegularExpressions;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// Labels, annotations and node selectors. Kubernetes refuses bad ones in words that name fields of its own objects,
/// and some of them only when a pod is made, which is when the one before is gone.
/// </summary>
internal static partial class ValidationOfLabels
{
    private const string WriteKey =
        "write letters, digits, -, _ and ., at most 63, with a DNS name and / before them where there is one";

    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        var spec = cluster.Spec;
        IEnumerable<(string Field, ComponentSpec? Spec)> parts =
        [
            ("spec.discovery", spec.Discovery),
            .. Validation.Components(cluster).Select(one => (one.Field, (ComponentSpec?)one.Spec)),
        ];
        return
        [
            .. OfPods("spec", spec.Labels, spec.Annotations, spec.NodeSelector, spec.TopologySpreadConstraints),
            .. from part in parts
               where part.Spec is not null
               from problem in OfPods(part.Field, part.Spec.Labels, part.Spec.Annotations, part.Spec.NodeSelector,
                   part.Spec.TopologySpreadConstraints)
               select problem,
            .. OfService("spec.pd.service", spec.Pd?.Service),
            .. OfService("spec.tidb.service", spec.Tidb?.Service),
        ];
    }

    private static IEnumerable<Problem> OfPods(
        string field, SortedDictionary<string, string>? labels, SortedDictionary<string, string>? annotations,
        SortedDictionary<string, string>? nodeSelector, IReadOnlyList<TopologySpread>? spreads) =>
    [
        .. Labels($"{field}.labels", labels),
        .. Keys($"{field}.annotations", annotations),
        .. Labels($"{field}.nodeSelector", nodeSelector),
        .. from spread in (spreads ?? []).Select((one, at) => (one.TopologyKey, one.MatchLabels, At: at))
           let path = $"{field}.topologySpreadConstraints[{spread.At}]"
           from problem in (IEnumerable<Problem>)
               [.. Key($"{path}.topologyKey", spread.TopologyKey), .. Labels($"{path}.matchLabels", spread.MatchLabels)]
           select problem,
    ];

    private static IEnumerable<Problem> OfService(string field, ServiceSpec? service) =>
        [.. Labels($"{field}.labels", service?.Labels), .. Keys($"{field}.annotations", service?.Annotations)];

    private static IEnumerable<Problem> Labels(string field, SortedDictionary<string, string>? labels) =>
        Keys(field, labels).Concat(
            from label in labels ?? []
            where label.Value.Length > 63 || (label.Value.Length > 0 && !Name().IsMatch(label.Value))
            select new Problem($"{field}[{label.Key}]", label.Value, "is no value of a label",
                "write letters, digits, -, _ and ., at most 63, that begin and end with a letter or digit"));

    private static IEnumerable<Problem> Keys(string field, SortedDictionary<string, string>? map) =>
        (map ?? []).SelectMany(one => Key(field, one.Key));

    private static IEnumerable<Problem> Key(string field, string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key[(slash + 1)..];
        if (name.Length > 63 || !Name().IsMatch(name) || (slash >= 0 && !Prefix().IsMatch(key[..slash])))
            yield return new Problem(field, key, "is no key of a label or annotation", WriteKey);
    }

    [GeneratedRegex("^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$")]
    private static partial Regex Name();

    // Kubernetes lets the case of an annotation's prefix go.
    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$")]
    private static partial Regex Prefix();
}
