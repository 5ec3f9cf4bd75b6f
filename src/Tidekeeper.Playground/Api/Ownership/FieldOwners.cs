using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>
/// Keeps track of who last set which field (<c>metadata.managedFields</c>), and does server-side apply with it: a field
/// that an applier no longer names goes unless somebody else owns it, and one that another owns is a conflict.
/// </summary>
internal sealed class FieldOwners(TimeProvider time, Shapes shapes)
{
    // The server's own fields of metadata belong to nobody.
    private static readonly string[] Unowned =
    [
        "f:name", "f:namespace", "f:creationTimestamp", "f:selfLink", "f:uid", "f:generation", "f:managedFields",
        "f:resourceVersion",
    ];

    public void OnCreate(WriteCall call, JsonObject item)
    {
        item.Metadata().Remove("managedFields");
        var schema = shapes.SchemaOf(call.Type);
        if (call.Applied is { } config)
            ManagedFields.Write(item, [Owner(call, Owned(call, AppliedFields.Of(schema, config)))]);
        else
            Record(call, item, new JsonObject(), [], schema);
    }

    public void OnUpdate(WriteCall call, JsonObject item, JsonObject old)
    {
        if (call.IsApply)
            return;

        // One empty entry is the way to say "forget who owns what". Whoever says otherwise who owns what is believed,
        // and no entry at all says nothing: clients that do not know of owners must not lose them.
        var isReset = call.Subresource.Length == 0
            && item.ArrayAt("metadata", "managedFields") is [JsonObject { Count: 0 }];
        var said = call.Subresource.Length == 0 ? ManagedFields.Read(item) : [];
        item.Metadata().Remove("managedFields");
        if (isReset)
            return;

        // Once forgotten, owners are of no interest any more until somebody applies.
        var before = said.Count > 0 ? said : ManagedFields.Read(old);
        if (before.Count > 0)
            Record(call, item, old, before, shapes.SchemaOf(call.Type));
    }

    /// <summary>The object with an applied configuration laid over it, owners included. Throws on a conflict.</summary>
    public JsonObject Merge(WriteCall call, JsonObject current, JsonObject config)
    {
        var schema = shapes.SchemaOf(call.Type);
        var owners = ManagedFields.Read(current);
        if (owners.Count == 0)
            owners = Before(call, current, schema);
        var applier = Owner(call, Owned(call, AppliedFields.Of(schema, config)));
        var before = owners.Find(each => each.IsSameAs(applier));
        var others = owners.Where(each => each != before).ToList();

        var merged = current.Copy();
        merged.Metadata().Remove("managedFields");
        TypedMerge.Lay(schema, merged, Confined(call, config));
        if (before is not null)
        {
            var held = others.Aggregate(applier.Fields, (all, each) => all.Union(each.Fields));
            TypedMerge.Remove(schema, merged, GivenUp(before.Fields, held));
        }

        var live = current.Copy();
        live.Metadata().Remove("managedFields");
        var changes = FieldChanges.Between(schema, live, merged);
        CheckConflicts(call, others, changes.Changed);
        var after = others.Select(each => Lose(each, changes.Changed.Union(changes.Removed))).ToList();
        var isSame = before is not null && before.Fields.SameAs(applier.Fields)
            && before.ApiVersion == applier.ApiVersion && ObjectFields.Same(live, merged);
        ManagedFields.Write(merged, [.. after, isSame ? before! : applier]);

        // Nobody owns them, and whoever applies them says which object, in which state, he means.
        foreach (var precondition in (ReadOnlySpan<string>)["uid", "resourceVersion"])
        {
            if (config.Text("metadata", precondition) is { Length: > 0 } meant)
                merged.Metadata()[precondition] = meant;
        }

        return merged;
    }

    /// <summary>All that is there when nobody owns anything, as one owner's.</summary>
    private List<FieldOwner> Before(WriteCall call, JsonObject current, Schema schema)
    {
        var unknown = call with { Manager = "before-first-apply", Applied = null, Subresource = "" };
        var fields = Owned(unknown, FieldChanges.Between(schema, new JsonObject(), current).Changed);
        return fields.IsEmpty ? [] : [Owner(unknown, fields)];
    }

