namespace Tidekeeper.Kube.Queue;

/// <summary>Which work goes first.</summary>
public enum Urgency
{
    /// <summary>A user changed something, or the world did.</summary>
    Soon,

    /// <summary>Look again, in case something was missed.</summary>
    Whenever,
}

/// <summary>
/// Keys to work on: each at most once in the queue and at most once in flight, each with a due time. What is due is
/// taken in the order in which it became due, urgent work first, yet every eighth take serves the oldest of the rest,
/// so that a flood of edits cannot starve anyone. Memory is bounded by the number of keys.
/// </summary>
public sealed class WorkQueue : IDisposable
{
    private const int FairShare = 8;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly SortedDictionary<ObjectKey, Item> _items = [];
    private readonly SortedSet<(DateTimeOffset Due, long Order, ObjectKey Key)> _later = [];
    private readonly SortedSet<(long Order, ObjectKey Key)>[] _ready = [[], []];
    private readonly LinkedList<TaskCompletionSource<ObjectKey?>> _takers = [];
    private long _order;
    private int _takes;
    private int _inFlight;
    private bool _closed;

    private sealed class Item
    {
        public DateTimeOffset? Due;
        public Urgency Urgency;
        public long Order;
        public bool Ready;
        public bool InFlight;
    }

    public WorkQueue(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Promote(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told how long a key that a worker takes has been due.</summary>
    public Action<TimeSpan>? Waited { get; init; }

    /// <summary>Keys that are due and wait for a worker.</summary>
    public int Ready
    {
        get
        {
            lock (_gate)
                return _ready[0].Count + _ready[1].Count;
        }
    }

    /// <summary>Keys being worked on.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
                return _inFlight;
        }
    }

    /// <summary>Work on it now; if it is being worked on, once more after that.</summary>
    public void Add(ObjectKey key, Urgency urgency = Urgency.Soon) => AddAt(key, _time.GetUtcNow(), urgency);

    /// <summary>Work on it at that time, unless it is due earlier anyway.</summary>
    public void AddAt(ObjectKey key, DateTimeOffset due, Urgency urgency = Urgency.Whenever)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (!_items.TryGetValue(key, out var item))
                _items[key] = item = new Item();
            if (item.Due is { } earlier && earlier <= due && item.Urgency <= urgency)
                return;
            _Unlist(key, item);
            item.Urgency = item.Due is null || urgency < item.Urgency ? urgency : item.Urgency;
            item.Due = item.Due is { } before && before < due ? before : due;
            if (!item.InFlight)
                _List(key, item);
            _Serve();
        }
    }

    /// <summary>The next key; null once the queue is closed. Call <see cref="Done"/> when finished with it.</summary>
    public Task<ObjectKey?> Take()
    {
        lock (_gate)
        {
            if (_closed)
                return Task.FromResult<ObjectKey?>(null);
            var taker = new TaskCompletionSource<ObjectKey?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _takers.AddLast(taker);
            _Serve();
            return taker.Task;
        }
    }

    /// <summary>The key is no longer being worked on; if it was added meanwhile, it is due again.</summary>
    public void Done(ObjectKey key)
    {
        lock (_gate)
        {
            if (!_items.TryGetValue(key, out var item) || !item.InFlight)
                return;
            item.InFlight = false;
            _inFlight--;
            if (item.Due is null)
                _items.Remove(key);
            else
                _List(key, item);
            _Serve();
        }
    }

    /// <summary>Gives out no more keys.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var taker in _takers)
                taker.TrySetResult(null);
            _takers.Clear();
        }
    }

    public void Dispose()
    {
        Close();
        _timer.Dispose();
    }

    private void Promote()
    {
        lock (_gate)
            _Serve();
    }

    private void _List(ObjectKey key, Item item)
    {
        item.Order = ++_order;
        item.Ready = item.Due <= _time.GetUtcNow();
        if (item.Ready)
            _ready[(int)item.Urgency].Add((item.Order, key));
        else
            _later.Add((item.Due!.Value, item.Order, key));
    }

    private void _Unlist(ObjectKey key, Item item)
    {
        if (item.Due is null)
            return;
        _ready[(int)item.Urgency].Remove((item.Order, key));
        _later.Remove((item.Due.Value, item.Order, key));
    }

    private void _Serve()
    {
        var now = _time.GetUtcNow();
        while (_later.Count > 0 && _later.Min is var first && first.Due <= now)
        {
            var item = _items[first.Key];
            _Unlist(first.Key, item);
            _List(first.Key, item);
        }

        while (_takers.First is { } taker && _Pick(out var key))
        {
            _takers.RemoveFirst();
            var item = _items[key];
            _Unlist(key, item);
            Waited?.Invoke(now - item.Due!.Value);
            item.Due = null;
            item.InFlight = true;
            _inFlight++;
            taker.Value.SetResult(key);
        }

        var wait = _later.Count == 0 || _closed ? Timeout.InfiniteTimeSpan : _later.Min.Due - now;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private bool _Pick(out ObjectKey key)
    {
        key = default;
        if (_ready[0].Count + _ready[1].Count == 0)
            return false;
        var fair = ++_takes % FairShare == 0 && _ready[1].Count > 0;
        var from = fair || _ready[0].Count == 0 ? _ready[1] : _ready[0];
        key = from.Min.Key;
        return true;
    }
}
