using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Cluster DNS: names of services and of the pods behind headless ones, with the search list that a pod of the
/// asker's namespace has. A ClusterIP service answers with the addresses of its ready pods, beginning with another
/// one each time, since there is no kube-proxy behind the service's own address.
/// </summary>
public sealed class ClusterDns
{
    private const string Domain = ".cluster.local";
    private const string Services = ".svc" + Domain;
    private readonly Feed _services;
    private readonly Feed _slices;
    private readonly Feed _pods;
    private readonly Feed.Index _slicesByService;
    private readonly Feed.Index _podsByAddress;
    private int _turn;

    public ClusterDns(Cluster cluster)
    {
        _services = cluster.Feed(Resources.Services);
        _slices = cluster.Feed(Resources.EndpointSlices);
        _pods = cluster.Pods;
        _slicesByService = _slices.By("service", slice => EndpointSliceController.ServiceOf(slice).ToString());
        _podsByAddress = _pods.By("address", pod => pod.Text("status", "podIP"));
    }

    public IReadOnlyList<string> Resolve(string from, string host)
    {
        _services.Refresh();
        _slices.Refresh();
        _pods.Refresh();
        if (host == "localhost")
            return [from];
        var name = host.TrimEnd('.').ToLowerInvariant();
        var home = _podsByAddress[from].FirstOrDefault()?.Namespace() ?? "default";
        foreach (var suffix in (ReadOnlySpan<string>)[$".{home}{Services}", Services, Domain, ""])
        {
            if (Find(name + suffix) is { Count: > 0 } addresses)
                return addresses;
        }

        return [];
    }

    /// <summary>
    /// The records of a full name, as a real cluster's DNS has them: a ClusterIP service has its own address. Null when
    /// there is no such name; empty when the service is there and no pod behind it is.
    /// </summary>
    public IReadOnlyList<string>? Records(string name)
    {
        _services.Refresh();
        _slices.Refresh();
        if (Parse(name) is not { } part || _services.Get(part.Namespace, part.Service) is not { } service)
            return null;
        if (part.Pod is not null)
            return Addresses(part) is { Count: > 0 } addresses ? addresses : null;
        return service.Text("spec", "clusterIP") is { Length: > 0 } address and not "None" ? [address]
            : Addresses(part);
    }

    private List<string> Find(string name) => Parse(name) is { } part ? Addresses(part) : [];

    private static (string Namespace, string Service, string? Pod)? Parse(string name) =>
        !name.EndsWith(Services, StringComparison.Ordinal) ? null : name[..^Services.Length].Split('.') switch
        {
            [var service, var ns] => (ns, service, null),
            [var pod, var service, var ns] => (ns, service, pod),
            _ => null,
        };

    private List<string> Addresses((string Namespace, string Service, string? Pod) part)
    {
        var (ns, name, pod) = part;
        if (_services.Get(ns, name) is not { } service)
            return [];
        var endpoints = _slicesByService[new Key(ns, name).ToString()]
            .SelectMany(s => s.ObjectsAt("endpoints")).ToList();
        if (pod is not null)
            return [.. Usable(endpoints.Where(e => e.Text("hostname") == pod))];
        var addresses = Usable(endpoints).ToList();
        if (addresses.Count < 2 || service.Text("spec", "clusterIP") == "None")
            return addresses;
        var first = _turn++ % addresses.Count;
        return [.. addresses[first..], .. addresses[..first]];
    }

    private static IEnumerable<string> Usable(IEnumerable<JsonObject> endpoints) =>
        endpoints.Where(e => e.IsTrue("conditions", "ready")).SelectMany(e => e.TextsAt("addresses"));
}
