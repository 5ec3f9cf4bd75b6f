using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Nodes.Scheduling;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>A container cannot be started because of what its spec refers to.</summary>
internal sealed class ConfigFault(string message) : Exception(message);

/// <summary>Resolves the environment of a container as a kubelet does.</summary>
internal sealed class PodEnvironment(Cluster cluster, JsonObject pod, string address, string hostAddress)
{
    /// <summary>Throws <see cref="ConfigFault"/> when something required is missing.</summary>
    public SortedDictionary<string, string> Of(JsonObject container)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOSTNAME"] = pod.Text("spec", "hostname") ?? pod.Name(),
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        };
        AddServices(environment);
        foreach (var source in container.ObjectsAt("envFrom"))
            AddAll(environment, source);
        foreach (var entry in container.ObjectsAt("env"))
        {
            if (Value(entry, environment, container) is { } value)
                environment[entry.Text("name") ?? ""] = value;
        }

        return environment;
    }

    /// <summary>Replaces $(NAME) by its value; $$ escapes, and an unknown name stays as it is written.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> environment)
    {
        var expanded = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 >= text.Length)
                expanded.Append(text[i]);
            else if (text[i + 1] == '$')
                expanded.Append(text[i++]);
            else if (text[i + 1] == '(' && text.IndexOf(')', i) is > 0 and var end)
            {
                var name = text[(i + 2)..end];
                expanded.Append(environment.TryGetValue(name, out var value) ? value : $"$({name})");
                i = end;
            }
            else
                expanded.Append(text[i]);
        }

        return expanded.ToString();
    }

    /// <summary>The value of a field of the pod, as the downward API gives it.</summary>
    public string? Field(string path) => path switch
    {
        "status.podIP" or "status.podIPs" => address,
        "status.hostIP" or "status.hostIPs" => hostAddress,
        "metadata.labels" => Lines("labels"),
        "metadata.annotations" => Lines("annotations"),
        _ when path.EndsWith("']", StringComparison.Ordinal) => Keyed(path),
        _ => pod.Text(path.Split('.')),
    };

    /// <summary>A request or limit; one that is not set is what the node has, as a kubelet says.</summary>
    public string? Resource(JsonObject container, JsonObject reference)
    {
        var owner = reference.Text("containerName") is { } named
            ? pod.ObjectsAt("spec", "containers").FirstOrDefault(c => c.Text("name") == named) ?? container
            : container;
        var (kind, name) = (reference.Text("resource") ?? "").Split('.', 2) is [var k, var n] ? (k, n) : ("", "");
        var quantity = owner.Text("resources", kind, name) ?? owner.Text("resources", "requests", name)
            ?? cluster.Nodes.Get("", pod.Text("spec", "nodeName") ?? "").Text("status", "allocatable", name);
        var divisor = Math.Max(1, PodRequests.Milli(reference.Text("divisor") is { } d and not "0" ? d : "1"));
        var amount = PodRequests.Milli(quantity);
        return ((amount + divisor - 1) / divisor).ToString();
    }

    private string? Value(JsonObject entry, SortedDictionary<string, string> environment, JsonObject container)
    {
        if (entry.ObjectAt("valueFrom") is not { } from)
            return Expand(entry.Text("value") ?? "", environment);
        if (from.Text("fieldRef", "fieldPath") is { } path)
            return Field(path) ?? "";
        if (from.ObjectAt("resourceFieldRef") is { } resource)
            return Resource(container, resource);
        return from.ObjectAt("configMapKeyRef") is { } config
            ? Keyed(config, Resources.ConfigMaps, "configmap", "ConfigMap")
            : from.ObjectAt("secretKeyRef") is { } secret ? Keyed(secret, Resources.Secrets, "secret", "Secret") : "";
    }

    private string? Keyed(JsonObject reference, string resource, string word, string kind)
    {
        var name = reference.Text("name") ?? "";
        var key = reference.Text("key") ?? "";
        var found = cluster.Kubelet.Get(resource, pod.Namespace(), name);
        if (found is not null && KeptTexts.Of(found).TryGetValue(key, out var value))
            return value;
        if (reference.IsTrue("optional"))
            return null;
        throw new ConfigFault(found is null
            ? $"{word} \"{name}\" not found"
            : $"couldn't find key {key} in {kind} {pod.Namespace()}/{name}");
    }

    private void AddAll(SortedDictionary<string, string> environment, JsonObject source)
    {
        var (reference, resource, word) = source.ObjectAt("configMapRef") is { } config
            ? (config, Resources.ConfigMaps, "configmap")
            : (source.ObjectAt("secretRef"), Resources.Secrets, "secret");
        if (reference is null)
            return;
        var name = reference.Text("name") ?? "";
        if (cluster.Kubelet.Get(resource, pod.Namespace(), name) is not { } found)
        {
            if (reference.IsTrue("optional"))
                return;
            throw new ConfigFault($"{word} \"{name}\" not found");
        }

        foreach (var (key, value) in KeptTexts.Of(found))
            environment[(source.Text("prefix") ?? "") + key] = value;
    }

    private void AddServices(SortedDictionary<string, string> environment)
    {
        if (cluster.Kubelet.Get(Resources.Services, "default", "kubernetes") is not { } api)
            return;
        environment["KUBERNETES_SERVICE_HOST"] = api.Text("spec", "clusterIP") ?? "";
        environment["KUBERNETES_SERVICE_PORT"] = api.ObjectsAt("spec", "ports").FirstOrDefault().Text("port") ?? "443";
    }

    /// <summary><c>metadata.labels['app']</c>.</summary>
    private string? Keyed(string path)
    {
        var open = path.IndexOf("['", StringComparison.Ordinal);
        return open < 0 ? null : pod.Text([.. path[..open].Split('.'), path[(open + 2)..^2]]);
    }

    private string Lines(string map) => string.Join('\n',
        pod.Pairs("metadata", map).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}=\"{p.Value}\""));
}
