using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class ResourceQuotaRules : IKindRules
{
    private static readonly string[] Scopes =
    [
        "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
        "VolumeAttributesClass",
    ];

    private static readonly string[] OfPods =
    [
        "cpu", "limits.cpu", "limits.memory", "memory", "pods", "requests.cpu", "requests.memory",
        "requests.ephemeral-storage", "limits.ephemeral-storage", "ephemeral-storage",
    ];

    public string GroupKind => "ResourceQuota";

    public void PrepareCreate(JsonObject item, KindContext context) => item["status"] = new JsonObject();

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var hard = item.ObjectAt("spec", "hard") ?? [];
        foreach (var (name, amount) in hard.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            var path = $"spec.hard[{name}]";
            QuantityValidation.CheckQuotaName(name, path, errors);
            QuantityValidation.CheckNotNegative(amount, path, errors);
            QuantityValidation.CheckWhole(name, amount, path, errors);
        }

        CheckScopes(item, hard, errors);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        var (now, before) = (item.TextsAt("spec", "scopes"), old.TextsAt("spec", "scopes"));
        if (!now.Order(StringComparer.Ordinal).SequenceEqual(before.Order(StringComparer.Ordinal)))
        {
            errors.Invalid("spec.scopes", item.At("spec", "scopes")?.DeepClone() ?? new JsonArray(),
                "field is immutable");
        }
    }

    private static void CheckScopes(JsonObject item, JsonObject hard, FieldErrors errors)
    {
        const string Path = "spec.scopes";
        var scopes = item.TextsAt("spec", "scopes").ToList();
        foreach (var scope in scopes)
        {
            if (!Scopes.Contains(scope))
                Refuse("unsupported scope");
            foreach (var (name, _) in hard)
            {
                var fits = scope switch
                {
                    "BestEffort" => name == "pods",
                    "VolumeAttributesClass" => name is "persistentvolumeclaims" or "requests.storage",
                    _ => OfPods.Contains(name),
                };
                if (!fits && Scopes.Contains(scope) && !name.Contains('/', StringComparison.Ordinal))
                    Refuse("unsupported scope applied to resource");
            }
        }

        if ((scopes.Contains("BestEffort") && scopes.Contains("NotBestEffort"))
            || (scopes.Contains("Terminating") && scopes.Contains("NotTerminating")))
            Refuse("conflicting scopes");

        void Refuse(string why) => errors.Invalid(Path, item.At("spec", "scopes")?.DeepClone(), why);
    }
}
