using System.Text;

namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>The table as a page of the documentation.</summary>
public static class FieldsPage
{
    public static string Text()
    {
        var page = new StringBuilder("""
            # TidbCluster: what each field becomes

            Generated from the table by which the simulation judges every field (`tests/Tidekeeper.Simulation/Edits/Mappings`);
            write it anew with `TIDE_WRITE_GENERATED=1 ./tide test --filter Edits`. `{c}` is pd, tikv, tidb and tiflash, `{p}` these and
            discovery. What a component does not say is taken from the cluster, where the cluster has a field of that name.

            | Field | Where it shows | Whose pods restart when it changes |
            |---|---|---|

            """);
        foreach (var mapping in PropertyTable.Shown)
            page.AppendLine($"| {Names(mapping.Paths)} | {mapping.Where} | {Restarts(mapping.Reach)} |");
        page.AppendLine().AppendLine("""
            ## Fields that no object shows

            None of them restarts a pod. What is not acted upon yet is named in the condition `FullySupported`, or refused by
            `Accepted` where neglect would be dangerous.

            | Why | Fields |
            |---|---|
            """);
        foreach (var group in PropertyTable.NotShown.GroupBy(one => one.Why))
            page.AppendLine($"| {group.Key} | {Names([.. group.Select(one => one.Path)])} |");
        return page.ToString();
    }

    private static string Restarts(Reach reach) => reach switch
    {
        Reach.Nobody => "nobody's",
        Reach.Component => "the component's",
        _ => "those that take another value",
    };

    private static string Names(IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Select(path => $"`{path["spec.".Length..]}`"));
}
