namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Addresses of one node's pods in 127.0.0.0/8, handed out in turn so that one is not used again soon after its pod
/// has gone: a peer that still has the old address must not reach another pod there.
/// </summary>
/// <param name="number">Number of the node, from 0; nodes get 127.16.0.0/16, 127.17.0.0/16 and so on.</param>
public sealed class AddressPool(int number)
{
    private const int PerNode = 254 * 254;
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private int _last = -1;

    public string NodeAddress => $"127.{16 + number}.0.1";

    public string Take()
    {
        for (var tries = 0; tries < PerNode; tries++)
        {
            _last = (_last + 1) % PerNode;
            var address = $"127.{16 + number}.{1 + _last / 254}.{1 + _last % 254}";
            if (_used.Add(address))
                return address;
        }

        throw new InvalidOperationException($"all {PerNode} pod addresses of node {number} are in use");
    }

    /// <summary>Keeps an address that a pod already has, from before a restart of the playground.</summary>
    public bool Keep(string address) =>
        address.StartsWith($"127.{16 + number}.", StringComparison.Ordinal) && _used.Add(address);

    public void Return(string address) => _used.Remove(address);
}
