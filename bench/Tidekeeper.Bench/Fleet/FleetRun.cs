using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator;
using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation;

namespace Tidekeeper.Bench.Fleet;

/// <summary>
/// An operator that starts over thousands of settled clusters: what it needs, when it first does the right thing, and
/// whether a user's edit waits behind everything else that it looks at.
/// </summary>
internal static class FleetRun
{
    private const int Damaged = 10;
    private const int Edits = 100;
    private static readonly TimeSpan ApiLatency = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan WireLatency = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<Measured>> Run(int clusters, string memoryTarget)
    {
        var settled = SettledWorld.Of(3, 3, 2);
        settled.RunUntil(() => false, TimeSpan.FromMinutes(10), []);
        var recorded = Record(settled);
        var world = new World(TimeProvider.System, clusters);
        var transport = new ApiTransport(world, ApiLatency);
        var copies = await Fill(world, settled, recorded, clusters);
        Damage(world, clusters);
        await Unfold(world);
        transport.FollowStore();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (memory, rows) = await Operate(world, transport, recorded, clusters);
        return
        [
            new($"{clusters:#,0} clusters ({clusters * copies.ObjectsEach:#,0} objects): memory of the operator",
                memoryTarget, $"{(memory - before) / 1e6:0} MB on the managed heap"),
            .. rows,
        ];
    }

    private static Measured Scrape(Compose compose, int clusters)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var (bytes, series) = (0L, 0L);
        foreach (var text in compose.Scrape())
        {
            bytes += Encoding.UTF8.GetByteCount(text);
            series += text.Count(letter => letter == '\n') - 2;
        }

