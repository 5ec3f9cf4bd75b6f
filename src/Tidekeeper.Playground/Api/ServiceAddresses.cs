using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>
/// Which cluster addresses (10.0.0.0/16) and node ports (30000–32767) services have. Free ones are given out in turn,
/// so that the same history gives the same addresses.
/// </summary>
internal sealed class ServiceAddresses
{
    private const int FirstNodePort = 30000;
    private const int LastNodePort = 32767;

    // The first is the API's own, the tenth is kept for cluster DNS, as on most clusters.
    private const int FirstAddress = 11;
    private const int LastAddress = 65534;

    private readonly SortedDictionary<string, string> _owners = new(StringComparer.Ordinal);
    private int _nextAddress = FirstAddress;
    private int _nextPort = FirstNodePort;

    public ServiceAddresses(ObjectStore store)
    {
        foreach (var service in store.List("services"))
            Learn(service, isThere: true);
        store.Committed += change =>
        {
            if (change.Resource != "services")
                return;
            if (change.Previous is not null)
                Learn(change.Previous, isThere: false);
            if (change.Type != StoreEventType.Deleted)
                Learn(change.Object, isThere: true);
        };
    }

    /// <summary>The address that was asked for, or a free one. Refuses one that another service has.</summary>
    public string Take(JsonObject service, string? asked)
    {
        if (string.IsNullOrEmpty(asked))
        {
            while (_owners.ContainsKey(Address(_nextAddress)))
                _nextAddress = _nextAddress == LastAddress ? FirstAddress : _nextAddress + 1;
            return Address(_nextAddress);
        }

        if (!asked.StartsWith("10.0.", StringComparison.Ordinal) && System.Net.IPAddress.TryParse(asked, out _))
        {
            throw Refused(service, "spec.clusterIPs", new JsonArray(asked), $"failed to allocate IP {asked}: the"
                + $" provided IP ({asked}) is not in the valid range. The range of valid IPs is 10.0.0.0/16");
        }

        if (!_owners.TryGetValue(asked, out var owner) || owner == Owner(service))
            return asked;
        throw Refused(service, "spec.clusterIPs", new JsonArray(asked),
            $"failed to allocate IP {asked}: provided IP is already allocated");
    }

    /// <summary>Gives every port of the service that has none a port on the nodes.</summary>
    public void TakeNodePorts(JsonObject service)
    {
        var taken = new SortedSet<long>();
        foreach (var (at, port) in service.ObjectsAt("spec", "ports").Index())
        {
            if (port.Number("nodePort") is { } asked and > 0)
            {
                var path = $"spec.ports[{at}].nodePort";
                if (asked is < FirstNodePort or > LastNodePort)
                {
                    throw Refused(service, path, asked,
                        "provided port is not in the valid range. The range of valid ports is"
                        + $" {FirstNodePort}-{LastNodePort}");
                }

                if (_owners.TryGetValue(Port(asked), out var owner) && owner != Owner(service))
                    throw Refused(service, path, asked, "provided port is already allocated");
                taken.Add(asked);
                continue;
            }

            while (_owners.ContainsKey(Port(_nextPort)) || taken.Contains(_nextPort))
                _nextPort = _nextPort == LastNodePort ? FirstNodePort : _nextPort + 1;
            taken.Add(_nextPort);
            port["nodePort"] = _nextPort;
        }
    }

    private void Learn(JsonObject service, bool isThere)
    {
        var held = service.TextsAt("spec", "clusterIPs").Where(each => each != "None").Concat(
            service.ObjectsAt("spec", "ports").Select(each => each.Number("nodePort")).OfType<long>().Select(Port));
        foreach (var each in held)
        {
            if (isThere)
                _owners[each] = Owner(service);
            else
                _owners.Remove(each);
        }
    }

    private static ApiFault Refused(JsonObject service, string field, JsonNode value, string why)
    {
        var errors = new FieldErrors();
        errors.Invalid(field, value, why);
        return errors.Fault("", "Service", service.Name());
    }

    private static string Owner(JsonObject service) => service.Namespace() + "/" + service.Name();

    private static string Address(int number) => $"10.0.{number / 256}.{number % 256}";

    private static string Port(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Port(int number) => number.ToString(CultureInfo.InvariantCulture);
}
