using System.Text.Json;
using Tidekeeper.Kube.Http;
using Tidekeeper.Kube.Queue;

namespace Tidekeeper.Kube.Cache;

/// <summary>What an informer follows.</summary>
/// <param name="Namespace">Null for all namespaces.</param>
/// <param name="LabelSelector">Null for all objects.</param>
public sealed record Scope(Resource Resource, string? Namespace = null, string? LabelSelector = null)
{
    public override string ToString() => $"{Resource} in {Namespace ?? "all namespaces"}";
}

/// <summary>
/// Keeps a <see cref="Store{T}"/> equal to the server's objects of one kind and says which keys a change wakes.
/// Does what <see cref="WatchState"/> says and nothing else.
/// </summary>
/// <param name="read">Projection; keeps no reference to the element.</param>
/// <param name="changed">Told before and after of everything that came, went or changed, in order.</param>
public sealed class Informer<T>(
    KubeApi api,
    Scope scope,
    Store<T> store,
    Func<JsonElement, T> read,
    Action<Store<T>.Entry?, Store<T>.Entry?> changed,
    TimeProvider time,
    Random chance)
{
    private static readonly Backoff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private readonly List<Store<T>.Entry> _staged = [];

    // Without RunContinuationsAsynchronously: with it, WhenAll and WaitAsync would go on on the thread pool.
    private readonly TaskCompletionSource _listed = new();
    private IWatchStream? _stream;

    /// <summary>Objects a page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Told why a list or watch failed, for the log.</summary>
    public Action<Scope, string>? Failing { get; init; }

    /// <summary>Told why the server forbids to list or to watch.</summary>
    public Action<Scope, string>? Forbidden { get; init; }

    /// <summary>Told whenever a watch is open: it may both list and watch.</summary>
    public Action<Scope>? Following { get; init; }

    public Scope Scope => scope;
    public Store<T> Store => store;
    public WatchState State { get; private set; } = WatchState.Start;

    /// <summary>Completes when the first list is complete; before that the store says nothing.</summary>
    public Task Synced => _listed.Task;

    /// <summary>Follows the server until cancelled.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await PauseAfterFailure(cancel);
                State = State.After(await Next(cancel));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The caller asked for the end.
        }
        finally
        {
            await Close();
        }
    }

    private async Task PauseAfterFailure(CancellationToken cancel)
    {
        if (State.Failures == 0 || State.Phase == WatchPhase.Watching)
            return;
        double dice;
        lock (chance)
            dice = chance.NextDouble();
        var pause = Pauses.Pause(State.Failures, dice);
        if (State.RetryAfter is { } least && least > pause)
            pause = least;
        await Task.Delay(pause, time, cancel);
    }

    private async Task<WatchInput> Next(CancellationToken cancel)
    {
        try
        {
            return State.Phase switch
            {
                WatchPhase.Empty or WatchPhase.Listing => await ListPage(cancel),
                WatchPhase.Listed => await Open(cancel),
                _ => await ReadEvent(cancel),
            };
        }
        catch (KubeException e) when (e.Refusal is { } refusal)
        {
            return await Failed(new WatchInput.Refused(refusal.Status, refusal.RetryAfter), e.Message);
        }
        catch (Exception e) when (e is KubeException or TransportException or JsonException
            or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return await Failed(
                new WatchInput.Broken(e is not TransportException { MayHaveArrived: false }), e.Message);
        }
    }

    private async Task<WatchInput> ListPage(CancellationToken cancel)
    {
        if (State.Phase == WatchPhase.Empty)
            _staged.Clear();
        var options = new ListOptions
        {
            LabelSelector = scope.LabelSelector,
            Limit = PageSize,
            Continue = State.Continue.Length > 0 ? State.Continue : null,
        };
        var answer = await api.List(scope.Resource, scope.Namespace, options,
            item => WatchEvent.Entry(item, read), cancel);
        if (answer.Refusal is { } refusal)
            return await Failed(new WatchInput.Refused(refusal.Status, refusal.RetryAfter),
                $"list: {refusal.Status} {refusal.Message}");
        _staged.AddRange(answer.Value.Items);
        if (answer.Value.Continue.Length == 0)
            EndOfList();
        return new WatchInput.Page(answer.Value.ResourceVersion, answer.Value.Continue);
    }

    private void EndOfList()
    {
        var changes = store.Swap(_staged);
        _staged.Clear();
        _staged.TrimExcess();
        foreach (var (before, after) in changes)
            changed(before, after);
        _listed.TrySetResult();
    }

    private async Task<WatchInput> Open(CancellationToken cancel)
    {
        await Close();
        double dice;
        lock (chance)
            dice = chance.NextDouble();
        // Between five and ten minutes, as other clients do, so that not all watches end at once.
        var lasts = TimeSpan.FromSeconds(300 + (int)(300 * dice));
        var request = Requests.Watch(scope.Resource, scope.Namespace,
            new(State.Version, lasts) { LabelSelector = scope.LabelSelector });
        switch (await api.Transport.Watch(request, cancel))
        {
            case WatchOpening.Opened opened:
                api.Answered?.Invoke(request, 200);
                _stream = opened.Stream;
                Following?.Invoke(scope);
                return new WatchInput.Opened();
            case WatchOpening.Refused refused:
                api.Answered?.Invoke(request, refused.Response.Status);
                return await Failed(new WatchInput.Refused(refused.Response.Status, refused.Response.RetryAfter),
                    $"watch: {refused.Response.Status} {Refusal.Read(refused.Response).Message}");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<WatchInput> ReadEvent(CancellationToken cancel)
    {
        if (await _stream!.Read(cancel) is not { } line)
        {
            await Close();
            return new WatchInput.Ended();
        }

        switch (WatchEvent.Read(line, read))
        {
            case WatchEvent<T>.Put put:
                changed(store.Put(put.Item), put.Item);
                return new WatchInput.Event(put.Item.Version);
            case WatchEvent<T>.Deleted deleted:
                // What was last seen of it carries the labels by which its owner is found.
                changed(store.Remove(deleted.Item.Key) ?? deleted.Item, null);
                return new WatchInput.Event(deleted.Item.Version);
            case WatchEvent<T>.Bookmark bookmark:
                return new WatchInput.Event(bookmark.Version);
            case WatchEvent<T>.Error error:
                return await Failed(new WatchInput.Refused(error.Refusal.Status, error.Refusal.RetryAfter),
                    $"watch: {error.Refusal.Status} {error.Refusal.Message}");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<WatchInput> Failed(WatchInput input, string why)
    {
        await Close();
        Failing?.Invoke(scope, why);
        if (input is WatchInput.Refused { Status: 403 })
            Forbidden?.Invoke(scope, why);
        return input;
    }

    private async Task Close()
    {
        if (_stream is not { } stream)
            return;
        _stream = null;
        await stream.DisposeAsync();
    }
}
