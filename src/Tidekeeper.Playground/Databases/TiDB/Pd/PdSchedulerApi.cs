using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// Schedulers, above all evict-leader: one scheduler with a list of stores, shown and removed store by store.
/// </summary>
internal static class PdSchedulerApi
{
    public const string EvictLeader = "evict-leader-scheduler";

    public static HttpReply? Answer(PdCall call)
    {
        if (call.Path is ["scheduler-config", EvictLeader, "list"] && call.Method == "GET")
            return call.State.EvictedStores.Count > 0 ? PdReply.Ok(Evicted(call), j => j.PdEvictedStores)
                : PdReply.NotFound;
        if (call.Path[0] != "schedulers")
            return null;
        if (!call.IsBootstrapped)
            return PdReply.NotBootstrapped;
        return (call.Method, call.Path) switch
        {
            ("GET", ["schedulers"]) => PdReply.Ok<IReadOnlyList<string>>(Listed(call), j => j.IReadOnlyListString),
            ("POST", ["schedulers"]) => Add(call),
            ("DELETE", ["schedulers", var name]) => Remove(call, name),
            ("POST", ["schedulers", var name]) => Pause(call, name),
            _ => null,
        };
    }

    private static List<string> Names(PdState state) =>
        [.. state.Schedulers.Concat(state.EvictedStores.Count > 0 ? [EvictLeader] : Array.Empty<string>())
            .Order(StringComparer.Ordinal)];

    private static List<string> Listed(PdCall call) => call.Query.GetValueOrDefault("status") switch
    {
        "paused" => Names(call.State).FindAll(n => call.Ensemble.Scheduling.IsPaused(n, call.Now)),
        "disabled" => [],
        _ => Names(call.State),
    };

    /// <summary>With a delay of 0 the scheduler goes on.</summary>
    private static HttpReply Pause(PdCall call, string name)
    {
        if (call.BodyObject()?["delay"] is not JsonValue given || given.GetValueKind() != JsonValueKind.Number)
            return PdReply.Text(400, "missing pause time");
        var names = name == "all" ? Names(call.State) : Names(call.State).FindAll(n => n == name);
        if (names.Count == 0)
            return PdReply.Text(500, PdErrors.SchedulerNotFound);
        foreach (var scheduler in names)
            call.Ensemble.Scheduling.Pause(scheduler, call.Now.AddSeconds((double)given));
        return PdReply.Text(200, "Pause or resume the scheduler successfully.");
    }

    private static PdEvictedStores Evicted(PdCall call)
    {
        var evicted = new PdEvictedStores();
        foreach (var store in call.State.EvictedStores)
            evicted.StoreIdRanges.Add(store.ToString(CultureInfo.InvariantCulture), [new PdKeyRange()]);
        return evicted;
    }

    private static HttpReply Add(PdCall call)
    {
        if (call.BodyObject() is not { } body)
            return PdReply.Fault(400, "input", "unexpected end of JSON input");
        if (body["name"] is not JsonValue given || given.GetValueKind() != JsonValueKind.String)
            return PdReply.Text(400, "missing scheduler name");
        var name = (string)given!;
        if (name != EvictLeader)
        {
            if (!name.EndsWith("-scheduler", StringComparison.Ordinal))
                return PdReply.Text(400, "unknown scheduler");
            return Change(call, "The scheduler is created.", state =>
                state.Schedulers = [.. state.Schedulers.Append(name).Distinct().Order(StringComparer.Ordinal)]);
        }

        if (body["store_id"] is not JsonValue number || call.Id(number.ToString()) is not { } store)
            return PdReply.Text(400, "missing store id");
        if (call.State.Store(store) is not { State: not 2 })
            return PdReply.Text(500, PdErrors.StoreNotFound(store));
        return Change(call, call.State.EvictedStores.Count > 0 ? "The scheduler has been applied to the store."
            : "The scheduler is created.", state => state.EvictedStores.Add(store));
    }

    private static HttpReply Remove(PdCall call, string name)
    {
        if (name.StartsWith(EvictLeader, StringComparison.Ordinal) && call.State.EvictedStores.Count > 0)
        {
            if (name == EvictLeader)
                return Change(call, "The scheduler is removed.", state => state.EvictedStores.Clear());
            if (call.Id(name[(EvictLeader.Length + 1)..]) is { } store && call.State.EvictedStores.Contains(store))
                return Change(call, "The scheduler is removed.", state => state.EvictedStores.Remove(store));
        }

        return call.State.Schedulers.Contains(name)
            ? Change(call, "The scheduler is removed.", state => state.Schedulers.Remove(name))
            : PdReply.Text(404, PdErrors.SchedulerNotFound);
    }

    private static HttpReply Change(PdCall call, string done, Action<PdState> change) =>
        call.Ensemble.Commit(change) ? PdReply.Text(200, done) : PdReply.NotCommitted;
}
