using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Admission;

/// <summary>
/// LimitRanges at work: containers that say nothing get the namespace's defaults, and what is outside of its bounds
/// is refused.
/// </summary>
internal sealed class LimitAdmission(ApiServer api)
{
    private const string Note = "kubernetes.io/limit-ranger";

    public void Fill(ResourceType type, JsonObject item)
    {
        if (type is not { Group: "", Plural: "pods" })
            return;
        var (limits, requests) = (new JsonObject(), new JsonObject());
        foreach (var range in Ranges(item.Namespace(), "Container"))
        {
            Gather(range.ObjectAt("default"), limits);
            Gather(range.ObjectAt("defaultRequest"), requests);
        }

        var notes = new List<string>();
        foreach (var (field, word) in (ReadOnlySpan<(string, string)>)[("containers", "container"),
                     ("initContainers", "init container")])
        {
            foreach (var container in item.ObjectsAt("spec", field))
            {
                AddNote("request", FillIn(container, "requests", requests), container);
                AddNote("limit", FillIn(container, "limits", limits), container);
            }

            void AddNote(string what, List<string> names, JsonObject container)
            {
                if (names.Count > 0)
                    notes.Add($"{string.Join(", ", names)} {what} for {word} {container.Text("name")}");
            }
        }

        if (notes.Count > 0)
            item.Metadata().Section("annotations")[Note] = "LimitRanger plugin set: " + string.Join("; ", notes);
    }

    public void Check(ResourceType type, JsonObject item)
    {
        var problems = new List<string>();
        if (type is { Group: "", Plural: "pods" })
        {
            foreach (var container in item.ObjectsAt("spec", "containers")
                         .Concat(item.ObjectsAt("spec", "initContainers")))
            {
                foreach (var range in Ranges(item.Namespace(), "Container"))
                    CheckContainer(range, container.ObjectAt("resources"), "Container", problems);
            }

            foreach (var range in Ranges(item.Namespace(), "Pod"))
                CheckContainer(range, Sum(item), "Pod", problems);
        }
        else if (type is { Group: "", Plural: "persistentvolumeclaims" })
        {
            foreach (var range in Ranges(item.Namespace(), "PersistentVolumeClaim"))
                CheckClaim(range, item.ObjectAt("spec", "resources", "requests"), problems);
        }

        if (problems.Count > 0)
        {
            throw ApiFault.Forbidden(type, item.Name(),
                problems.Count == 1 ? problems[0] : $"[{string.Join(", ", problems)}]");
        }
    }

    private IEnumerable<JsonObject> Ranges(string? ns, string kind) => api.Store.List("limitranges", ns)
        .SelectMany(each => each.ObjectsAt("spec", "limits")).Where(each => each.Text("type") == kind);

    private static void Gather(JsonObject? from, JsonObject into)
    {
        foreach (var (name, amount) in from ?? [])
            into[name] = amount?.DeepClone();
    }

    private static List<string> FillIn(JsonObject container, string field, JsonObject usual)
    {
        var resources = container.Section("resources");
        var missing = usual.Where(each => resources.At(field, each.Key) is null)
            .OrderBy(each => each.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, amount) in missing)
            resources.Section(field)[name] = amount?.DeepClone();
        return [.. missing.Select(each => each.Key)];
    }

    private static JsonObject Sum(JsonObject pod)
    {
        var sums = new JsonObject();
        foreach (var container in pod.ObjectsAt("spec", "containers"))
        {
            foreach (var field in (ReadOnlySpan<string>)["requests", "limits"])
            {
                foreach (var (name, amount) in container.ObjectAt("resources", field) ?? [])
                {
                    var sum = QuantityValidation.Read(sums.At(field, name)) + QuantityValidation.Read(amount);
                    sums.Section(field)[name] = sum.ToString();
                }
            }
        }

        return sums;
    }

    private static void CheckContainer(JsonObject range, JsonObject? resources, string kind, List<string> problems)
    {
        var (requests, limits) = (resources.ObjectAt("requests"), resources.ObjectAt("limits"));
        foreach (var (name, least) in range.ObjectAt("min") ?? [])
        {
            var start = $"minimum {name} usage per {kind} is {QuantityValidation.Text(least)}";
            if (requests?[name] is not { } request)
                problems.Add(start + ".  No request is specified");
            else if (Read(request) < Read(least))
                problems.Add($"{start}, but request is {QuantityValidation.Text(request)}");
            else if (limits?[name] is { } limit && Read(limit) < Read(least))
                problems.Add($"{start}, but limit is {QuantityValidation.Text(limit)}");
        }

        foreach (var (name, most) in range.ObjectAt("max") ?? [])
        {
            var start = $"maximum {name} usage per {kind} is {QuantityValidation.Text(most)}";
            if (limits?[name] is not { } limit)
                problems.Add(start + ".  No limit is specified");
            else if (Read(limit) > Read(most))
                problems.Add($"{start}, but limit is {QuantityValidation.Text(limit)}");
            else if (requests?[name] is { } request && Read(request) > Read(most))
                problems.Add($"{start}, but request is {QuantityValidation.Text(request)}");
        }

        foreach (var (name, ratio) in range.ObjectAt("maxLimitRequestRatio") ?? [])
            CheckRatio(name, ratio, requests?[name], limits?[name], kind, problems);
    }

    private static void CheckRatio(
        string name, JsonNode? most, JsonNode? request, JsonNode? limit, string kind, List<string> problems)
    {
        var start = $"{name} max limit to request ratio per {kind} is {QuantityValidation.Text(most)}";
        if (request is null || Read(request).IsZero)
            problems.Add(start + ", but no request is specified or request is 0");
        else if (limit is null || Read(limit).IsZero)
            problems.Add(start + ", but no limit is specified or limit is 0");
        else
        {
            var ratio = (double)Read(limit).Nanos / (double)Read(request).Nanos;
            if (ratio > (double)Read(most).Nanos / 1e9)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{start}, but provided ratio is {ratio:F6}"));
            }
        }
    }

    private static void CheckClaim(JsonObject range, JsonObject? requests, List<string> problems)
    {
        foreach (var (field, word) in (ReadOnlySpan<(string, string)>)[("min", "minimum"), ("max", "maximum")])
        {
            if (range.At(field, "storage") is not { } bound)
                continue;
            var start = $"{word} storage usage per PersistentVolumeClaim is {QuantityValidation.Text(bound)}";
            if (requests?["storage"] is not { } request)
                problems.Add(start + ".  No request is specified");
            else if (field == "min" ? Read(request) < Read(bound) : Read(request) > Read(bound))
                problems.Add($"{start}, but request is {QuantityValidation.Text(request)}");
        }
    }

    private static Quantity Read(JsonNode? quantity) => QuantityValidation.Read(quantity);
}
