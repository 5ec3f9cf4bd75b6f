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

    /// <summary>The claim on which a member or store has its data, by its id.</summary>
    private readonly SortedDictionary<string, string> _homes = new(StringComparer.Ordinal);

    /// <summary>Claims of members that the database has let go of: nobody can start from them.</summary>
    private readonly SortedSet<string> _spent = new(StringComparer.Ordinal);

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
        living.Act();
        return living;
    }

    public Living Edit(Func<TidbClusterSpec, TidbClusterSpec> edit)
    {
        Now = new Seen(Now).Edited(edit).Now;
        return this;
    }

    /// <summary>Time passes, and the status is written.</summary>
    public Living Pass(int minutes)
    {
        Act();
        Now = Now with { Now = Now.Now + TimeSpan.FromMinutes(minutes) };
        return this;
    }

    /// <summary>The operator looks once, before Kubernetes and the database have done anything.</summary>
    public Living Look()
    {
        Act();
        return this;
    }

    /// <summary>Somebody deletes a pod and its claim, or only the pod.</summary>
    public Living Lose(string pod, bool claim = true) => Change(seen => seen with
    {
        Pods = [.. seen.Pods.Where(one => one.Name != pod)],
        Claims = [.. seen.Claims.Where(one => !claim || !one.Name.EndsWith($"-{pod}", StringComparison.Ordinal))],
    });

    public Living Change(Func<TidbSeen, TidbSeen> change)
    {
        Now = change(Now);
        return this;
    }

    /// <summary>Compares whole stories, and shows the whole one that was told instead.</summary>
    public static void Told(string expected, string story) =>
        Assert.True(expected.Trim() == story.Trim(), "this was told:\n" + story);

    /// <summary>The names of PD's members.</summary>
    public IReadOnlyList<string> Members => Now.Pd.Is(out var pd) ? [.. pd.Members.Select(member => member.Name)] : [];

    public Plan Plan => TidbPlan.Plan(Now);

    public string Waiting => new Seen(Now).Status().Waiting?.Why ?? "";

    public ClusterCondition Condition(string type) => new Seen(Now).Condition(type);

    /// <summary>Acts until nothing changes, or so many plans have been made.</summary>
    public string Story(int plans = 60)
    {
        _story.Clear();
        for (var i = 0; i < plans; i++)
        {
            var before = Plan.Print();
            if (!Act() && !React() && Plan.Print() == before)
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
                if (ask.Call.Method == "DELETE")
                    _spent.Add(_homes.GetValueOrDefault(ask.Call.Url.Split('/', '?').LastOrDefault(IsId) ?? "", ""));
                Now = Ask(Now, ask.Call);
                Configure(ask.Call);
            }
        }

        Now = Now with { Now = Now.Now + TimeSpan.FromSeconds(5) };
        return acted;
    }

    private static bool IsId(string part) => part.Length > 0 && part.All(char.IsAsciiDigit);

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
            ("DELETE", var url) when url.EndsWith("?force=true", StringComparison.Ordinal) => Store(
                pd, last.Split('?')[0], store => store with { State = "Offline", PhysicallyDestroyed = true }),
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
        var owners = Now.StatefulSets.Select(set => set.Component).ToList();
        Now = Now with { Pods = [.. Now.Pods.Where(pod => owners.Contains(pod.Component, StringComparer.Ordinal))] };
        Now = Now with { Claims = Claims() };
        Now = Now with { Pods = [.. Now.Pods.Select(pod => Fits(pod) ? Again(pod) : Stuck(pod))] };
        if (Now.Pd.Is(out var pd))
            Now = Now with { Pd = Known.Of(Database(pd)) };
        Now = Now with { TidbHealth = Health(), Configs = Configs() };
        return before.Pods.Count != Now.Pods.Count
            || before.Pods.Any(one => Now.Pods.All(other => other.Uid != one.Uid))
            || !Same(before, Now);
    }

    /// <summary>Nobody starts with the data of one who left, nor without data in place of one who has some.</summary>
    private bool Fits(ObservedPod pod)
    {
        if (Claim(pod) is not { } claim || !Now.Pd.Is(out var pd))
            return true;
        var id = pd.Members.FirstOrDefault(one => one.Name == pod.Name)?.Id
            ?? pd.Stores.LastOrDefault(one => one.PodName == pod.Name && Lives(one))?.Id;
        return !_spent.Contains(claim.Uid)
            && (id is null || !_homes.TryGetValue(id, out var home) || home == claim.Uid);
    }

    private static bool Lives(StoreSeen store) => store is { PhysicallyDestroyed: false } && store.State != "Tombstone";

    private static ObservedPod Stuck(ObservedPod pod) =>
        pod with { Ready = false, WaitingReason = "CrashLoopBackOff", TerminationReason = "stuck" };

    private static ObservedPod Again(ObservedPod pod) => pod.TerminationReason == "stuck"
        ? pod with { Ready = true, WaitingReason = "", TerminationReason = "" }
        : pod;

    private ObservedClaim? Claim(ObservedPod pod) =>
        Now.Claims.FirstOrDefault(one => one.Name == $"{pod.Component}-{pod.Name}");

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
        var voters = pd.Members.Select(old => old with { Healthy = IsReady(old.Name) }).ToList();
        foreach (var pod in Now.Pods.Where(one => one.Component == "pd" && pd.Members.All(old => old.Name != one.Name)))
        {
            var id = $"{100 + pod.Ordinal}";
            if (pod.Ready)
                voters.Add(new PdMemberSeen(pod.Name, _homes.ContainsKey(id) ? $"{id}1" : id, [], [], true));
        }

        var stores = pd.Stores.Select(store => store switch
        {
            { PhysicallyDestroyed: true, State: "Offline" } when !IsReady(store.PodName) => store,
            { State: "Offline", Regions: 0 } => store with { State = "Tombstone" },
            { State: "Offline" } => store with { Regions = store.Regions > 10 ? 10 : 0, Leaders = 0 },
            { State: "Tombstone" } => store,
            _ => store with { State = IsReady(store.PodName) ? "Up" : Missed(store) }
        }).ToList();
        foreach (var pod in Now.Pods.Where(pod => pod is { Component: "tikv", Ready: true }))
        {
            // Who was buried does not rise again: only a pod that was made just now brings a new store.
            var brings = pod.Created == Now.Now || stores.Any(one => one.PhysicallyDestroyed)
                || pd.Stores.All(store => store.PodName != pod.Name);
            if (brings && stores.All(store => store.PodName != pod.Name || !Lives(store)))
            {
                stores.Add(new StoreSeen
                {
                    Id = $"{1 + stores.Count}",
                    Address = $"{pod.Name}.{name}-tikv-peer.shop.svc:20160",
                    State = "Up"
                });
            }
        }

        foreach (var (id, pod) in voters.Select(one => (one.Id, one.Name))
            .Concat(stores.Where(Lives).Select(one => (one.Id, one.PodName))))
        {
            if (Now.Pods.FirstOrDefault(one => one.Name == pod) is { Ready: true } its && Claim(its) is { } claim)
                _homes.TryAdd(id, claim.Uid);
        }

        return pd with { Members = voters, Stores = stores };
    }

    private static string Missed(StoreSeen store) => store.State == "Down" ? "Down" : "Disconnected";

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
                    Created = pod.Created,
                    Phase = "Bound"
                });
            }
        }

        return claims;
    }
}
