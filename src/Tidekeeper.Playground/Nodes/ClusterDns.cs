using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Cluster DNS: names of services and of the pods behind headless ones, with the search list that a pod of the
/// asker's namespace has. A ClusterIP service answers with the addresses of its ready pods, beginning with another
/// one each time, since there is no kube-proxy behind the service's own address.
/// </summary>
internal sealed class ClusterDns
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

    private List<string> Find(string name)
    {
        if (!name.EndsWith(Services, StringComparison.Ordinal))
            return [];
        return name[..^Services.Length].Split('.') switch
        {
            [var service, var ns] => Addresses(ns, service, null),
            [var pod, var service, var ns] => Addresses(ns, service, pod),
            _ => [],
        };
    }

    private List<string> Addresses(string ns, string name, string? pod)
    {
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
