namespace Tidekeeper.Bench.Fleet;

/// <summary>When each object was first applied.</summary>
internal sealed class Firsts
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SortedDictionary<string, long>> _firsts = new(StringComparer.Ordinal);

    public Firsts(ApiTransport transport) => transport.Writes += request =>
    {
        var parts = request.Path.Split('/');
        if (request.Method != "PATCH" || parts[^1] == "status")
            return;
        lock (_gate)
        {
            if (!_firsts.TryGetValue(parts[^2], out var names))
                _firsts[parts[^2]] = names = new(StringComparer.Ordinal);
            names.TryAdd(parts[^1], TimeProvider.System.GetTimestamp());
        }
    };

    /// <summary>By name.</summary>
    /// <param name="plural">For example <c>services</c>.</param>
    public SortedDictionary<string, long> Of(string plural)
    {
        lock (_gate)
            return _firsts.TryGetValue(plural, out var names) ? new(names, StringComparer.Ordinal) : [];
    }
}
