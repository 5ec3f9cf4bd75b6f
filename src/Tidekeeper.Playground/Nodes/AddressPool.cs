namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Addresses of one node's pods in 127.0.0.0/8, handed out in turn so that one is not used again soon after its pod
/// has gone: a peer that still has the old address must not reach another pod there.
/// </summary>
/// <param name="block">First of the four second octets that belong to this playground; see <see
/// cref="Blocks"/>.</param>
/// <param name="number">Number of the node, from 0 to 999.</param>
public sealed class AddressPool(int block, int number)
{
    /// <summary>
    /// Where a playground's addresses may begin. Two playgrounds on one machine have different blocks: with the same
    /// addresses, what is not found in one would be answered by the other.
    /// </summary>
    public static IReadOnlyList<int> Blocks { get; } = [.. Enumerable.Range(0, 55).Select(n => 32 + (4 * n))];

    private const int PerNode = 250;
    private readonly string _prefix = $"127.{block + (number / 250)}.{1 + (number % 250)}.";
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private int _last = -1;

    public string NodeAddress => _prefix + "254";

    public string Take()
    {
        for (var tries = 0; tries < PerNode; tries++)
        {
            _last = (_last + 1) % PerNode;
            var address = _prefix + (1 + _last);
            if (_used.Add(address))
                return address;
        }

        throw new InvalidOperationException($"all {PerNode} pod addresses of node {number} are in use");
    }

    /// <summary>Keeps an address that a pod already has, from before a restart of the playground.</summary>
    public bool Keep(string address) => address.StartsWith(_prefix, StringComparison.Ordinal) && _used.Add(address);

    public void Return(string address) => _used.Remove(address);
}
