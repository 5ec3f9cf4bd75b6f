using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class EventRules : IKindRules
{
    public string GroupKind => "Event";

    /// <summary>Fields that are always written, also when there is nothing in them.</summary>
    public void Default(JsonObject item)
    {
        item.Section("source");
        foreach (var field in new[] { "firstTimestamp", "lastTimestamp", "eventTime" })
        {
            if (!item.ContainsKey(field))
                item[field] = null;
        }

        foreach (var field in new[] { "reportingComponent", "reportingInstance" })
        {
            if (item.Text(field) is null)
                item[field] = "";
        }
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var about = item.Text("involvedObject", "namespace") ?? "";
        var isAboutCluster = about.Length == 0 && item.Namespace() is "default" or "kube-system";
        if (about != (item.Namespace() ?? "") && !isAboutCluster)
            errors.Invalid("involvedObject.namespace", about, "does not match event.namespace");
    }
}
