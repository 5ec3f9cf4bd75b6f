using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Admission;

/// <summary>What a pod takes over from its service account and from its priority class.</summary>
internal static class PodAdmission
{
    /// <summary>Whether the account wants its token mounted.</summary>
    public static bool TakeAccount(JsonObject pod, KindContext context)
    {
        var spec = pod.Section("spec");
        if (string.IsNullOrEmpty(spec.Text("serviceAccountName")))
            spec["serviceAccountName"] = "default";
        var name = spec.Text("serviceAccountName")!;
        spec["serviceAccount"] = name;
        var account = context.Get("v1/serviceaccounts", pod.Namespace(), name);

        // A pod may come before its namespace's default account here: the simulation's worlds are started in any order.
        if (account is null && name != "default")
        {
            throw ApiFault.Forbidden(context.Api.Catalog.Get("v1/pods"), pod.Name(),
                $"error looking up service account {pod.Namespace()}/{name}: serviceaccount \"{name}\" not found");
        }

        if (spec.ArrayAt("imagePullSecrets") is not { Count: > 0 }
            && account?["imagePullSecrets"] is JsonArray { Count: > 0 } secrets)
            spec["imagePullSecrets"] = secrets.DeepClone();
        return spec.Flag("automountServiceAccountToken") ?? account.Flag("automountServiceAccountToken") ?? true;
    }

    public static void TakePriority(JsonObject pod, KindContext context)
    {
        var spec = pod.Section("spec");
        var name = spec.Text("priorityClassName") ?? "";
        JsonObject? found = null;
        if (name.Length > 0)
        {
            found = context.Get("scheduling.k8s.io/v1/priorityclasses", null, name)
                ?? throw Refused(pod, context, $"no PriorityClass with name {name} was found");
        }
        else
        {
            found = context.List("scheduling.k8s.io/v1/priorityclasses")
                .Where(each => each.Flag("globalDefault") == true)
                .OrderBy(each => each.Number("value")).FirstOrDefault();
            if (found is not null)
                spec["priorityClassName"] = found.Name();
        }

        var priority = found.Number("value") ?? 0;
        if (spec.Number("priority") is { } asked && asked != priority)
        {
            throw Refused(pod, context, $"the integer value of priority ({asked}) must not be provided in pod spec;"
                + $" priority admission controller computed {priority} from the given PriorityClass name");
        }

        spec["priority"] = priority;
        PodSpecDefaults.Set(spec, "preemptionPolicy", found.Text("preemptionPolicy") ?? "PreemptLowerPriority");
    }

    private static ApiFault Refused(JsonObject pod, KindContext context, string why) =>
        ApiFault.Forbidden(context.Api.Catalog.Get("v1/pods"), pod.Name(), why);
}
