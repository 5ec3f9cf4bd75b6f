using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Admission;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>
/// Create and update of one object, in the order of a real server: defaults, field owners, admission, validation,
/// version check, commit. An update that changes nothing commits nothing.
/// </summary>
internal sealed class ObjectWriter(ApiServer api)
{
    private readonly KindContext _context = new(api);
    private readonly LimitAdmission _limits = new(api);
    private readonly QuotaAdmission _quotas = new(api);

    /// <param name="body">Owned by the writer from here on.</param>
    public JsonObject Create(WriteCall call, JsonObject body)
    {
        var type = call.Type;
        var rules = KindRules.For(type);
        var item = Identify(call, body);
        if (item.ResourceVersion() != 0)
            throw ApiFault.Unforeseen("resourceVersion should not be set on objects to be created");
        if (call.IsApply && item.Uid() is { Length: > 0 } expected)
        {
            throw ApiFault.Conflict(type, item.Name(), $"uid mismatch: the provided object specified uid {expected},"
                + " and no existing object was found");
        }

        DropServerFields(type, item);
        if (type.HasStatus)
            item.Remove("status");
        rules.Default(item);
        api.Shapes.Default(type, item);
        api.Owners.OnCreate(call, item);
        CheckNamespace(call, item);

        var metadata = item.Metadata();
        if (item.Name().Length == 0 && item.Text("metadata", "generateName") is { Length: > 0 } prefix)
            metadata["name"] = prefix[..Math.Min(prefix.Length, 58)] + api.Identifiers.Suffix();
        metadata["uid"] = api.Identifiers.Uid();
        metadata["creationTimestamp"] = JsonText.Moment(api.Time.GetUtcNow());
        if (type.HasGeneration || type.IsCustom)
            metadata["generation"] = 1;
        _limits.Fill(type, item);
        rules.PrepareCreate(item, _context);

        var errors = new FieldErrors();
        ObjectMetaRules.ValidateCreate(type, item, errors);
        rules.ValidateCreate(item, errors);
        api.Shapes.Validate(type, item, null, errors);
        errors.ThrowIfAny(type, item.Name());
        _limits.Check(type, item);
        _quotas.Check(type, item);
        if (api.Store.Get(type.GroupResource, item.Namespace(), item.Name()) is { } namesake)
            throw ApiFault.AlreadyExists(type, item.Name(), namesake.IsBeingDeleted());
        var made = Commit(call, item);
        if (!call.DryRun)
            _quotas.Charge(type, made);
        return made;
    }

    /// <summary>Changes an object that exists.</summary>
    /// <param name="change">
    /// Makes the new state from the current one, which belongs to the store: it is copied before it is changed.
    /// </param>
    public JsonObject Update(WriteCall call, Func<JsonObject, JsonObject> change)
    {
        var old = api.Store.Get(call.Type.GroupResource, call.Namespace, call.Name!)
            ?? throw ApiFault.NotFound(call.Type, call.Name!);
        var current = WithDefaults(call.Type, ApiServer.InVersion(call.Type, old));
        var item = Identify(call, change(current));
        CheckVersion(call, item, current);
        KeepServerFields(item, current);
        var rules = KindRules.For(call.Type);
        Confine(call, item, current);
        rules.Default(item);
        api.Shapes.Default(call.Type, item);
        api.Owners.OnUpdate(call, item, current);

        if (call.Subresource.Length == 0)
            rules.PrepareUpdate(item, current, _context);
        Raise(call.Type, item, current);
        var errors = new FieldErrors();
        ObjectMetaRules.ValidateUpdate(item, current, errors);
        if (call.Subresource == "status")
            rules.ValidateStatus(item, current, errors);
        else
            rules.ValidateUpdate(item, current, errors);
        api.Shapes.Validate(call.Type, item, current, errors);
        errors.ThrowIfAny(call.Type, item.Name());

        MetadataForm.Tidy(item);
        if (IsFinished(item))
            return Finish(call, item);
        return ObjectFields.Same(item, current) ? old : Commit(call, item);
    }

