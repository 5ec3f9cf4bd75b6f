using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>
/// A cluster that answers: each plan is carried out, then Kubernetes and PD do their part, until nothing is left to do.
/// What was done is a story, one line for each act. Pods that the test calls broken never become ready.
/// </summary>
internal sealed class Living(Seen seen)
{
    private readonly StringBuilder _story = new();

    /// <summary>The configuration that each process runs with, by pod: as in the spec when it started.</summary>
    private readonly SortedDictionary<string, JsonObject> _configs = new(StringComparer.Ordinal);

    public TidbSeen Now { get; private set; } = seen.Now;

    /// <summary>What a process makes of a value that it is asked to take.</summary>
    public Func<string, JsonNode, JsonNode> Takes { get; init; } = (_, value) => value;

    /// <summary>Whether a pod that is made now runs.</summary>
    public Func<ObservedPod, bool> Runs { get; init; } = _ => true;

    /// <summary>Three of PD and TiKV and two of TiDB, all well.</summary>
    public static Living Running(
        string spec, Func<ObservedPod, bool>? runs = null, Func<string, JsonNode, JsonNode>? takes = null)
    {
        var living = new Living(Seen.Running(spec).Pd(pd => pd with
        {
            Regions = Known.Of(new RegionHealth(0, 0, 0)),
            Stores = [.. pd.Stores.Select(store => store with { Leaders = 8, Regions = 20 })]
        }))
        {
            Runs = runs ?? (_ => true),
            Takes = takes ?? ((_, value) => value)
        };
        living.React();
        return living;
    }

    public Living Edit(Func<TidbClusterSpec, TidbClusterSpec> edit)
    {
        Now = new Seen(Now).Edited(edit).Now;
        return this;
    }

    public Living Change(Func<TidbSeen, TidbSeen> change)
    {
        Now = change(Now);
        return this;
    }

    /// <summary>Compares whole stories, and shows the whole one that was told instead.</summary>
    public static void Told(string expected, string story) =>
        Assert.True(expected.Trim() == story.Trim(), "this was told:\n" + story);

    public Plan Plan => TidbPlan.Plan(Now);

    public string Waiting => new Seen(Now).Status().Waiting?.Why ?? "";

    public ClusterCondition Condition(string type) => new Seen(Now).Condition(type);

    /// <summary>Acts until nothing changes, or so many plans have been made.</summary>
    public string Story(int plans = 60)
    {
        _story.Clear();
        for (var i = 0; i < plans; i++)
        {
            if (!Act() && !React())
                return _story.ToString();
        }

        return _story.Append("and so on\n").ToString();
    }

    private bool Act()
    {
        var plan = TidbPlan.Plan(Now);
        Now = new Seen(Now).Applied(plan).Now;
        var acted = false;
        foreach (var act in plan.Acts.Where(act => act is not Tidekeeper.Engines.Act.Record))
        {
            acted = true;
            _story.Append(Regex.Replace(act.Describe(), "(?<=-|in )[0-9a-f]{8}\\b", "HASH"));
            _story.Append('\n');
            if (act is Tidekeeper.Engines.Act.Ask ask)
            {
                Now = Ask(Now, ask.Call);
                Configure(ask.Call);
            }
        }

        Now = Now with { Now = Now.Now + TimeSpan.FromSeconds(5) };
        return acted;
    }

    private static TidbSeen Ask(TidbSeen seen, AdminCall call)
    {
        var last = call.Url[(call.Url.LastIndexOf('/') + 1)..];
        return new Seen(seen).Pd(pd => (call.Method, call.Url) switch
        {
            ("POST", var url) when url.Contains("/leader/transfer/") => pd with { Leader = last },
            ("DELETE", var url) when url.Contains("/members/id/") =>
                pd with { Members = [.. pd.Members.Where(one => one.Id != last)] },
            ("POST", var url) when url.EndsWith("/schedulers", StringComparison.Ordinal) =>
                Lead(pd with { Evicted = [.. pd.Evicted, call.Body!["store_id"]!.ToString()] }),
            ("DELETE", var url) when url.Contains("/schedulers/") => pd with
            {
                Evicted = [.. pd.Evicted.Where(id => !last.EndsWith($"-{id}", StringComparison.Ordinal))]
            },
            ("DELETE", var url) when url.Contains("/store/") =>
                Store(pd, last, store => store with { State = "Offline" }),
            ("POST", var url) when url.Contains("/state?state=Up") =>
                Store(pd, url.Split('/')[^2], store => store with { State = "Up" }),
            _ => pd
        }).Now;
    }

    private static PdSeen Lead(PdSeen pd) => pd with
    {
        Stores = [.. pd.Stores.Select(store => pd.Evicted.Contains(store.Id) ? store with { Leaders = 0 } : store)]
    };

    private static PdSeen Store(PdSeen pd, string id, Func<StoreSeen, StoreSeen> how) =>
        pd with { Stores = [.. pd.Stores.Select(store => store.Id == id ? how(store) : store)] };

    /// <summary>Kubernetes makes what is missing, PD empties and buries; false when nothing changed.</summary>
    private bool React()
    {
        var before = Now;
        foreach (var set in Now.StatefulSets)
            Now = Pods(Now, set);
        if (Now.Pd.Is(out var pd))
            Now = Now with { Pd = Known.Of(Database(pd)) };
        Now = Now with { TidbHealth = Health(), Claims = Claims(), Configs = Configs() };
        return before.Pods.Count != Now.Pods.Count
            || before.Pods.Any(one => Now.Pods.All(other => other.Uid != one.Uid))
            || !Same(before, Now);
    }

