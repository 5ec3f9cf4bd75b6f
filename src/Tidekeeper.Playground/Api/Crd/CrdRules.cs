using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>Defaults and checks of CustomResourceDefinitions.</summary>
internal sealed partial class CrdRules : IKindRules
{
    private const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    public string GroupKind => "CustomResourceDefinition.apiextensions.k8s.io";

    public void Default(JsonObject item)
    {
        if (item["spec"] is not JsonObject spec)
            return;
        if (spec["names"] is JsonObject names && names.Text("kind") is { Length: > 0 } kind)
        {
            names["singular"] ??= kind.ToLowerInvariant();
            names["listKind"] ??= kind + "List";
        }

        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        if (spec.Flag("preserveUnknownFields") == false)
            spec.Remove("preserveUnknownFields");
    }

    public void PrepareCreate(JsonObject item, KindContext context) =>
        item["status"] = new JsonObject
        {
            ["conditions"] = null,
            ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
            ["storedVersions"] = new JsonArray([.. Versions(item).Where(v => v.Flag("storage") == true)
                .Select(v => (JsonNode?)v.Text("name"))]),
        };

    public void PrepareUpdate(JsonObject item, JsonObject old, KindContext context)
    {
        if (item["status"] is not JsonObject status)
            return;
        var stored = status.TextsAt("storedVersions").ToList();
        foreach (var version in Versions(item).Where(v => v.Flag("storage") == true))
        {
            if (version.Text("name") is { } name && !stored.Contains(name))
                stored.Add(name);
        }

        status["storedVersions"] = new JsonArray([.. stored.Select(s => (JsonNode?)s)]);
    }

    /// <summary>A definition stays until its objects are gone.</summary>
    public bool PrepareDelete(JsonObject item, KindContext context)
    {
        var metadata = item.Metadata();
        if (!item.TextsAt("metadata", "finalizers").Contains(Cleanup))
        {
            metadata["finalizers"] = new JsonArray(
                [.. item.TextsAt("metadata", "finalizers").Append(Cleanup).Select(each => (JsonNode?)each)]);
        }

        var status = item.Section("status");
        var others = status.ObjectsAt("conditions").Where(each => each.Text("type") != "Terminating");
        status["conditions"] = new JsonArray([.. others.Select(each => (JsonNode?)each.Copy()), new JsonObject
        {
            ["type"] = "Terminating",
            ["status"] = "True",
            ["lastTransitionTime"] = JsonText.Moment(context.Now),
            ["reason"] = "InstanceDeletionPending",
            ["message"] = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
        }]);
        return true;
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors) => Validate(item, errors);

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        Validate(item, errors);
        foreach (var path in new string[][] { ["spec", "group"], ["spec", "names", "plural"], ["spec", "scope"],
            ["spec", "names", "kind"] })
        {
            if (!ObjectFields.Same(item.At(path), old.At(path)))
                errors.Invalid(string.Join('.', path), item.At(path), "field is immutable");
        }