    /// <summary>
    /// What was stored under an earlier definition is read with the defaults of the present one, so that a write which
    /// does not touch the spec does not change it either.
    /// </summary>
    private JsonObject WithDefaults(ResourceType type, JsonObject current)
    {
        if (!type.IsCustom)
            return current;
        var read = current.Copy();
        api.Shapes.Default(type, read);
        return ObjectFields.Same(read, current) ? current : read;
    }

    /// <summary>Kind, version, name and namespace of the body agree with those of the path, or are filled in.</summary>
    private static JsonObject Identify(WriteCall call, JsonObject item)
    {
        item["apiVersion"] = call.Type.ApiVersion;
        item["kind"] = call.Type.Kind;
        var metadata = item.Metadata();
        if (!call.Type.Namespaced)
            metadata.Remove("namespace");
        if (call.IsApply && item.Name().Length == 0)
            metadata["name"] = call.Name;
        CheckPlace(call, item);
        if (call.Type.Namespaced)
            metadata["namespace"] = call.Namespace;
        return item;
    }

    /// <summary>Refuses an object that calls itself otherwise than its path does.</summary>
    public static void CheckPlace(WriteCall call, JsonObject item)
    {
        if (call.Name is not null && item.Name().Length == 0 && !call.IsApply)
        {
            throw ApiFault.BadRequest(
                $"the name of the object ({call.Name} based on URL) was undeterminable: name must be provided");
        }

        if (call.Name is not null && item.Name().Length > 0 && item.Name() != call.Name)
        {
            throw ApiFault.BadRequest(
                $"the name of the object ({item.Name()}) does not match the name on the URL ({call.Name})");
        }

        var ns = item.Namespace() ?? "";
        if (!call.Type.Namespaced || ns.Length == 0 || ns == call.Namespace)
            return;
        throw ApiFault.BadRequest(call.Name is null
            ? "the namespace of the provided object does not match the namespace sent on the request"
            : $"the namespace of the object ({ns}) does not match the namespace on the request ({call.Namespace})");
    }

