using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// What is particular about one builtin kind, in the order in which a real server asks: defaults belong to the
/// writer (they appear in managedFields), what Prepare fills in belongs to nobody, then the whole is validated.
/// Objects handed in may be changed; <c>old</c> ones must not.
/// </summary>
public interface IKindRules
{
    /// <summary><c>GroupKind</c>: <c>Pod</c>, <c>StatefulSet.apps</c>.</summary>
    string GroupKind { get; }

    /// <summary>Fills in what is missing, at every write, also of the status.</summary>
    void Default(JsonObject item) { }

    /// <summary>Admission and strategy at creation: allocates, generates, sets the first status.</summary>
    void PrepareCreate(JsonObject item, KindContext context) { }

    /// <summary>Admission and strategy at an update of the main resource; the old status is already in place.</summary>
    void PrepareUpdate(JsonObject item, JsonObject old, KindContext context) { }

    /// <summary>
    /// The first delete: may add finalizers that the server itself works off. True for "the deletion is not graceful":
    /// the object shows no grace period.
    /// </summary>
    bool PrepareDelete(JsonObject item, KindContext context) => false;

    void ValidateCreate(JsonObject item, FieldErrors errors) { }

    void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) { }

    void ValidateStatus(JsonObject item, JsonObject old, FieldErrors errors) { }
}

/// <summary>What rules may look at besides the object: the other objects, the time and the source of names.</summary>
public sealed record KindContext(ApiServer Api)
{
    public DateTimeOffset Now => Api.Time.GetUtcNow();
    public Identifiers Identifiers => Api.Identifiers;

    /// <summary>A stored object by path (<c>v1/services</c>); never changed by the reader.</summary>
    public JsonObject? Get(string resource, string? ns, string name) =>
        Api.Store.Get(Api.Catalog.Get(resource).GroupResource, ns, name);

    public IEnumerable<JsonObject> List(string resource, string? ns = null) =>
        Api.Store.List(Api.Catalog.Get(resource).GroupResource, ns);
}
