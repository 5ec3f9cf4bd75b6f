using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class SecretRules : IKindRules
{
    private const string AccountName = "kubernetes.io/service-account.name";

    private static readonly SortedDictionary<string, string[]> NeededKeys = new(StringComparer.Ordinal)
    {
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
    };

    public string GroupKind => "Secret";

    /// <summary>What was written as text is kept encoded, and the text is never shown again.</summary>
    public void Default(JsonObject item)
    {
        item.FillIn("type", "Opaque");
        if (item["stringData"] is not JsonObject texts)
            return;
        foreach (var (key, text) in texts)
        {
            item.Section("data")[key] =
                Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Text() ?? ""));
        }

        item.Remove("stringData");
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in item.ObjectAt("data") ?? [])
        {
            ContentKeys.Check(key, "data", errors);
            size += value.Text()?.Length * 3 / 4 ?? 0;
        }

        ContentKeys.CheckSize(size, "data", errors);
        var type = item.Text("type") ?? "";
        foreach (var key in NeededKeys.GetValueOrDefault(type, []))
        {
            if (item.At("data", key) is null)
                errors.Required($"data[{key}]");
            else if (key.StartsWith(".docker", StringComparison.Ordinal))
                CheckJson(item.Text("data", key) ?? "", key, errors);
        }

        if (type == "kubernetes.io/service-account-token"
            && string.IsNullOrEmpty(item.Text("metadata", "annotations", AccountName)))
            errors.Required($"metadata.annotations[{AccountName}]");
        if (type == "kubernetes.io/basic-auth" && item.At("data", "username") is null
            && item.At("data", "password") is null)
        {
            errors.Required("data[username]");
            errors.Required("data[password]");
        }
    }

    private static void CheckJson(string data, string key, FieldErrors errors)
    {
        if (JsonSyntax.Problem(Convert.FromBase64String(data)) is { } problem)
            errors.Invalid($"data[{key}]", "<secret contents redacted>", problem);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        if (!ObjectFields.Same(item["type"], old["type"]))
            errors.Invalid("type", item["type"], "field is immutable");
        ContentKeys.CheckImmutable(item, old, errors, "data");
        ValidateCreate(item, errors);
    }
}
