using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api;

/// <summary>Prints objects as the rows that <c>kubectl get</c> shows.</summary>
public interface ITables
{
    /// <summary>A <c>meta.k8s.io/v1</c> Table.</summary>
    /// <param name="metadata">Of the list, or of nothing for a single object.</param>
    /// <param name="withColumns">False for all but the first row of a watch.</param>
    /// <param name="include">What each row carries: <c>Metadata</c>, <c>Object</c> or <c>None</c>.</param>
    JsonObject Table(
        ResourceType type, IEnumerable<JsonObject> items, JsonObject metadata, bool withColumns, string include);
}
