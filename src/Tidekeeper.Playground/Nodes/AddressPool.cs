namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Addresses of one node's pods, handed out in turn so that one is not used again soon after its pod has gone: a peer
/// that still has the old address must not reach another pod there.
/// </summary>
/// <param name="prefix">The first three numbers, with a dot behind each.</param>
public sealed class AddressPool(string prefix)
{
    /// <summary>
    /// Where a playground's addresses in 127.0.0.0/8 may begin: the first of four second octets. Two playgrounds on one
    /// machine have different blocks: with the same addresses, what is not found in one would be answered by the other.
    /// </summary>
    public static IReadOnlyList<int> Blocks { get; } = [.. Enumerable.Range(0, 55).Select(n => 32 + (4 * n))];

    private const int PerNode = 250;
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private int _last = -1;

    public string NodeAddress => prefix + "254";

    /// <summary>Prefixes of the nodes 0 to 999 in one of the <see cref="Blocks"/>.</summary>
    public static Func<int, string> Loopback(int block) =>
        number => $"127.{block + (number / 250)}.{1 + (number % 250)}.";

    public string Take()
    {
        for (var tries = 0; tries < PerNode; tries++)
        {
            _last = (_last + 1) % PerNode;
            var address = prefix + (1 + _last);
            if (_used.Add(address))
                return address;
        }

        throw new InvalidOperationException($"all {PerNode} pod addresses of {NodeAddress} are in use");
    }

    /// <summary>Keeps an address that a pod already has, from before a restart of the playground.</summary>
    public bool Keep(string address) => address.StartsWith(prefix, StringComparison.Ordinal) && _used.Add(address);

    public void Return(string address) => _used.Remove(address);
}
