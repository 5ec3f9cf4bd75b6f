using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Keeps the EndpointSlice and the older Endpoints of every Service that has a selector.</summary>
public sealed class EndpointSliceController : Controller
{
    public const string ServiceLabel = "kubernetes.io/service-name";
    private const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    private const string Manager = "endpointslice-controller.k8s.io";
    private readonly Feed _services;
    private readonly Feed.Index _pods;
    private readonly Feed.Index _slices;
    private readonly Feed.Index _servicesByNamespace;

    public EndpointSliceController(Cluster cluster) : base(cluster, "endpointslice-controller")
    {
        _services = Follow(Resources.Services);
        _servicesByNamespace = _services.ByNamespace();
        _pods = Follow(Resources.Pods, WakeServices).ByNamespace();
        _slices = Follow(Resources.EndpointSlices, (slice, wake) => wake(ServiceOf(slice)))
            .By("service", slice => ServiceOf(slice).ToString());
        Follow(Resources.Endpoints);
    }

    internal static Key ServiceOf(JsonObject slice) => new(slice.Namespace() ?? "", slice.Label(ServiceLabel) ?? "");

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_services.Get(key) is not { } service || service.IsTerminating()
            || service.ObjectAt("spec", "selector") is not { Count: > 0 } selector)
            return;
        var members = _pods[key.Namespace].Where(p => selector.MapSelects(p) && !p.IsFinished()
            && p.Text("status", "podIP") is not null).Select(p => new EndpointMember(service, p)).ToList();
        WriteSlice(service, members);
        WriteEndpoints(service, members);
    }

    private void WakeServices(JsonObject pod, Action<Key> wake)
    {
        foreach (var service in _servicesByNamespace[pod.Namespace()])
        {
            if (service.At("spec", "selector").MapSelects(pod))
                wake(service.Key());
        }
    }

    private void WriteSlice(JsonObject service, List<EndpointMember> members)
    {
        var existing = _slices[service.Key().ToString()].FirstOrDefault(s => s.Label(ManagedBy) == Manager);
        var endpoints = new JsonArray([.. members.Select(m => m.ToEndpoint(ZoneOf(m.Node)))]);
        var ports = new JsonArray([.. Ports(service, members)]);
        if (existing is not null)
        {
            if (JsonNode.DeepEquals(existing["endpoints"], endpoints) && JsonNode.DeepEquals(existing["ports"], ports))
                return;
            var changed = existing.Copy();
            changed["endpoints"] = endpoints;
            changed["ports"] = ports;
            Api.Update(Resources.EndpointSlices, changed);
            return;
        }

        var labels = OwnLabels(service);
        labels[ManagedBy] = Manager;
        labels[ServiceLabel] = service.Name();
        Api.Create(Resources.EndpointSlices, service.Namespace(), new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = new JsonObject
            {
                ["generateName"] = service.Name() + "-",
                ["namespace"] = service.Namespace(),
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference("v1", "Service", service)),
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = endpoints,
            ["ports"] = ports,
        });
    }

    private void WriteEndpoints(JsonObject service, List<EndpointMember> members)
    {
        var subset = new JsonObject();
        var ready = members.Where(m => m.IsListed).ToList();
        var waiting = members.Where(m => !m.IsListed && !m.IsTerminating).ToList();
        if (ready.Count > 0)
            subset["addresses"] = new JsonArray([.. ready.Select(m => m.ToAddress())]);
        if (waiting.Count > 0)
            subset["notReadyAddresses"] = new JsonArray([.. waiting.Select(m => m.ToAddress())]);
        var hasAny = subset.Count > 0;
        if (hasAny)
            subset["ports"] = new JsonArray([.. Ports(service, members)]);
        var subsets = hasAny ? new JsonArray(subset) : null;
        var existing = Api.Get(Resources.Endpoints, service.Namespace(), service.Name());
        if (existing is not null && JsonNode.DeepEquals(existing["subsets"], subsets))
            return;
        var labels = OwnLabels(service);
        labels["endpoints.kubernetes.io/managed-by"] = "endpoint-controller";
        var wanted = existing?.Copy() ?? new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Endpoints",
            ["metadata"] = new JsonObject
            {
                ["name"] = service.Name(),
                ["namespace"] = service.Namespace(),
                ["labels"] = labels,
            },
        };
        wanted["subsets"] = subsets;
        if (subsets is null)
            wanted.Remove("subsets");
        if (existing is null)
            Api.Create(Resources.Endpoints, service.Namespace(), wanted);
        else
            Api.Update(Resources.Endpoints, wanted);
    }

    private string? ZoneOf(string? node) => Cluster.Nodes.Get("", node ?? "")?.Label("topology.kubernetes.io/zone");

    private static JsonObject OwnLabels(JsonObject service)
    {
        var labels = service.ObjectAt("metadata", "labels")?.Copy() ?? [];
        if (service.Text("spec", "clusterIP") == "None")
            labels["service.kubernetes.io/headless"] = "";
        return labels;
    }

    /// <summary>A target port that is a name is looked up in the containers of a pod.</summary>
    private static IEnumerable<JsonObject> Ports(JsonObject service, List<EndpointMember> members)
    {
        foreach (var port in service.ObjectsAt("spec", "ports"))
        {
            var number = port.Number("targetPort") ?? members.Select(m => m.Port(port.Text("targetPort")))
                .FirstOrDefault(p => p is not null) ?? (port.Text("targetPort") is null ? port.Number("port") : null);
            if (number is null)
                continue;
            yield return new JsonObject
            {
                ["name"] = port.Text("name") ?? "",
                ["port"] = number,
                ["protocol"] = port.Text("protocol") ?? "TCP",
            };
        }
    }
}