        cpu = Environment.CpuUsage.TotalTime - cpu;
        return new($"{clusters:#,0} clusters: a scrape of the metrics", "",
            $"{cpu.TotalMilliseconds:0} ms CPU, {bytes / 1e6:0.0} MB, {series:#,0} series");
    }

    /// <summary>Returns with the memory in use while the operator still ran.</summary>
    private static async Task<(long Memory, IReadOnlyList<Measured> Rows)> Operate(
        World world, ApiTransport transport, RecordedWire recorded, int clusters)
    {
        var watch = new Firsts(transport);
        using var end = new CancellationTokenSource();
        var databases = new FleetWire(recorded, WireLatency);
        var compose = Compose.Operator(
            new Outside(transport, transport, databases, TimeProvider.System, 1, _ => { }),
            new Settings
            {
                LeaseNamespace = SimulatedCluster.Namespace,
                Identity = "bench",
                OperatorImage = SimulatedCluster.OperatorImage,
            });
        var cpu = Environment.CpuUsage.TotalTime;
        var begun = TimeProvider.System.GetTimestamp();
        var running = compose.App.Run(end.Token);
        await Until(() => compose.Health.Leads);
        var synced = TimeProvider.System.GetElapsedTime(begun);
        var waits = await Edit(world, watch, clusters);
        var underway = TimeProvider.System.GetElapsedTime(begun);
        await Until(() => watch.Of("services").Count >= Damaged && databases.Asked >= clusters);
        var swept = TimeProvider.System.GetElapsedTime(begun);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var requests = ApiTransport.Print(transport.Requests);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var scrape = Scrape(compose, clusters);
        await end.CancelAsync();
        await running;

        var acts = watch.Of("services").Values.Select(at => TimeProvider.System.GetElapsedTime(begun, at)).Order();
        return (memory,
        [
            scrape,
            new($"{clusters:#,0} clusters: restart to first correct act", clusters == 5000 ? "≤ 30 s" : "",
                $"{acts.First().TotalSeconds:0.0} s (synced after {synced.TotalSeconds:0.0} s, all looked at after "
                + $"{swept.TotalSeconds:0.0} s, {cpu.TotalSeconds:0.0} s of CPU with the API's)"),
            new($"{clusters:#,0} clusters: edit to first write while all resync", clusters == 5000 ? "P99 ≤ 1 s" : "",
                $"P99 {waits[(int)(waits.Count * 0.99) - 1].TotalMilliseconds:0} ms, median "
                + $"{waits[waits.Count / 2].TotalMilliseconds:0} ms ({waits.Count} edits until "
                + $"{underway.TotalSeconds:0.0} s)"),
            new("— requests by verb", "", requests),
        ]);
    }

    private static RecordedWire Record(SimulatedCluster settled)
    {
        var wire = new RecordedWire(settled);
        new SettledOperator(settled, wire).Observe();
        return wire;
    }

    private static async Task<Copies> Fill(World world, SimulatedCluster settled, RecordedWire recorded, int clusters)
    {
        var client = new ApiClient(world.Api, "bench");
        client.Create("apiextensions.k8s.io/v1/customresourcedefinitions", null, CrdDocument.TidbCluster(XmlDocs.None));
        world.Settle();
        foreach (var (stored, resource) in new[] { ("namespaces", "v1/namespaces"), ("nodes", "v1/nodes") })
        {
            foreach (var item in settled.Api.List(resource))
                world.Api.Store.Put(stored, null, (string)item["metadata"]!["name"]!, item.DeepClone().AsObject());
        }

        var platform = SettledOperator.PlatformOf(
            new KubeApi(new ApiTransport(world, TimeSpan.Zero), Labels.FieldManager));
        var copies = new Copies(settled, new FleetWire(recorded, TimeSpan.Zero), platform);
        for (var number = 0; number < clusters; number++)
            await copies.AddTo(world, number);
        Console.Error.WriteLine($"bench: {clusters} clusters of {copies.ObjectsEach} objects are in the store");
        return copies;
    }

    /// <summary>A few clusters, all over the list, miss a Service: its return is the first act that is right.</summary>
    private static void Damage(World world, int clusters)
    {
        for (var i = 0; i < Damaged; i++)
            world.Api.Store.Remove(
                "services", SimulatedCluster.Namespace, $"{Copies.Name((i * clusters / Damaged) + 7)}-tikv-peer");
    }

    /// <summary>
    /// The store unfolds documents when they are listed for the first time, which is not the operator's memory.
    /// </summary>
    private static async Task Unfold(World world)
    {
        var settings = new WatchSettings(
            new KubeApi(new ApiTransport(world, TimeSpan.Zero), Labels.FieldManager), [], TimeProvider.System,
            new Random(1), (_, _) => { });
        var served = new ServedApis(["v1", "policy/v1", "rbac.authorization.k8s.io/v1"], "");
        using var end = new CancellationTokenSource();
        IReadOnlyList<ICachedKind> kinds =
        [
            .. new Caches(settings, served, nodes: true, (_, _) => { }).Kinds,
            new CachedKind<StoredCluster>(
                settings, TidbEngine.TidbClusters, null, StoredCluster.ReadCluster, (_, _) => { }),
        ];
        var following = Task.WhenAll(kinds.Select(kind => kind.Run(end.Token)));
        await Task.WhenAll(kinds.Select(kind => kind.Synced));
        await end.CancelAsync();
        await following;
    }

    /// <summary>A user changes one cluster after another; returns how long each waited, the shortest first.</summary>
    private static async Task<IReadOnlyList<TimeSpan>> Edit(World world, Firsts watch, int clusters)
    {
        var begun = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < Edits; i++)
        {
            // Clusters of the second half: those of the first may have been looked at already.
            var name = Copies.Name((clusters / 2) + (i * clusters / 2 / Edits) + 3);
            begun[$"{name}-tidb"] = TimeProvider.System.GetTimestamp();
            lock (world.Gate)
                world.Api.Handle(new ApiRequest(
                    "PATCH", $"/apis/pingcap.com/v1alpha1/namespaces/db/tidbclusters/{name}")
                {
                    ContentType = "application/merge-patch+json",
                    Body = Encoding.UTF8.GetBytes("""{"spec":{"tidb":{"replicas":3}}}"""),
                });
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        await Until(() => watch.Of("statefulsets").Count >= Edits);
        var firsts = watch.Of("statefulsets");
        return [.. begun.Select(edit => TimeProvider.System.GetElapsedTime(edit.Value, firsts[edit.Key])).Order()];
    }

    private static async Task Until(Func<bool> done)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!done())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Limit)
                throw new TimeoutException($"not within {Limit.TotalMinutes:0} minutes");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
