using Tidekeeper.Engines;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Queue;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Operator.Databases.TiDB;

namespace Tidekeeper.Operator;

/// <summary>What the operator needs from outside: everything that is I/O, time or chance.</summary>
/// <param name="ElectionTransport">Renewals of the lease must not queue behind anything; may be the same.</param>
/// <param name="Seed">Of all random choices.</param>
/// <param name="Sink">Takes log lines.</param>
public sealed record Outside(
    IKubeTransport Transport, IKubeTransport ElectionTransport, IDatabaseWire Wire, TimeProvider Time, int Seed,
    Action<LogLine> Sink);

/// <summary>The whole object graph, by hand, top to bottom.</summary>
public sealed class Compose
{
    private static readonly TimeSpan Batching = TimeSpan.FromMilliseconds(50);

    private readonly Outside _outside;
    private readonly Settings _settings;
    private readonly Random _chance;
    private readonly OperatorLog _log;
    private readonly KubeApi _api;
    private readonly Metrics _metrics = new();
    private readonly ClusterReadings _readings;

    private Compose(Outside outside, Settings settings)
    {
        _outside = outside;
        _settings = settings;
        _chance = new Random(outside.Seed);
        _log = new(outside.Time, outside.Sink);
        _readings = new(outside.Time);
        _api = new(outside.Transport, Labels.FieldManager)
        {
            Answered = (request, status) => _metrics.Count(OperatorMetrics.Requests, Verb(request),
                status.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Warned = (request, text) =>
                _log.Warn("the API server warns", ("request", request.ToString()), ("text", text)),
        };
        App = new(Prepare, _log, Health);
    }

    /// <summary>The operator, ready to run.</summary>
    public OperatorApp App { get; }

    /// <summary>All metrics, as Prometheus text in parts.</summary>
    public IEnumerable<string> Scrape() =>
        [_metrics.Print(OperatorMetrics.OfOperator), .. _readings.Print(OperatorMetrics.OfClusters)];

    public Health Health { get; } = new();

    public static Compose Operator(Outside outside, Settings settings) => new(outside, settings);

    private async Task<OperatorParts> Prepare(CancellationToken cancel)
    {
        var time = _outside.Time;
        var ground = await new Preparation(_api, _log, Health, time, _chance)
            .Find([TidbEngine.TidbClusters], _settings.Nodes, cancel);
        var served = ground.Served;
        var schema = new InstalledSchema(_api, served, TidbEngine.TidbClusters, TidbEngine.Schema, _log, Health, time);
        await schema.Compare(cancel);
        _log.Info("starts", ("version", Program.Version), ("server", served.ServerVersion),
            ("namespaces", _settings.Namespaces.Count == 0 ? "all" : string.Join(',', _settings.Namespaces)));

        var queue = new CurrentQueue();
        var watch = new WatchSettings(_api, _settings.Namespaces, time, _chance,
            (scope, why) => _log.Warn("cannot follow", ("what", scope.ToString()), ("why", why)))
        {
            Forbidden = (scope, why) => Health.Forbid($"follow {scope}", why),
            Following = scope => Health.Forbid($"follow {scope}", ""),
        };
        var ledger = new AppliedLedger();
        TidbEngine? tidb = null;
        var caches = new Caches(watch, served, ground.MayReadNodes, (before, after) =>
        {
            if (after is null)
                ledger.Forget(before!);
            // Changes come in swarms: a short wait makes one reconcile of many.
            if (tidb!.OwnerOf(after ?? before!) is { } key)
                queue.AddAt(key, time.GetUtcNow() + Batching);
        });
        var clusters = new CachedKind<StoredCluster>(watch, TidbEngine.TidbClusters, null, StoredCluster.ReadCluster,
            (before, after) =>
            {
                if (before?.Mark != after?.Mark)
                    queue.AddAt(new((after ?? before)!.Namespace, (after ?? before)!.Name), time.GetUtcNow());
            });
        var platform = new Platform
        {
            OperatorVersion = Program.Version,
            OperatorImage = _settings.OperatorImage.Length > 0
                ? _settings.OperatorImage
                : $"tidekeeper/operator:{Program.Version}",
            ServedApis = served.Versions,
            FailoverPeriods = _settings.FailoverPeriods,
        };
        tidb = new(clusters, new(caches, _api, _outside.Wire, time,
            () => platform with { DefinitionNotice = Health.Notice }));
        WatchMetrics(queue, clusters);

        return new([clusters, .. caches.Kinds], Campaign(),
            (term, lost) => Work(term, tidb, caches, ledger, queue, lost))
        {
            Beside = ending => schema.Follow(() =>
            {
                foreach (var key in tidb.Clusters)
                    queue.AddAt(key, time.GetUtcNow());
            }, ending),
        };
    }

    /// <summary>One term: everything that writes is made anew, bound to the term's epoch.</summary>
    private async Task Work(Leadership? term, IEngine engine, Caches caches, AppliedLedger ledger, CurrentQueue current,
        CancellationToken lost)
    {
        var time = _outside.Time;
        var api = term is null ? _api : _api.Under(term);
        var events = new EventRecorder(api, Labels.FieldManager, time,
            (note, why) => _log.Warn("an Event was dropped", ("event", note.Message), ("why", why)));
        var executor = new Executor(api, caches, ledger, _outside.Wire, events, time);
        var reconciler = new Reconciler(engine, executor, new StatusWriter(api, time),
            new Reporter(_log, _metrics, _readings, events), _readings, Health, _settings.Heartbeat, _chance);
        using var queue = new WorkQueue(time) { Waited = wait => _metrics.Observe(OperatorMetrics.QueueWait, wait) };
        current.Begin(queue);
        foreach (var key in engine.Clusters)
            queue.Add(key, Urgency.Whenever);
        var controller = new Controller(queue, reconciler.Reconcile, Ended,
            new ControllerOptions { Workers = _settings.Workers }, time, _chance);
        try
        {
            await controller.Run(lost);
        }
        finally
        {
            current.End();
            _readings.Clear();
        }
    }

    private Election? Campaign()
    {
        if (!_settings.LeaderElection)
            return null;
        var api = new KubeApi(_outside.ElectionTransport, Labels.FieldManager);
        var options = new ElectionOptions(_settings.LeaseNamespace, _settings.LeaseName, _settings.Identity);
        return new(api, options, _outside.Time, text =>
            _log.Info("election", ("identity", _settings.Identity), ("what", text)))
        {
            Forbidden = why => Health.Forbid($"hold the lease {_settings.LeaseNamespace}/{_settings.LeaseName}", why),
        };
    }

    private void Ended(ObjectKey key, Outcome outcome, TimeSpan took)
    {
        _metrics.Count(OperatorMetrics.Reconciles, outcome.GetType().Name);
        _metrics.Observe(OperatorMetrics.ReconcileTime, took);
        _readings.Ended(key, outcome is Outcome.Failed);
        if (outcome is Outcome.Failed failed)
            _log.Warn("a reconcile failed", ("cluster", key.ToString()), ("error", failed.Error.Message));
    }

    private void WatchMetrics(CurrentQueue queue, CachedKind<StoredCluster> clusters)
    {
        _metrics.Watch(OperatorMetrics.QueueReady, () => queue.Ready);
        _metrics.Watch(OperatorMetrics.QueueInFlight, () => queue.InFlight);
        _metrics.Watch(OperatorMetrics.Clusters, () => clusters.Store.Count);
        _metrics.Watch(OperatorMetrics.Leads, () => Health.Leads ? 1 : 0);
        _metrics.Watch(OperatorMetrics.Memory, () => GC.GetTotalMemory(false));
    }

    private static string Verb(KubeRequest request) => request.Method switch
    {
        "GET" when request.Query.Any(q => q.Name == "watch") => "watch",
        "GET" when request.Query.Any(q => q.Name is "limit" or "labelSelector") => "list",
        "PATCH" when request.ContentType == Kube.Http.Requests.ApplyPatch => "apply",
        var method => method.ToLowerInvariant(),
    };
}
