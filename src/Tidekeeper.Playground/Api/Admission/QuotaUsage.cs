using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Admission;

/// <summary>How much of a quota is used: by one object, and by all that there are in its namespace.</summary>
internal static class QuotaUsage
{
    private const string OfClass = ".storageclass.storage.k8s.io/";

    /// <summary>What everything in the quota's namespace uses of each of its names.</summary>
    public static JsonObject Total(ApiServer api, JsonObject quota)
    {
        var used = new JsonObject();
        foreach (var (name, _) in (quota.ObjectAt("spec", "hard") ?? []).OrderBy(each => each.Key,
                     StringComparer.Ordinal))
        {
            Quantity sum = default;
            foreach (var item in api.Store.List(TableOf(name), quota.Namespace()))
                sum = Add(sum, Of(quota, name, TableOf(name), item));
            used[name] = sum.ToString();
        }

        return used;
    }

    /// <summary>What one object uses of one name of a quota; null when it is not counted there.</summary>
    public static Quantity? Of(JsonObject quota, string name, string table, JsonObject item)
    {
        if (TableOf(name) != table || !IsInScope(quota, table, item))
            return null;
        if (name.StartsWith("count/", StringComparison.Ordinal))
            return Quantity.Parse("1");
        if (table == "pods" && item.Text("status", "phase") is "Succeeded" or "Failed")
            return null;
        if (table == "persistentvolumeclaims")
            return OfClaim(name, item);
        return (table, name) switch
        {
            ("pods", "pods") => Quantity.Parse("1"),
            ("pods", _) => OfPod(name, item),
            ("services", "services.loadbalancers") =>
                item.Text("spec", "type") == "LoadBalancer" ? Quantity.Parse("1") : null,
            ("services", "services.nodeports") =>
                Quantity.Parse($"{item.ObjectsAt("spec", "ports").Count(each => each["nodePort"] is not null)}"),
            _ => Quantity.Parse("1"),
        };
    }

    /// <summary>Requests and limits that a quota counts have to be said by every container.</summary>
    public static IEnumerable<string> Unsaid(JsonObject quota, JsonObject pod)
    {
        foreach (var (name, _) in (quota.ObjectAt("spec", "hard") ?? []).OrderBy(each => each.Key,
                     StringComparer.Ordinal))
        {
            var (field, resource) = Part(name);
            if (resource is not ("cpu" or "memory"))
                continue;
            var silent = pod.ObjectsAt("spec", "containers").Concat(pod.ObjectsAt("spec", "initContainers"))
                .Where(each => each.At("resources", field, resource) is null).Select(each => each.Text("name"))
                .Order(StringComparer.Ordinal).ToList();
            if (silent.Count > 0)
                yield return $"{name} for: {string.Join(',', silent)}";
        }
    }

    public static bool IsInScope(JsonObject quota, string table, JsonObject item)
    {
        if (table != "pods")
            return true;
        var isEffortless = item.Text("status", "qosClass") == "BestEffort";
        var hasEnd = item.Number("spec", "activeDeadlineSeconds") is not null;
        var wanted = quota.TextsAt("spec", "scopes")
            .Select(each => (Name: each, Operator: "Exists", Values: (JsonNode?)null))
            .Concat(quota.ObjectsAt("spec", "scopeSelector", "matchExpressions").Select(each => (
                Name: each.Text("scopeName") ?? "", Operator: each.Text("operator") ?? "Exists",
                Values: each["values"])));
        return wanted.All(each => each.Name switch
        {
            "BestEffort" => isEffortless,
            "NotBestEffort" => !isEffortless,
            "Terminating" => hasEnd,
            "NotTerminating" => !hasEnd,
            "PriorityClass" => HasPriority(item, each.Operator, each.Values),
            _ => true,
        });
    }

    private static bool HasPriority(JsonObject pod, string does, JsonNode? values)
    {
        var name = pod.Text("spec", "priorityClassName") ?? "";
        var isNamed = (values as JsonArray)?.Any(each => each.Text() == name) == true;
        return does switch
        {
            "In" => isNamed,
            "NotIn" => !isNamed,
            "DoesNotExist" => name.Length == 0,
            _ => name.Length > 0,
        };
    }

    private static Quantity? OfClaim(string name, JsonObject claim)
    {
        var at = name.IndexOf(OfClass, StringComparison.Ordinal);
        if (at >= 0 && claim.Text("spec", "storageClassName") != name[..at])
            return null;
        return name.EndsWith("requests.storage", StringComparison.Ordinal)
            ? QuantityValidation.Read(claim.At("spec", "resources", "requests", "storage"))
            : Quantity.Parse("1");
    }

    private static Quantity? OfPod(string name, JsonObject pod)
    {
        var (field, resource) = Part(name);
        Quantity sum = default;
        foreach (var container in pod.ObjectsAt("spec", "containers"))
            sum = Add(sum, QuantityValidation.Read(container.At("resources", field, resource)));
        foreach (var container in pod.ObjectsAt("spec", "initContainers"))
        {
            var alone = QuantityValidation.Read(container.At("resources", field, resource));
            sum = alone > sum ? alone : sum;
        }

        return sum;
    }

    /// <summary>Whether requests or limits are meant, and of what.</summary>
    private static (string Field, string Resource) Part(string name) =>
        name.StartsWith("limits.", StringComparison.Ordinal) ? ("limits", name[7..])
        : name.StartsWith("requests.", StringComparison.Ordinal) ? ("requests", name[9..])
        : ("requests", name);

    private static string TableOf(string name)
    {
        if (name.StartsWith("count/", StringComparison.Ordinal))
            return name[6..];
        if (name == "requests.storage" || name.Contains(OfClass, StringComparison.Ordinal))
            return "persistentvolumeclaims";
        if (name.StartsWith("services", StringComparison.Ordinal))
            return "services";
        return name is "configmaps" or "persistentvolumeclaims" or "replicationcontrollers" or "resourcequotas"
            or "secrets" ? name : "pods";
    }

    private static Quantity Add(Quantity sum, Quantity? more) =>
        more is not { } given || given.IsZero ? sum : sum.IsZero ? given : sum + given;
}
