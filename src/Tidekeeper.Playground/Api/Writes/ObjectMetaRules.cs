using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>What holds for the metadata of every object: names, labels, annotations, finalizers, owners.</summary>
internal static class ObjectMetaRules
{
    private const int MostAnnotationBytes = 256 * 1024;

    private static readonly IReadOnlyList<string> Fixed =
    [
        "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
    ];

    public static void ValidateCreate(ResourceType type, JsonObject item, FieldErrors errors)
    {
        // The end of what a name begins with is no end of a name: "db-" is a good beginning.
        if (item.Text("metadata", "generateName") is { Length: > 0 } prefix)
            NameRules.Check(type, prefix[^1] == '-' ? prefix + "a" : prefix, "metadata.generateName", errors, prefix);
        var name = item.Name();
        if (name.Length == 0)
            errors.Required("metadata.name", "name or generateName is required");
        else
            NameRules.Check(type, name, "metadata.name", errors);
        ValidateParts(item, errors);
    }

    public static void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        // The real server runs these checks twice, in its general part and in that of the kind; both are reported.
        for (var round = 0; round < 2; round++)
        {
            foreach (var field in Fixed)
            {
                if (!ObjectFields.Same(item.At("metadata", field), old.At("metadata", field)))
                    errors.Invalid("metadata." + field, item.At("metadata", field), "field is immutable");
            }

            if (!old.IsBeingDeleted())
                continue;
            var added = item.TextsAt("metadata", "finalizers").Except(old.TextsAt("metadata", "finalizers")).ToList();
            if (added.Count > 0)
            {
                errors.Forbidden("metadata.finalizers", "no new finalizers can be added if the object is being deleted,"
                    + $" found new finalizers []string{{{string.Join(", ", added.Select(RelaxedJson.Quote))}}}");
            }
        }

        ValidateParts(item, errors);
    }

    private static void ValidateParts(JsonObject item, FieldErrors errors)
    {
        foreach (var (key, value) in item.ObjectAt("metadata", "labels") ?? [])
        {
            NameRules.CheckQualified(key, "metadata.labels", errors);
            if (value.Text() is { } text)
                NameRules.CheckLabelValue(text, "metadata.labels", errors);
        }

        var size = 0;
        foreach (var (key, value) in item.ObjectAt("metadata", "annotations") ?? [])
        {
            NameRules.CheckQualified(key.ToLowerInvariant(), "metadata.annotations", errors);
            size += key.Length + (value.Text()?.Length ?? 0);
        }

        if (size > MostAnnotationBytes)
            errors.TooLong("metadata.annotations", MostAnnotationBytes);
        foreach (var (at, finalizer) in item.TextsAt("metadata", "finalizers").Index())
            CheckFinalizer(finalizer, at, errors);
        ValidateOwners(item, errors);
    }

    private static void CheckFinalizer(string finalizer, int at, FieldErrors errors)
    {
        if (finalizer is "orphan" or "foregroundDeletion" or "kubernetes")
            return;
        NameRules.CheckQualified(finalizer, "metadata.finalizers", errors);
        if (!finalizer.Contains('/') && !errors.Any)
        {
            errors.Invalid($"metadata.finalizers[{at}]", finalizer, "name is neither a standard finalizer name nor is"
                + " it fully qualified");
        }
    }

    private static void ValidateOwners(JsonObject item, FieldErrors errors)
    {
        var controllers = new List<string>();
        var at = 0;
        foreach (var owner in item.ObjectsAt("metadata", "ownerReferences"))
        {
            var path = $"metadata.ownerReferences[{at++}]";
            foreach (var field in new[] { "apiVersion", "kind", "name", "uid" })
            {
                if (string.IsNullOrEmpty(owner.Text(field)))
                {
                    errors.Invalid(path + "." + field, owner[field] ?? "",
                        field == "apiVersion" ? "version must not be empty" : "must not be empty");
                }
            }

            if (owner.Flag("controller") == true)
                controllers.Add(owner.Text("kind") + "/" + owner.Text("name"));
        }

        if (controllers.Count > 1)
        {
            errors.Invalid("metadata.ownerReferences", item.At("metadata", "ownerReferences"),
                "Only one reference can have Controller set to true. Found \"true\" in references for "
                + $"{controllers[0]} and {controllers[1]}");
        }
    }
}
