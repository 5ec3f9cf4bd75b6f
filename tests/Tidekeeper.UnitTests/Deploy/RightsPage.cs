using System.Text;
using Tidekeeper.Operator;

namespace Tidekeeper.UnitTests.Deploy;

/// <summary>docs/rights.md, and the rules of roles.</summary>
internal static class RightsPage
{
    private static readonly SortedDictionary<Place, (string Title, string Text)> Places = new()
    {
        [Place.Clusters] = ("Where clusters are",
            "A ClusterRole by default; with `clusterScoped: false` a Role in each of `namespaces`."),
        [Place.Home] = ("Where the operator is", "A Role in its own namespace, always."),
        [Place.Everywhere] = ("For what is in no namespace",
            "A ClusterRole of its own, which `readNodes: false` leaves out. Without it PD is not told the failure\n"
            + "domains of stores, leaders do not leave nodes that are about to be drained, and a disk on a node\n"
            + "that does not exist any more is not replaced; everything else works."),
    };

    public static IEnumerable<(string Group, string Resource, string[] Verbs)> Rules(Place place) =>
        from right in Rights.All
        where right.Place == place
        group right by (right.Group, right.Resource) into rights
        select (rights.Key.Group, rights.Key.Resource,
            rights.SelectMany(right => right.Verbs).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal).ToArray());

    public static string Text(string how)
    {
        var text = new StringBuilder($"""
            # Rights

            Made from `src/Tidekeeper.Operator/Rights.cs` by `{how}`; a test compares.

            This is everything that the operator may do. There is no right over secrets, no wildcard, no `escalate`, `bind` or
            `impersonate`: what it grants to discovery's account it holds itself. The roles of `charts/tidekeeper` and of
            `deploy/tidekeeper.yaml` are made of the same list; tests on a real API server show that no request is refused and
            that no right is idle. A right marked * is for no request of the operator: the API server asks for it when it
            judges another one.

            What the server refuses all the same is named in the cluster's condition `Progressing` (reason `Forbidden`) with
            verb and resource; what keeps the operator from seeing clusters at all, in `/readyz` and its log. It tries again,
            at growing distances, and goes on by itself when the right is there.

            """);
        foreach (var (place, (title, words)) in Places)
        {
            text.Append($"\n## {title}\n\n{words}\n\n| Resource | Verbs | For |\n|---|---|---|\n");
            foreach (var right in Rights.All.Where(one => one.Place == place))
            {
                var name = right.Group.Length == 0 ? right.Resource : $"{right.Resource} ({right.Group})";
                var verbs = string.Join(", ", right.Verbs.Select(verb => $"`{verb}`{(right.IsIndirect ? "*" : "")}"));
                text.Append($"| {name} | {verbs} | {right.Why} |\n");
            }
        }

        return text.ToString();
    }
}