    private void CheckNamespace(WriteCall call, JsonObject item)
    {
        if (!call.Type.Namespaced)
            return;
        var ns = api.Store.Get("namespaces", null, call.Namespace ?? "")
            ?? throw ApiFault.NamespaceNotFound(call.Namespace ?? "");
        if (!ns.IsBeingDeleted())
            return;
        throw ApiFault.Forbidden(call.Type, item.Name(),
            $"unable to create new content in namespace {call.Namespace} because it is being terminated",
            new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {call.Namespace} is being terminated",
                ["field"] = "metadata.namespace",
            });
    }

    private static void CheckVersion(WriteCall call, JsonObject item, JsonObject current)
    {
        var asked = item.Text("metadata", "resourceVersion") ?? "";
        if (asked.Length > 0 && !ulong.TryParse(asked, out _))
            throw ApiFault.Unforeseen($"strconv.ParseUint: parsing {RelaxedJson.Quote(asked)}: invalid syntax");
        if (asked.Length > 0 && asked != "0" && asked != current.Text("metadata", "resourceVersion"))
            throw ApiFault.Stale(call.Type, call.Name!);
        // The status of a custom object takes nothing from the metadata of a patch but the version.
        var uid = call is { IsPatch: true, Subresource: "status", Type.IsCustom: true } ? "" : item.Uid();
        if (uid.Length > 0 && uid != current.Uid())
            throw OtherObject(call, uid, current.Uid());

        if (asked.Length > 0 || call.IsApply || !call.Type.NeedsVersion)
            return;
        var errors = new FieldErrors();
        errors.Add(new FieldError("metadata.resourceVersion", "FieldValueInvalid",
            "Invalid value: 0x0: must be specified for an update"));
        errors.ThrowIfAny(call.Type.Group, call.Type.Plural, call.Name!);
    }

    /// <summary>
    /// An update that means another object of the name finds its precondition broken; a patch would change the uid.
    /// </summary>
    private static ApiFault OtherObject(WriteCall call, string asked, string found)
    {
        if (!call.IsPatch)
        {
            var place = call.Namespace is { Length: > 0 } ns ? ns + "/" : "";
            return ApiFault.Conflict(call.Type, call.Name!, "StorageError: invalid object, Code: 4, Key: /registry/"
                + $"{call.Type.Plural}/{place}{call.Name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition"
                + $" failed: UID in precondition: {asked}, UID in object meta: {found}");
        }

        var errors = new FieldErrors();
        errors.Invalid("metadata.uid", asked, "field is immutable");
        errors.Invalid("metadata.uid", asked, "field is immutable");
        return errors.Fault(call.Type.Group, call.Type.Kind, call.Name!);
    }

    /// <summary>What a client cannot set at creation.</summary>
    private static void DropServerFields(ResourceType type, JsonObject item)
    {
        foreach (var field in MetadataForm.ServerFields)
        {
            // Of a kind whose changes it does not count the server keeps whatever number somebody says.
            if (field != "generation" || type.HasGeneration || type.IsCustom)
                item.Metadata().Remove(field);
        }
    }

    /// <summary>
    /// What a client says of them does not count, with two exceptions, which validation refuses: who deletes an object
    /// by writing it, and who gives it another time to leave.
    /// </summary>
    private static void KeepServerFields(JsonObject item, JsonObject current)
    {
        foreach (var field in MetadataForm.ServerFields)
        {
            var isAsked = item.At("metadata", field) is not null;
            if (isAsked && field == "deletionGracePeriodSeconds")
                continue;
            if (isAsked && field == "deletionTimestamp" && !current.IsBeingDeleted())
                continue;
            if (current.At("metadata", field) is { } kept)
                item.Metadata()[field] = kept.DeepClone();
            else
                item.Metadata().Remove(field);
        }
    }

    /// <summary>A write to the main resource leaves the status alone, and one to a subresource all the rest.</summary>
    private static void Confine(WriteCall call, JsonObject item, JsonObject current)
    {
        if (call.Subresource.Length == 0 && call.Type.HasStatus)
            Keep(item, current, "status");
        if (call.Subresource != "status")
            return;
        foreach (var name in current.Select(each => each.Key).Union(item.Select(each => each.Key)).ToList())
        {
            if (name is not ("status" or "metadata"))
                Keep(item, current, name);
        }

        if (call.Type.IsCustom)
            Keep(item, current, "metadata");
        else if (call.Type is { Group: "apps", Kind: "Deployment" })
            Keep(item.Metadata(), current.Metadata(), "labels");
    }

    private static void Keep(JsonObject item, JsonObject current, string name)
    {
        if (current[name] is { } kept)
            item[name] = kept.DeepClone();
        else
            item.Remove(name);
    }

    /// <summary>The generation counts changes of what the user wants; metadata and status do not count.</summary>
    private static void Raise(ResourceType type, JsonObject item, JsonObject current)
    {
        if (current.Number("metadata", "generation") is not { } generation)
            return;
        var parts = type.IsCustom
            ? item.Select(each => each.Key).Union(current.Select(each => each.Key))
                .Where(each => each is not "metadata" && (each is not "status" || !type.HasStatus))
            : ["spec", "webhooks", "value", "endpoints"];
        if (parts.Any(each => !ObjectFields.Same(item[each], current[each])))
            item.Metadata()["generation"] = generation + 1;
    }

    private static bool IsFinished(JsonObject item) =>
        item.IsBeingDeleted() && item.ArrayAt("metadata", "finalizers") is not { Count: > 0 }
        && item.Number("metadata", "deletionGracePeriodSeconds") is null or 0
        && item.ArrayAt("spec", "finalizers") is not { Count: > 0 };

    private JsonObject Finish(WriteCall call, JsonObject item)
    {
        if (!call.DryRun)
            api.Store.Remove(call.Type.GroupResource, call.Namespace, call.Name!, item);
        return item;
    }

    private JsonObject Commit(WriteCall call, JsonObject item)
    {
        // Holds the version's place in the order of the metadata until the store stamps it.
        if (!call.DryRun && item.At("metadata", "resourceVersion") is null)
            item.Metadata()["resourceVersion"] = "0";
        MetadataForm.Tidy(item);
        return call.DryRun
            ? item
            : api.Store.Put(call.Type.GroupResource, item.Namespace(), item.Name(), item);
    }
}
