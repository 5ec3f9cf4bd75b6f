using Tidekeeper.Engines.TiDB;
using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB.Control;

/// <summary>The circuit breaker and the override of guards.</summary>
public sealed class BreakerTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void Two_failures_at_once_stop_a_rollout_until_the_breaker_is_reset()
    {
        var living = Old().Edit(Labelled);
        living.Story(1);
        Down(living, "basic-tikv-0", "basic-tikv-1");
        Assert.DoesNotContain(living.Plan.Acts, act => act.Disturbs);
        var open = living.Condition(TidbConditions.BreakerOpen).Message!;
        Told(
            "the circuit breaker is open since 2026-01-01 TIME UTC: 2 members of TiKV failed within 10 min: "
            + "basic-tikv-0 at 2026-01-01 TIME UTC, basic-tikv-1 at 2026-01-01 TIME UTC; when that is "
            + "understood: tide breaker reset basic", Timeless(open));
        Assert.Contains($"event  Warning BreakerOpened: {open}\n", living.Plan.Print());

        // It stays open when the stores are back, and a repair goes on meanwhile.
        Told("""
            delete Pod/basic-tikv-0 because it does not run, and the spec has changed since it was made
            delete Pod/basic-tikv-1 because it does not run, and the spec has changed since it was made
            """, living.Story());
        Up(living);
        Assert.Contains("basic-tikv-2 is next when this is over: the circuit breaker is open since", Holds(living));
        living.Change(seen => new Seen(seen).Annotated(Labels.BreakerReset, $"{seen.Now:O}").Now);
        Assert.Contains("delete Pod/basic-tikv-2", living.Story());
        Assert.Null(new Seen(living.Now).Status().Breaker);
    }

    [Fact]
    public void One_failure_and_pods_that_were_made_anew_do_not_open_it()
    {
        var living = Old();
        Down(living, "basic-tikv-0");
        living.Story(1);
        Assert.Null(new Seen(living.Now).Status().Breaker);

        var young = Old().Change(seen => seen with
        {
            Pods = [.. seen.Pods.Select(pod => pod with { Created = seen.Now - TimeSpan.FromMinutes(1) })]
        });
        Down(young, "basic-tikv-0", "basic-tikv-1");
        young.Story(1);
        Assert.Null(new Seen(young.Now).Status().Breaker);
    }

    [Theory]
    [InlineData(30, 31, true)]
    [InlineData(30, 45, false)]
    public void Failures_count_together_by_when_they_happened_not_by_when_they_are_seen(
        int first, int second, bool opens)
    {
        var living = Old();
        var now = living.Now.Now;
        Down(living, "basic-tikv-0", "basic-tikv-1");
        var since = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal)
        {
            ["basic-tikv-0"] = now - TimeSpan.FromMinutes(first),
            ["basic-tikv-1"] = now - TimeSpan.FromMinutes(second)
        };
        living.Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores =
            [
                .. pd.Stores.Select(one => since.TryGetValue(one.PodName ?? "", out var heard)
                    ? one with { State = "Down", LastHeartbeat = heard }
                    : one)
            ]
        }).Now);
        living.Story(1);
        Assert.Equal(opens, new Seen(living.Now).Status().Breaker is not null);
    }

    [Fact]
    public void A_pod_that_is_ready_and_down_to_PD_for_long_opens_it()
    {
        var living = Old();
        var ready = living.Now.Now;
        living.Change(seen => seen with
        {
            Pods = [.. seen.Pods.Select(pod => pod with { ReadySince = ready })]
        });
        living.Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one.Id == "1" ? one with { State = "Disconnected" } : one)]
        }).Applied().After(TimeSpan.FromMinutes(6)).Now);
        Assert.Contains(
            "Kubernetes calls basic-tikv-0 ready and the database calls it down, for more than 5 min",
            living.Condition(TidbConditions.BreakerOpen).Message);
    }

    [Fact]
    public void What_a_PD_says_that_has_just_got_its_majority_back_opens_nothing()
    {
        var living = Old();
        living.Look();
        var lastHeard = living.Now.Now;
        living.Change(seen => new Seen(seen).After(TimeSpan.FromMinutes(9)).Pd(pd => pd with
        {
            Stores =
            [
                .. pd.Stores.Select(one => one with { State = "Disconnected", LastHeartbeat = lastHeard })
            ]
        }).Now);
        living.Look();
        Assert.Null(new Seen(living.Now).Status().Breaker);
        living.Change(seen => new Seen(seen).After(TimeSpan.FromMinutes(3)).Now).Look();
        Assert.Contains("members of TiKV failed within 10 min", new Seen(living.Now).Status().Breaker?.Why);
    }

    [Fact]
    public void An_override_lifts_one_guard_for_a_while()
    {
        var living = Old().Edit(Labelled).Edit(spec => spec with { Breaker = new BreakerSpec { Enabled = false } });
        living.Story(2);
        living.Change(seen => new Seen(seen).Pd(pd => pd with
        {
            Regions = Tidekeeper.Engines.Known.Of(new RegionHealth(3, 0, 0))
        }).Now);
        Assert.Contains("basic-tikv-2 is next when this is over: 3 regions lack a replica", Holds(living));

        living.Change(seen => new Seen(seen).Annotated(Labels.Override, new Override
        {
            Guard = "RegionsWhole",
            From = seen.Now,
            Until = seen.Now + TimeSpan.FromMinutes(30),
            Reason = "they are of a test"
        }.ToText()).Now);
        Assert.Contains("ask    PD to move the leaders away from store 3", living.Plan.Print());
        Told(
            "guard RegionsWhole is ignored until TIME UTC: they are of a test",
            Timeless(living.Condition(TidbConditions.Overridden).Message!));
        Assert.Equal("InForce", new Seen(living.Now).Status().Override!.State);

        living.Change(seen => new Seen(seen).After(TimeSpan.FromMinutes(31)).Now);
        Assert.DoesNotContain("PD to move", living.Plan.Print());
        Told(
            "the override of guard RegionsWhole has expired and has no effect; remove it with tide override basic "
            + "--end",
            living.Condition(TidbConditions.Overridden).Message!);
    }

    [Theory]
    [InlineData("nonsense", "it is no JSON object; write it with tide override")]
    [InlineData("""{"guard": "Nobody"}""", "guard: Nobody is none of Breaker, PdMajority, PodsSettled")]
    [InlineData("""{"guard": "StoresUp", "from": "2026-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}""",
        "it lasts longer than 24 h; write an earlier until")]
    [InlineData("""{"guard": "StoresUp", "from": "2026-01-01T00:00:00Z", "until": "2026-01-01T02:00:00Z"}""",
        "reason is empty; say why")]
    public void An_override_that_says_nothing_sensible_has_no_effect(string text, string problem)
    {
        var living = Old().Change(seen => new Seen(seen).Annotated(Labels.Override, text).Now);
        Assert.StartsWith(
            $"the annotation tidekeeper.io/override has no effect: {problem}",
            living.Condition(TidbConditions.Overridden).Message);
        Assert.Equal("Refused", new Seen(living.Now).Status().Override!.State);
    }

    private static string Timeless(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "[0-9]{2}:[0-9]{2}:[0-9]{2}", "TIME");

    /// <summary>Made an hour ago.</summary>
    private static Living Old() => Living.Running(Spec).Change(seen => new Seen(seen with
    {
        Pods = [.. seen.Pods.Select(pod => pod with { Created = Seen.Start })]
    }).After(TimeSpan.FromHours(1)).Now);

    private static TidbClusterSpec Labelled(TidbClusterSpec spec) =>
        spec with { Tikv = spec.Tikv! with { Labels = new() { ["team"] = "blue" } } };

    private static void Down(Living living, params string[] pods) =>
        living.Change(seen => new Seen(Ready(seen, pods, false)).Pd(pd => pd with
        {
            Stores =
            [
                .. pd.Stores.Select(one => pods.Contains(one.PodName) ? one with { State = "Disconnected" } : one)
            ]
        }).After(TimeSpan.FromSeconds(5)).Now);

    private static void Up(Living living) =>
        living.Change(seen => new Seen(Ready(seen, [.. seen.Pods.Select(pod => pod.Name)], true)).Pd(pd => pd with
        {
            Stores = [.. pd.Stores.Select(one => one with { State = "Up" })]
        }).Now);

    private static TidbSeen Ready(TidbSeen seen, string[] pods, bool ready) => seen with
    {
        Pods = [.. seen.Pods.Select(pod => pods.Contains(pod.Name) ? pod with { Ready = ready } : pod)]
    };

    private static string Holds(Living living) => string.Join('\n', living.Plan.Holds.Select(hold => hold.Hold.Why));
}
