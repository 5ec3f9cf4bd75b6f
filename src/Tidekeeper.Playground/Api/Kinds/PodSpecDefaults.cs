using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>What a real server fills into the spec of a pod, and into that of every pod template.</summary>
internal static class PodSpecDefaults
{
    /// <summary>Of a pod itself: what no template has filled in, so that a workload can take it back.</summary>
    public static void FillPod(JsonObject spec)
    {
        Fill(spec);
        foreach (var container in spec.ObjectsAt("initContainers").Concat(spec.ObjectsAt("containers")))
        {
            FillRequests(container.ObjectAt("resources"));
            foreach (var port in container.ObjectsAt("ports"))
            {
                if (spec.Flag("hostNetwork") == true && port["hostPort"] is null)
                    port["hostPort"] = port["containerPort"]?.DeepClone();
            }
        }
    }

    private static void Fill(JsonObject spec)
    {
        Set(spec, "restartPolicy", "Always");
        Set(spec, "terminationGracePeriodSeconds", 30L);
        Set(spec, "dnsPolicy", "ClusterFirst");
        Set(spec, "schedulerName", "default-scheduler");
        if (spec["securityContext"] is null)
            spec["securityContext"] = new JsonObject();
        foreach (var container in spec.ObjectsAt("initContainers").Concat(spec.ObjectsAt("containers")))
            FillContainer(container);
        foreach (var volume in spec.ObjectsAt("volumes"))
            FillVolume(volume);
    }

    /// <summary>The template of a workload: its spec.</summary>
    public static void FillTemplate(JsonObject owner, params ReadOnlySpan<string> path)
    {
        if (owner.ObjectAt(path) is { } template && template["spec"] is JsonObject spec)
            Fill(spec);
    }

    /// <summary>Sets a field that is not there, or is null.</summary>
    public static void Set(JsonObject item, string field, JsonNode value)
    {
        if (item[field] is null)
            item[field] = value;
    }

    private static void FillContainer(JsonObject container)
    {
        Set(container, "terminationMessagePath", "/dev/termination-log");
        Set(container, "terminationMessagePolicy", "File");
        Set(container, "imagePullPolicy", IsLatest(container.Text("image") ?? "") ? "Always" : "IfNotPresent");
        if (container["resources"] is null)
            container["resources"] = new JsonObject();
        foreach (var port in container.ObjectsAt("ports"))
            Set(port, "protocol", "TCP");

        foreach (var variable in container.ObjectsAt("env"))
            FillReference(variable.ObjectAt("valueFrom"));
        foreach (var probe in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[probe] is JsonObject given)
                FillProbe(given);
        }

        foreach (var hook in (ReadOnlySpan<string>)["postStart", "preStop"])
        {
            if (container.ObjectAt("lifecycle", hook, "httpGet") is { } get)
                FillHttpGet(get);
        }
    }

    /// <summary>A limit without a request is the request too.</summary>
    private static void FillRequests(JsonObject? resources)
    {
        if (resources?["limits"] is not JsonObject limits)
            return;
        foreach (var (name, limit) in limits)
        {
            if (resources.Section("requests")[name] is null)
                resources.Section("requests")[name] = limit?.DeepClone();
        }
    }

    private static void FillProbe(JsonObject probe)
    {
        Set(probe, "timeoutSeconds", 1L);
        Set(probe, "periodSeconds", 10L);
        Set(probe, "successThreshold", 1L);
        Set(probe, "failureThreshold", 3L);
        if (probe["httpGet"] is JsonObject get)
            FillHttpGet(get);
        if (probe["grpc"] is JsonObject grpc)
            Set(grpc, "service", "");
    }

    private static void FillHttpGet(JsonObject get)
    {
        Set(get, "path", "/");
        Set(get, "scheme", "HTTP");
    }

    private static void FillVolume(JsonObject volume)
    {
        if (!volume.Any(each => each.Key != "name" && each.Value is not null))
            volume["emptyDir"] = new JsonObject();
        foreach (var kind in (ReadOnlySpan<string>)["secret", "configMap", "downwardAPI", "projected"])
        {
            if (volume[kind] is JsonObject source)
                Set(source, "defaultMode", 420L);
        }

        if (volume["hostPath"] is JsonObject path)
            Set(path, "type", "");
        foreach (var item in volume.ObjectsAt("downwardAPI", "items"))
            FillReference(item);
        foreach (var source in volume.ObjectsAt("projected", "sources"))
        {
            if (source["serviceAccountToken"] is JsonObject token)
                Set(token, "expirationSeconds", 3600L);
            foreach (var item in source.ObjectsAt("downwardAPI", "items"))
                FillReference(item);
        }
    }

    private static void FillReference(JsonObject? source)
    {
        if (source?["fieldRef"] is JsonObject reference)
            Set(reference, "apiVersion", "v1");
        if (source?["resourceFieldRef"] is JsonObject resource)
            Set(resource, "divisor", "0");
    }

    private static bool IsLatest(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
            return false;
        var colon = image.LastIndexOf(':');
        return colon <= image.LastIndexOf('/') || image[(colon + 1)..] == "latest";
    }
}
