using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class ConfigMapRules : IKindRules
{
    public string GroupKind => "ConfigMap";

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in item.ObjectAt("data") ?? [])
        {
            ContentKeys.Check(key, "data", errors);
            if (item.At("binaryData", key) is not null)
                errors.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
            size += value.Text()?.Length ?? 0;
        }

        foreach (var (key, value) in item.ObjectAt("binaryData") ?? [])
        {
            ContentKeys.Check(key, "binaryData", errors);
            size += value.Text()?.Length * 3 / 4 ?? 0;
        }

        ContentKeys.CheckSize(size, "", errors);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ContentKeys.CheckImmutable(item, old, errors, "data", "binaryData");
        ValidateCreate(item, errors);
    }
}