        var names = Versions(item).Select(v => v.Text("name")).ToList();
        foreach (var (stored, i) in item.TextsAt("status", "storedVersions").Select((s, i) => (s, i)))
        {
            if (!names.Contains(stored))
                errors.Invalid($"status.storedVersions[{i}]", stored, "must appear in spec.versions");
        }
    }

    private static void Validate(JsonObject item, FieldErrors errors)
    {
        var group = item.Text("spec", "group") ?? "";
        var plural = item.Text("spec", "names", "plural") ?? "";
        if (item.Name() != $"{plural}.{group}")
            errors.Invalid("metadata.name", item.Name(), "must be spec.names.plural+\".\"+spec.group");
        if (group.Length == 0)
            errors.Required("spec.group");
        else if (!Subdomain().IsMatch(group))
            errors.Invalid("spec.group", group, SubdomainRule);
        else if (!group.Contains('.'))
            errors.Invalid("spec.group", group, "should be a domain with at least one dot");
        if (item.Text("spec", "scope") is not { Length: > 0 } scope)
            errors.Required("spec.scope");
        else if (scope is not ("Namespaced" or "Cluster"))
            errors.Unsupported("spec.scope", scope, "Cluster", "Namespaced");
        ValidateNames(item, errors);
        ValidateVersions(item, errors);
        if (group.EndsWith(".k8s.io", StringComparison.Ordinal)
            || group.EndsWith(".kubernetes.io", StringComparison.Ordinal))
        {
            if (item.Text("metadata", "annotations", "api-approved.kubernetes.io") is not { Length: > 0 })
            {
                errors.Required("metadata.annotations[api-approved.kubernetes.io]",
                    "protected groups must have approval annotation \"api-approved.kubernetes.io\", see " +
                    "https://github.com/kubernetes/enhancements/pull/1111");
            }
        }
    }

    private static void ValidateNames(JsonObject item, FieldErrors errors)
    {
        foreach (var (field, needed) in new[] { ("plural", true), ("singular", false), ("kind", true),
            ("listKind", true) })
        {
            var value = item.Text("spec", "names", field) ?? "";
            var at = $"spec.names.{field}";
            if (value.Length == 0 && needed)
                errors.Required(at);
            else if (value.Length > 0
                && !Label().IsMatch(field is "kind" or "listKind" ? value.ToLowerInvariant() : value))
            {
                errors.Invalid(at, value, field is "kind" or "listKind"
                    ? "may have mixed case, but should otherwise match: " + LabelRule : LabelRule);
            }
        }

        foreach (var list in new[] { "shortNames", "categories" })
        {
            foreach (var (name, i) in item.TextsAt("spec", "names", list).Select((n, i) => (n, i)))
            {
                if (!Label().IsMatch(name))
                    errors.Invalid($"spec.names.{list}[{i}]", name, LabelRule);
            }
        }

        if (item.Text("spec", "names", "kind") is { Length: > 0 } kind
            && kind == item.Text("spec", "names", "listKind"))
            errors.Invalid("spec.names.listKind", kind, "kind and listKind may not be the same");
    }

    private static void ValidateVersions(JsonObject item, FieldErrors errors)
    {
        var versions = Versions(item).ToList();
        if (versions.Count == 0)
            errors.Required("spec.versions");
        var seen = new List<string>();
        for (var i = 0; i < versions.Count; i++)
        {
            var at = $"spec.versions[{i}]";
            var name = versions[i].Text("name") ?? "";
            if (seen.Contains(name))
                errors.Invalid("spec.versions", item.At("spec", "versions"), "must contain unique version names");
            seen.Add(name);
            if (!Label().IsMatch(name))
                errors.Invalid(at + ".name", name, LabelRule);
            if (versions[i].ObjectAt("schema", "openAPIV3Schema") is { } schema)
                new CrdSchemaRules(errors).Check(schema, at + ".schema.openAPIV3Schema");
            else
                errors.Required(at + ".schema.openAPIV3Schema", "schemas are required");
            CheckColumns(versions[i], at, errors);
            CheckScale(versions[i], at, errors);
        }

        if (versions.Count(v => v.Flag("storage") == true) != 1)
        {
            errors.Invalid("spec.versions", item.At("spec", "versions"),
                "must have exactly one version marked as storage version");
        }
    }

    private static void CheckColumns(JsonObject version, string at, FieldErrors errors)
    {
        foreach (var (column, i) in version.ObjectsAt("additionalPrinterColumns").Select((c, i) => (c, i)))
        {
            var path = $"{at}.additionalPrinterColumns[{i}]";
            if (column.Text("name") is not { Length: > 0 })
                errors.Required(path + ".name");
            if (column.Text("type") is not { Length: > 0 } type)
                errors.Required(path + ".type", "must be one of boolean,date,integer,number,string");
            else if (type is not ("boolean" or "date" or "integer" or "number" or "string"))
                errors.Invalid(path + ".type", type, "must be one of boolean,date,integer,number,string");
            if (column.Text("jsonPath") is not { Length: > 0 } json)
                errors.Required(path + ".JSONPath");
            else if (!json.StartsWith('.'))
                errors.Invalid(path + ".JSONPath", json, "must be a simple json path starting with .");
        }
    }

    private static void CheckScale(JsonObject version, string at, FieldErrors errors)
    {
        if (ScalePaths.Of(version) is not { } scale)
            return;
        var path = at + ".subresources.scale";
        if (scale.Spec.Length == 0)
            errors.Required(path + ".specReplicasPath");
        else if (!scale.Spec.StartsWith(".spec.", StringComparison.Ordinal))
            errors.Invalid(path + ".specReplicasPath", scale.Spec, "should be a json path under .spec");
        if (scale.Status.Length == 0)
            errors.Required(path + ".statusReplicasPath");
        else if (!scale.Status.StartsWith(".status.", StringComparison.Ordinal))
            errors.Invalid(path + ".statusReplicasPath", scale.Status, "should be a json path under .status");
        if (scale.Selector is { Length: > 0 } selector && !selector.StartsWith(".spec.", StringComparison.Ordinal)
            && !selector.StartsWith(".status.", StringComparison.Ordinal))
            errors.Invalid(path + ".labelSelectorPath", selector,
                "should be a json path under either .status or .spec");
    }

    private static IEnumerable<JsonObject> Versions(JsonObject item) => item.ObjectsAt("spec", "versions");

    private const string LabelRule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start " +
        "with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex " +
        "used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric " +
        "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
            + "used " +
        "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();
}
