using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>What is remembered of a pod's spec, whether of a pod or of a template.</summary>
internal static class PodTemplateReading
{
    public static IReadOnlyList<ContainerImage> Images(JsonElement podSpec)
    {
        var containers = podSpec.Items("containers");
        return [.. containers.Select(container => new ContainerImage(container.Text("name"), container.Text("image")))];
    }

    public static IReadOnlyList<string> ConfigMaps(JsonElement podSpec)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var volume in podSpec.Items("volumes"))
        {
            names.Add(volume.At("configMap").Text("name"));
            foreach (var source in volume.At("projected").Items("sources"))
                names.Add(source.At("configMap").Text("name"));
        }

        foreach (var list in (string[])["initContainers", "containers"])
        {
            foreach (var container in podSpec.Items(list)) AddOfEnvironment(container, names);
        }

        names.Remove("");
        return [.. names];
    }

    private static void AddOfEnvironment(JsonElement container, SortedSet<string> names)
    {
        foreach (var source in container.Items("envFrom")) names.Add(source.At("configMapRef").Text("name"));
        foreach (var variable in container.Items("env"))
            names.Add(variable.At("valueFrom", "configMapKeyRef").Text("name"));
    }

    /// <summary>The image of that container, or of the first one where none has the name.</summary>
    public static string MainImage(JsonElement podSpec, string container)
    {
        var images = Images(podSpec);
        var main = images.FirstOrDefault(image => image.Container == container);
        return main?.Image ?? (images.Count > 0 ? images[0].Image : "");
    }
}