    private void Record(
        WriteCall call, JsonObject item, JsonObject old, IEnumerable<FieldOwner> before, Schema schema)
    {
        var changes = FieldChanges.Between(schema, old, item).Except(ResetFields(call));
        var gained = Owned(call, changes.Changed);
        var lost = changes.Changed.Union(changes.Removed);
        var owners = before.Select(each => Lose(each, lost)).ToList();
        if (!gained.IsEmpty)
        {
            var self = Owner(call, gained);
            var at = owners.FindIndex(each => each.IsSameAs(self));
            if (at < 0)
                owners.Add(self);
            else
                owners[at] = self with { Fields = owners[at].Fields.Union(gained) };
        }

        ManagedFields.Write(item, ManagedFields.Capped(owners));
    }

    private FieldOwner Owner(WriteCall call, FieldSet fields) =>
        new(call.Manager, call.IsApply ? "Apply" : "Update", call.Type.ApiVersion, call.Subresource)
        {
            Fields = fields,

            // The real server writes no time for scale; it is one of its oddities that clients see.
            Time = call.Subresource == "scale" ? null : JsonText.Moment(time.GetUtcNow()),
        };

    private static FieldOwner Lose(FieldOwner owner, FieldSet lost) =>
        owner with { Fields = owner.Fields.Difference(lost) };

    private static void CheckConflicts(WriteCall call, IEnumerable<FieldOwner> others, FieldSet changed)
    {
        if (call.Force)
            return;
        var conflicts = others
            .Select(each => (Owner: each.ToString(), Paths: each.Fields.Intersection(changed).Paths().ToList()))
            .Where(each => each.Paths.Count > 0)
            .OrderBy(each => each.Owner, StringComparer.Ordinal).ToList();
        var count = conflicts.Sum(each => each.Paths.Count);
        if (count == 0)
            return;
        var what = count == 1
            ? $"1 conflict: conflict with {conflicts[0].Owner}: {conflicts[0].Paths[0]}"
            : $"{count} conflicts: " + string.Join('\n', conflicts.Select(each =>
                $"conflicts with {each.Owner}:\n" + string.Join('\n', each.Paths.Select(path => "- " + path))));
        var causes = conflicts.SelectMany(each => each.Paths.Select(path => (JsonNode)new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = "conflict with " + each.Owner,
            ["field"] = path,
        }));
        throw new ApiFault(409, "Conflict", "Apply failed with " + what,
            new JsonObject { ["causes"] = new JsonArray([.. causes]) });
    }

    /// <summary>
    /// Paths that were applied before and that nobody owns any more, neither they nor anything below them.
    /// </summary>
    private static FieldSet GivenUp(FieldSet before, FieldSet? held)
    {
        var given = new FieldSet { IsMember = before.IsMember && (held is null || held.IsEmpty) };
        foreach (var (element, child) in before.Children)
        {
            var below = GivenUp(child, held?.Child(element));
            if (below.IsEmpty)
                continue;
            var slot = given.Below(element);
            slot.IsMember = below.IsMember;
            foreach (var (name, deeper) in below.Children)
                Graft(slot.Below(name), deeper);
        }

        return given;
    }

    private static void Graft(FieldSet at, FieldSet from)
    {
        at.IsMember = from.IsMember;
        foreach (var (name, deeper) in from.Children)
            Graft(at.Below(name), deeper);
    }

    private static FieldSet Owned(WriteCall call, FieldSet fields)
    {
        var owned = fields.Without(["f:apiVersion", "f:kind", .. ResetFields(call)]);
        if (owned.Child("f:metadata") is not { } metadata)
            return owned;
        var rest = metadata.Without(Unowned);
        rest.IsMember = false;
        var result = owned.Without("f:metadata");
        if (!rest.IsEmpty)
            Graft(result.Below("f:metadata"), rest);
        return result;
    }

    /// <summary>What a write to this resource or subresource cannot change.</summary>
    private static string[] ResetFields(WriteCall call) => call.Subresource switch
    {
        "" when call.Type.HasStatus => ["f:status"],
        "status" when call.Type.IsCustom => ["f:spec", "f:metadata"],
        "status" => ["f:spec"],
        _ => [],
    };

    private static JsonObject Confined(WriteCall call, JsonObject config)
    {
        var confined = config.Copy();
        foreach (var field in ResetFields(call))
            confined.Remove(field[2..]);
        foreach (var field in Unowned)
            confined.ObjectAt("metadata")?.Remove(field[2..]);
        return confined;
    }
}