    private static bool Same(TidbSeen before, TidbSeen now) =>
        TidbPlan.Plan(before).Print() == TidbPlan.Plan(now).Print();

    private TidbSeen Pods(TidbSeen seen, ObservedStatefulSet set)
    {
        var kept = seen.Pods.Where(pod => pod.Component == set.Component && pod.Ordinal < set.Replicas).ToList();
        foreach (var ordinal in Enumerable.Range(0, set.Replicas).Where(one => kept.All(pod => pod.Ordinal != one)))
        {
            var uid = $"{set.Name}-{ordinal}-{seen.Now:HHmmss}";
            var made = Seen.Pod(set, ordinal) with { Uid = uid, Created = seen.Now };
            var runs = Runs(made);
            kept.Add(made with { Ready = runs, WaitingReason = runs ? "" : "CrashLoopBackOff" });
        }

        var settled = set with
        {
            ObservedGeneration = set.Generation,
            StatusReplicas = set.Replicas,
            ReadyReplicas = kept.Count(pod => pod.Ready),
            UpdateRevision = "r1",
            CurrentRevision = "r1"
        };
        return seen with
        {
            Pods = [.. seen.Pods.Where(pod => pod.Component != set.Component), .. kept.OrderBy(pod => pod.Ordinal)],
            StatefulSets = [.. seen.StatefulSets.Select(one => one.Name == set.Name ? settled : one)]
        };
    }

    private PdSeen Database(PdSeen pd)
    {
        var name = Now.Cluster.Metadata.Name;
        var voters = Now.Pods.Where(pod => pod.Component == "pd").Select(pod =>
            pd.Members.FirstOrDefault(one => one.Name == pod.Name) is { } old
                ? old with { Healthy = pod.Ready }
                : new PdMemberSeen(pod.Name, $"{100 + pod.Ordinal}", [], [], pod.Ready));
        var stores = pd.Stores.Select(store => store switch
        {
            { State: "Offline", Regions: 0 } => store with { State = "Tombstone" },
            { State: "Offline" } => store with { Regions = store.Regions > 10 ? 10 : 0, Leaders = 0 },
            { State: "Tombstone" } => store,
            _ => store with { State = IsReady(store.PodName) ? "Up" : "Disconnected" }
        }).ToList();
        foreach (var pod in Now.Pods.Where(pod => pod is { Component: "tikv", Ready: true }))
        {
            // Who was buried does not rise again: only a pod that was made just now brings a new store.
            var brings = pod.Created == Now.Now || pd.Stores.All(store => store.PodName != pod.Name);
            if (brings && stores.All(store => store.PodName != pod.Name || store.State == "Tombstone"))
            {
                stores.Add(new StoreSeen
                {
                    Id = $"{1 + stores.Count}",
                    Address = $"{pod.Name}.{name}-tikv-peer.shop.svc:20160",
                    State = "Up"
                });
            }
        }

        return pd with { Members = [.. voters], Stores = stores };
    }

    private bool IsReady(string pod) => Now.Pods.Any(one => one.Name == pod && one.Ready);

    private void Configure(AdminCall call)
    {
        var pod = new Uri(call.Url).Host.Split('.')[0];
        if (!call.Url.EndsWith("/config", StringComparison.Ordinal) || !_configs.TryGetValue(pod, out var config))
            return;
        foreach (var (path, value) in call.Body!.AsObject())
        {
            var keys = path.Split('.');
            JsonNode at = config;
            foreach (var key in keys[..^1])
                at = at[key] ??= new JsonObject();
            at[keys[^1]] = Takes(path, value!).DeepClone();
        }
    }

    private SortedDictionary<string, Known<JsonObject>> Configs()
    {
        foreach (var pod in Now.Pods.Where(pod => pod.Component == "tikv"))
        {
            if (pod.Created == Now.Now || !_configs.ContainsKey(pod.Name))
                _configs[pod.Name] = Now.Cluster.Spec.Tikv!.Config?.DeepClone().AsObject() ?? [];
        }

        var answers = new SortedDictionary<string, Known<JsonObject>>(StringComparer.Ordinal);
        var questions = TidbSeen.Questions(Now.Cluster, Now.Pods).Select(one => one.Name);
        foreach (var name in questions.Where(_configs.ContainsKey))
            answers[name] = Known.Of(_configs[name].DeepClone().AsObject());
        return answers;
    }

    private SortedDictionary<string, Known<TidbPodHealth>> Health()
    {
        var health = new SortedDictionary<string, Known<TidbPodHealth>>(StringComparer.Ordinal);
        foreach (var pod in Now.Pods.Where(pod => pod.Component == "tidb"))
            health[pod.Name] = Known.Of(new TidbPodHealth(pod.Ready, "no answer"));
        return health;
    }

    private List<ObservedClaim> Claims()
    {
        var claims = Now.Claims.ToList();
        foreach (var pod in Now.Pods.Where(pod => pod.Component is "pd" or "tikv"))
        {
            var name = $"{pod.Component}-{pod.Name}";
            if (claims.All(claim => claim.Name != name))
            {
                claims.Add(new ObservedClaim
                {
                    Kind = "PersistentVolumeClaim",
                    Namespace = pod.Namespace,
                    Name = name,
                    Uid = $"uid-of-{name}-{Now.Now:HHmmss}",
                    Labels = pod.Labels,
                    Phase = "Bound"
                });
            }
        }

        return claims;
    }
}
