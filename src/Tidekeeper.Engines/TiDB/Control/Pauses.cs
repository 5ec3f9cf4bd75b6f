using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>What the spec says is to be left alone.</summary>
internal static class Pauses
{
    /// <summary>The field that pauses a component; null when none does.</summary>
    public static string? Of(TidbCluster cluster, string component)
    {
        if (cluster.Spec.Paused == true)
            return "spec.paused";
        return Component.Of(cluster, component)?.Replicated?.Paused == true ? $"spec.{component}.paused" : null;
    }

    /// <summary>All fields that pause something.</summary>
    public static IReadOnlyList<string> Fields(TidbCluster cluster)
    {
        if (cluster.Spec.Paused == true)
            return ["spec.paused"];
        return
        [
            .. from component in Component.Declared(cluster)
               let field = Of(cluster, component.Name)
               where field is not null
               select field
        ];
    }
}
