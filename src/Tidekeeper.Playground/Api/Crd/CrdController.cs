using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>
/// Serves what CustomResourceDefinitions define: accepts their names, registers their resources, and removes all
/// instances before a deleted definition goes.
/// </summary>
public sealed class CrdController(ApiServer api) : IActor
{
    private const string Definitions = "apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    private readonly ApiClient _client = new(api, "kube-apiserver");
    private readonly SortedDictionary<string, (string Group, string Plural, JsonObject Definition)> _served =
        new(StringComparer.Ordinal);
    private long _seen = -1;
    private bool _cleaning;

    public string Name => "crd-controller";

    public bool SeesOnlyApi => true;

    public bool Notices() => _cleaning || _client.Revision(Definitions) != _seen;

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        if (!Notices())
            return null;
        _cleaning = false;
        var present = new List<string>();
        foreach (var definition in _client.List(Definitions))
        {
            present.Add(definition.Name());
            if (definition.IsBeingDeleted())
                CleanUp(definition);
            else
                Accept(definition, now);
        }

        foreach (var gone in _served.Keys.Except(present, StringComparer.Ordinal).ToList())
            Withdraw(gone);
        _seen = _client.Revision(Definitions);
        return null;
    }

    private void Accept(JsonObject definition, DateTimeOffset now)
    {
        var conflict = Conflict(definition);
        var status = (definition["status"]?.DeepClone() as JsonObject) ?? [];
        status["conditions"] = Conditions(definition, conflict, now);
        if (conflict is null)
            status["acceptedNames"] = definition.At("spec", "names")!.DeepClone();
        if (!JsonNode.DeepEquals(status, definition["status"]))
        {
            var changed = definition.Copy();
            changed["status"] = status;
            definition = _client.UpdateStatus(Definitions, changed);
        }

        if (IsEstablished(definition))
            Serve(definition);
    }

    private void Serve(JsonObject definition)
    {
        if (_served.TryGetValue(definition.Name(), out var known)
            && JsonNode.DeepEquals(known.Definition["spec"], definition["spec"]))
            return;
        var types = CrdTypes.Of(definition);
        _served[definition.Name()] =
            (definition.Text("spec", "group")!, definition.Text("spec", "names", "plural")!, definition);
        api.Catalog.Replace(definition.Text("spec", "group")!, definition.Text("spec", "names", "plural")!, types);
    }

    private void Withdraw(string name)
    {
        if (_served.Remove(name, out var old))
            api.Catalog.Replace(old.Group, old.Plural, []);
    }

    private void CleanUp(JsonObject definition)
    {
        if (!definition.TextsAt("metadata", "finalizers").Contains(Cleanup))
            return;
        var left = 0;
        if (_served.TryGetValue(definition.Name(), out var served)
            && api.Catalog.All.FirstOrDefault(t => t.Group == served.Group && t.Plural == served.Plural) is { } type)
        {
            foreach (var item in _client.List(type.Path))
            {
                if (!item.IsBeingDeleted())
                    _client.Delete(type.Path, item.Namespace(), item.Name(), item.Uid());
            }

            left = _client.List(type.Path).Count;
        }

        // Instances with finalizers keep the definition, or their controllers could no longer finish their work.
        _cleaning = left > 0;
        if (left > 0)
            return;
        var changed = definition.Copy();
        changed.Metadata()["finalizers"] = new JsonArray([.. definition.TextsAt("metadata", "finalizers")
            .Where(f => f != Cleanup).Select(f => (JsonNode?)f)]);
        Withdraw(definition.Name());
        _client.Update(Definitions, changed);
    }

    /// <summary>
    /// Another definition of the same group that has one of the names already; null when the names are free.
    /// </summary>
    private string? Conflict(JsonObject definition)
    {
        var group = definition.Text("spec", "group");
        var others = _client.List(Definitions).Where(o => o.Name() != definition.Name()
            && o.Text("spec", "group") == group && IsEstablished(o)).ToList();
        var kind = definition.Text("spec", "names", "kind");
        if (others.Any(o => o.Text("status", "acceptedNames", "kind") == kind))
            return $"\"{kind}\" is already in use";
        foreach (var name in definition.TextsAt("spec", "names", "shortNames"))
        {
            if (others.Any(o => o.TextsAt("status", "acceptedNames", "shortNames").Contains(name)))
                return $"\"{name}\" is already in use";
        }

        return null;
    }

    private static JsonArray Conditions(JsonObject definition, string? conflict, DateTimeOffset now)
    {
        var established = IsEstablished(definition);
        return
        [
            Condition(definition, now, "NamesAccepted", conflict is null ? ("True", "NoConflicts", "no conflicts found")
                : ("False", "KindConflict", conflict)),
            Condition(definition, now, "Established", conflict is null || established
                ? ("True", "InitialNamesAccepted", "the initial names have been accepted")
                : ("False", "NotAccepted", "not all names are accepted")),
        ];
    }

    private static JsonObject Condition(
        JsonObject definition, DateTimeOffset now, string type, (string Status, string Reason, string Message) to)
    {
        var old = definition.ObjectsAt("status", "conditions").FirstOrDefault(c => c.Text("type") == type);
        var since = old?.Text("status") == to.Status ? old.Text("lastTransitionTime") : null;
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = to.Status,
            ["lastTransitionTime"] = since ?? JsonText.Moment(now),
            ["reason"] = to.Reason,
            ["message"] = to.Message,
        };
    }

    private static bool IsEstablished(JsonObject definition) => definition.ObjectsAt("status", "conditions")
        .Any(c => c.Text("type") == "Established" && c.Text("status") == "True");
}
