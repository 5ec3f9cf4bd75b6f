namespace Tidekeeper.EndToEnd;

/// <summary>
/// One playground for the tests of all its lanes; each test has namespaces of its own in it. The lanes run beside each
/// other, since tests of databases wait most of the time; within a lane one test follows another.
/// </summary>
public sealed class SharedPlayground : IAsyncLifetime
{
    private static readonly Lock Gate = new();
    private static Task<TidePlayground>? _whole;
    private static int _lanes;
    private TidePlayground? _tide;

    public TidePlayground Tide => _tide!;

    public async Task InitializeAsync()
    {
        Task<TidePlayground> whole;
        lock (Gate)
        {
            _lanes++;
            whole = _whole ??= Up();
        }

        _tide = new TidePlayground(await whole);
    }

    public async Task DisposeAsync()
    {
        Task<TidePlayground>? left;
        lock (Gate)
        {
            left = --_lanes == 0 ? _whole : null;
            _whole = left is null ? _whole : null;
        }

        if (left is { IsCompletedSuccessfully: true })
            await (await left).DisposeAsync();
    }

    private static async Task<TidePlayground> Up()
    {
        var tide = new TidePlayground();
        try
        {
            await tide.Up();
            return tide;
        }
        catch
        {
            await tide.DisposeAsync();
            throw;
        }
    }
}

[CollectionDefinition(Name)]
public sealed class InPlayground : ICollectionFixture<SharedPlayground>
{
    public const string Name = "one playground";
}

/// <summary>The second lane. Whoever kills the operator, or looks at it for long, is in the first.</summary>
[CollectionDefinition(Name)]
public sealed class BesideInPlayground : ICollectionFixture<SharedPlayground>
{
    public const string Name = "the same playground, beside";
}
