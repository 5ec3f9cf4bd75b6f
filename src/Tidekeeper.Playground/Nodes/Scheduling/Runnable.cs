using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>Whether the playground has a program for at least one image of a pod.</summary>
internal static class Runnable
{
    /// <summary>
    /// Names the images; null when the pod can run. Sidecars without a program idle beside one that has.
    /// </summary>
    public static Refusal? Check(JsonObject pod, ProgramCatalog programs)
    {
        var images = pod.ObjectsAt("spec", "containers").Select(c => c.Text("image") ?? "")
            .Distinct(StringComparer.Ordinal).ToList();
        return images.Exists(image => programs.Find(ImageName.Parse(image).Repository) is not null)
            ? null
            : Refusal.Final($"node(s) had no simulated program for image {string.Join(", ", images)}");
    }
}
