using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>One pod behind a Service.</summary>
internal sealed class EndpointMember(JsonObject service, JsonObject pod)
{
    private readonly bool _publishesAll = service.IsTrue("spec", "publishNotReadyAddresses");

    public bool IsTerminating => pod.IsTerminating();
    public string? Node => pod.Text("spec", "nodeName");

    /// <summary>Whether clients are sent here; with publishNotReadyAddresses also before it is ready.</summary>
    public bool IsListed => _publishesAll || (pod.IsReady() && !pod.IsTerminating());

    public long? Port(string? name) => pod.ObjectsAt("spec", "containers").SelectMany(c => c.ObjectsAt("ports"))
        .FirstOrDefault(p => p.Text("name") == name).Number("containerPort");

    public JsonObject ToEndpoint(string? zone)
    {
        var endpoint = new JsonObject
        {
            ["addresses"] = new JsonArray(pod.Text("status", "podIP")),
            ["conditions"] = new JsonObject
            {
                ["ready"] = IsListed,
                ["serving"] = pod.IsReady(),
                ["terminating"] = pod.IsTerminating(),
            },
        };
        if (Hostname is { } hostname)
            endpoint["hostname"] = hostname;
        endpoint["nodeName"] = Node;
        endpoint["targetRef"] = Reference;
        if (zone is not null)
            endpoint["zone"] = zone;
        return endpoint;
    }

    public JsonObject ToAddress()
    {
        var address = new JsonObject { ["ip"] = pod.Text("status", "podIP") };
        if (Hostname is { } hostname)
            address["hostname"] = hostname;
        address["nodeName"] = Node;
        address["targetRef"] = Reference;
        return address;
    }

    private JsonObject Reference => new()
    {
        ["kind"] = "Pod",
        ["namespace"] = pod.Namespace(),
        ["name"] = pod.Name(),
        ["uid"] = pod.Uid(),
    };

    private string? Hostname => pod.Text("spec", "subdomain") == service.Name() && service.Name().Length > 0
        ? pod.Text("spec", "hostname")
        : null;
}
