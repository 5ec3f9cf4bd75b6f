using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Reads;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Subresources;

/// <summary>What can be done to a pod besides writing it: bind it to a node, evict it politely.</summary>
internal sealed class PodSubresources(ApiServer api)
{
    private static readonly ResourceType Bindings = new("", "v1", "pods/binding", "Binding");

    private ResourceType Pods => api.Catalog.Get("v1/pods");
    private ResourceType Budgets => api.Catalog.Get("policy/v1/poddisruptionbudgets");

    /// <summary>
    /// Gives an unbound pod its node, as the scheduler does. The server itself writes the node and the condition:
    /// nobody
    /// owns them, and the rule that a pod's spec stays as it is does not hold here.
    /// </summary>
    public void Bind(string ns, string name, string node)
    {
        var pod = api.Store.Get(Pods.GroupResource, ns, name)?.Copy() ?? throw ApiFault.NotFound(Pods, name);
        if (pod.Text("spec", "nodeName") is { Length: > 0 } bound)
            throw ApiFault.Conflict(Bindings, name, $"pod {name} is already assigned to node \"{bound}\"");
        if (pod.IsBeingDeleted())
            throw ApiFault.Conflict(Bindings, name, $"pod {name} is being deleted, cannot be assigned to a host");
        if (pod.ArrayAt("spec", "schedulingGates") is { Count: > 0 })
        {
            throw ApiFault.Conflict(Pods, name,
                $"pod {name} has non-empty .spec.schedulingGates");
        }

        pod.Section("spec")["nodeName"] = node;
        var status = pod.Section("status");
        var others = status.ObjectsAt("conditions").Where(each => each.Text("type") != "PodScheduled");
        status["conditions"] = new JsonArray([.. others.Select(each => (JsonNode)each.Copy()), new JsonObject
        {
            ["type"] = "PodScheduled",
            ["observedGeneration"] = pod.At("metadata", "generation")?.DeepClone(),
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = JsonText.Moment(api.Time.GetUtcNow()),
        }]);
        api.Store.Put(Pods.GroupResource, ns, name, pod);
    }

    public ApiResponse AnswerBinding(ApiRequest request, RequestPath path)
    {
        var body = BodyReader.Options(request);
        var node = body.Text("target", "name") ?? "";
        if (node.Length == 0)
            throw ApiFault.Unforeseen("target.name: Required value");
        Bind(path.Namespace!, path.Name!, node);
        return Success(201);
    }

    /// <summary>Deletes the pod unless a PodDisruptionBudget forbids it now (429).</summary>
    public ApiResponse AnswerEviction(ApiRequest request, RequestPath path)
    {
        var body = BodyReader.Options(request);
        var options = DeleteOptions.Read(request, body.ObjectAt("deleteOptions"));
        if (body.Text("metadata", "name") is { Length: > 0 } named && named != path.Name)
            throw ApiFault.BadRequest("name in URL does not match name in Eviction object");
        var pod = api.Store.Get("pods", path.Namespace, path.Name!) ?? throw ApiFault.NotFound(Pods, path.Name!);
        var call = ResourceHandler.Call(request, path) with { Subresource = "" };
        call = call with { DryRun = call.DryRun || body.TextsAt("deleteOptions", "dryRun").Contains("All") };
        var isAlive = !pod.IsBeingDeleted()
            && pod.Text("status", "phase") is not ("Succeeded" or "Failed" or "Pending");
        if (isAlive)
            TakeFromBudget(pod, call);
        api.Remover.Delete(call, options);
        return Success(201);
    }

    private void TakeFromBudget(JsonObject pod, WriteCall call)
    {
        var budgets = api.Store.List(Budgets.GroupResource, pod.Namespace())
            .Where(each => LabelSelector.From(each.ObjectAt("spec", "selector"))?.Matches(pod) == true).ToList();
        if (budgets.Count == 0)
            return;
        if (budgets.Count > 1)
        {
            throw new ApiFault(500, "InternalError", "This pod has more than one PodDisruptionBudget, which the"
                + " eviction subresource does not support.");
        }

        var budget = budgets[0];
        var allowed = budget.Number("status", "disruptionsAllowed") ?? 0;
        if (allowed <= 0)
            throw Refused(budget);
        var taken = budget.Copy();
        taken.Section("status")["disruptionsAllowed"] = allowed - 1;
        taken.Section("status").Section("disruptedPods")[pod.Name()] = JsonText.Moment(api.Time.GetUtcNow());
        api.Writer.Update(new WriteCall(Budgets, budget.Namespace(), budget.Name(), call.Manager)
        {
            Subresource = "status",
            DryRun = call.DryRun,
        }, _ => taken);
    }

    private static ApiFault Refused(JsonObject budget) => new(429, "TooManyRequests",
        "Cannot evict pod as it would violate the pod's disruption budget.", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "DisruptionBudget",
                ["message"] = $"The disruption budget {budget.Name()} needs "
                    + $"{budget.Number("status", "desiredHealthy") ?? 0} healthy pods and has "
                    + $"{budget.Number("status", "currentHealthy") ?? 0} currently",
            }),
        });

    private static ApiResponse Success(int code) => new(code, JsonText.Bytes(new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["code"] = code,
    }));
}
