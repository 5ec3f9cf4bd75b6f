using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Kube;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator;
using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Processes;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation;

/// <summary>
/// A whole Kubernetes with the real operator in it, on one thread and in virtual time. The same seed makes the same
/// history, to the millisecond.
/// </summary>
public sealed class SimulatedCluster
{
    public const string Namespace = "db";
    public const string OperatorImage = "tidekeeper/operator";
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(2);

    private readonly Pump _pump = new();
    private readonly ChangeSignal _changed = new();
    private readonly Random _chance;
    private readonly SortedDictionary<int, Process> _operators = [];
    private readonly SortedDictionary<int, Sight> _sights = [];
    private DateTimeOffset? _due;
    private (long, long) _acted = (-1, -1);
    private Turn? _impatient;
    private Turn[] _order = [];
    private (JsonObject? Item, LeaseHeld? Held) _lease;
    private int _spins;
    private int _lives;

    /// <param name="discovery">What runs in place of our discovery; null for ours.</param>
    /// <param name="nodes">Machines, each in a zone of its own as far as three zones go.</param>
    public SimulatedCluster(int seed, Weather weather, IProgram? discovery = null, int nodes = 3)
    {
        Seed = seed;
        Weather = weather;
        _chance = new Random(seed);
        Time = new VirtualTime(Start);
        Story = new Story(Time);
        World = new World(Time, _chance.Next());
        Api = new ApiClient(World.Api, "simulation");
        Rules = new WriteRules(Api) { Lease = ReadLease, Now = () => Time.Now };
        Story.Wrote += Rules.Judge;
        World.Api.Store.Committed += change => _changed.Note(change.Resource);
        World.Api.Store.Committed += Story.Saw;
        Time.CreateTimer(_ => _changed.NoteAll(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        var programs = new ProgramCatalog();
        TidbPrograms.AddTo(programs, Databases, (_, _) => new NoSql());
        programs.Add("pingcap/tidb-operator", new GoDiscoveryProgram(new ApiClient(World.Api, "tidb-discovery")));
        programs.Add(OperatorImage, discovery ?? new DiscoveryProgram(ServeDiscovery, action => action()));
        Playground = PlaygroundCluster.Build(World, new PlaygroundLayout { Programs = programs, Nodes = nodes });
    }

    public int Seed { get; }

    /// <summary>What <c>./tide sim --replay</c> needs to run this again.</summary>
    public string Again { get; init; } = "";
    public Weather Weather { get; set; }
    public VirtualTime Time { get; }
    public Story Story { get; }
    public World World { get; }
    public ApiClient Api { get; }
    public PlaygroundCluster Playground { get; }
    public DatabaseRegistry Databases { get; } = new();
    public WriteRules Rules { get; }

    /// <summary>Counts writes, and makes one of them go wrong when that is planned.</summary>
    public Interruptions Interruptions { get; init; } = new();

    /// <summary>Puts something between the operators and the API: how a test breaks an operator on purpose.</summary>
    public Func<IKubeTransport, IKubeTransport> Wrap { get; set; } = transport => transport;

    /// <summary>Rights that operators do not have for now, of those that docs/rights.md lists.</summary>
    public Func<Demand, bool> IsDenied { get; init; } = _ => false;

    /// <summary>Of the operator that started last.</summary>
    public Health? Health { get; private set; }

    /// <summary>What ended an operator's process that nobody killed; null while nothing has.</summary>
    public Exception? Bug { get; private set; }

    /// <summary>Called for every line that an operator logs.</summary>
    public Action<LogLine>? Logged { get; init; }

    /// <summary>Reconciles need requests; their number is what "bounded work" is measured by.</summary>
    public int Requests => Story.Requests;

    public JsonObject? Cluster(string name) => Api.Get("pingcap.com/v1alpha1/tidbclusters", Namespace, name);

    /// <summary>Installs the CRD and the namespace, and starts the operators.</summary>
    public void Install()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_pump);
        try
        {
            Api.Create("v1/namespaces", null, Meta("v1", "Namespace", Namespace));
            Api.Create("apiextensions.k8s.io/v1/customresourcedefinitions", null,
                CrdDocument.TidbCluster(XmlDocs.None));
            World.Settle();
            for (var slot = 0; slot < Weather.Operators; slot++)
                StartOperator(slot);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Whether every operator has heard of all that happened until a moment ago.</summary>
    public bool AreViewsFresh =>
        Weather.WatchDelayMilliseconds == 0 && _sights.Values.All(sight => sight.Until <= Time.Now);

    public void PauseOperator(int slot, TimeSpan how) => _operators[slot].Pause(how);

    /// <summary>News of that resource, or of all, does not reach an operator for a while.</summary>
    public void BlindOperator(int slot, string? resource, TimeSpan how, bool forgets)
    {
        Story.Tell($"operator-{slot} hears of no change of {resource ?? "anything"} for {how.TotalSeconds:0} s");
        Story.Fault(forgets ? "events missed" : "stale view", isSetback: false);
        _sights[slot].Lose(resource, how, forgets);
    }

    /// <summary>Called at that pace from now on, as a client of the database would act.</summary>
    public void Every(TimeSpan pace, Action act) => Time.CreateTimer(_ => act(), null, pace, pace);

    public void KillOperator(int slot, string how) => _operators[slot].Die(how);

    /// <summary>Lets the world go on until <paramref name="done"/> or the limit; a broken promise ends it.</summary>
    public bool RunUntil(Func<bool> done, TimeSpan limit, IReadOnlyList<IChecker> checkers)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_pump);
        try
        {
            var end = Time.Now + limit;
            while (Time.Now < end)
            {
                if (Quiesce(checkers) && done())
                    return true;
                Time.FireNext(Earliest(_due, Time.Next, end));
            }

            return done();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    // Everything that can happen at this moment happens, actors in an order that chance gives. False when nothing
    // happened but code of the operator that changed nothing: then nobody needs to look at the world again.
    private bool Quiesce(IReadOnlyList<IChecker> checkers)
    {
        var moved = false;
        for (var round = 0; round < 200; round++)
        {
            WakeWatches();
            var before = (World.Api.Head, World.Network.Activity);
            if (before == _acted && !(_due <= Time.Now))
                return moved;
            moved = true;
            foreach (var turn in Shuffled())
            {
                if (turn.HasCome(Time.Now))
                    turn.Take(Time.Now);
            }

            _due = null;
            foreach (var turn in World.Turns)
            {
                if (turn.Due is { } at && (_due is null || at < _due))
                    (_due, _impatient) = (at, turn);
            }

            // What an actor asked for now is done in the next round; a wish for the past would never end.
            if (_due > Time.Now || _due is null)
                _spins = 0;
            else if (++_spins > 20_000)
                throw new InvalidOperationException(
                    $"{_impatient?.Actor.Name} wants to act now, whenever asked\n{Story.Last(40)}");
            else
                _due = Time.Now + TimeSpan.FromMilliseconds(1);
            _acted = before;
            Check(checkers);
        }

        _due = Time.Now + TimeSpan.FromMilliseconds(1);
        _acted = (World.Api.Head, World.Network.Activity);
        return true;
    }

    private void Check(IReadOnlyList<IChecker> checkers)
    {
        if (Rules.Broken is { } broken)
            throw Broken(broken.Invariant, broken.Sentence);
        foreach (var checker in checkers)
        {
            if (checker.Broken(this) is { } sentence)
                throw Broken(checker.Invariant, sentence);
        }
    }

    public PromiseBrokenException Broken(string invariant, string sentence) =>
        new(Again, invariant, sentence, Story.Last(80));

    private void WakeWatches()
    {
        do
            _pump.RunUntilIdle();
        while (_changed.Raise());
    }

    private Turn[] Shuffled()
    {
        if (_order.Length != World.Turns.Count)
            _order = [.. World.Turns];
        _chance.Shuffle(_order);
        return _order;
    }

    private void StartOperator(int slot)
    {
        if (!_sights.TryGetValue(slot, out var sight))
            _sights[slot] = sight = new Sight(Time);
        var process = new Process($"operator-{slot}", Story, _changed, Time, sight) { NextFate = Interruptions.Next };
        _operators[slot] = process;
        Story.Tell($"{process.Identity} starts, life {_lives++}");
        _ = Live(slot, process);
    }

    private async Task Live(int slot, Process process)
    {
        var wires = Wrap(
            new SimulatedTransport(World, Time, new Random(_chance.Next()), () => Weather, process, ReadLease));
        var transport = new Authorizer(wires, IsDenied);
        var wire = new SimulatedWire(World, Time, new Random(_chance.Next()), () => Weather, process);
        var compose = Compose.Operator(
            new Outside(transport, transport, wire, new ProcessTime(Time, process), _chance.Next(),
                line => Log(process, line)),
            new Settings { LeaseNamespace = Namespace, Identity = process.Identity, OperatorImage = OperatorImage });
        Health = compose.Health;
        try
        {
            await compose.App.Run(process.Life);
        }
        catch (OperationCanceledException) when (process.IsDead)
        {
            // Death is ordinary here; the kubelet starts the container again.
        }
        catch (Exception bug)
        {
            Story.Tell($"{process.Identity} failed: {bug}");
            Bug ??= bug;
            process.Die("of a bug");
        }

        await Task.Delay(Restart, Time);
        StartOperator(slot);
    }

    private void Log(Process process, LogLine line)
    {
        Story.Tell($"{process.Identity} log: {line.Plain()}");
        Logged?.Invoke(line);
    }

    private DiscoveryService ServeDiscovery(ContainerContext container, CancellationToken life)
    {
        var process = new Process("discovery", Story, _changed, Time, new Sight(Time));
        life.Register(() => process.Die("with its container"));
        var transport = new SimulatedTransport(
            World, Time, new Random(container.Chance.Next()), () => Weather with { Crashes = 0 }, process, ReadLease);
        var wire = new SimulatedWire(World, Time, new Random(container.Chance.Next()), () => Weather, process);
        return new DiscoveryService(new KubeApi(transport, Labels.FieldManager), wire,
            new OperatorLog(Time, line => container.Log(line.Plain())));
    }

    // Creation needs no SQL; what a TiDB pod serves here is its status.
    private sealed class NoSql : ISqlListener
    {
        public ISqlSession Open(string user, string? database, string clientHost) =>
            throw new SqlFault(1105, "HY000", "there is no SQL in this simulation");
    }

    private LeaseHeld? ReadLease()
    {
        var lease = Api.Get("coordination.k8s.io/v1/leases", Namespace, "tidekeeper-operator");
        if (lease != _lease.Item)
            _lease = (lease, ReadLease(lease?["spec"]));
        return _lease.Held;
    }

    private static LeaseHeld? ReadLease(JsonNode? spec) =>
        (string?)spec?["holderIdentity"] is { Length: > 0 } holder && (string?)spec["renewTime"] is { } renewed
            ? new(holder, DateTimeOffset.Parse(renewed, CultureInfo.InvariantCulture)
                + TimeSpan.FromSeconds(spec.Number("leaseDurationSeconds") ?? 0), spec.Number("leaseTransitions") ?? 0)
            : null;

    private static DateTimeOffset Earliest(DateTimeOffset? a, DateTimeOffset? b, DateTimeOffset end)
    {
        var first = a is { } x && x < end ? x : end;
        return b is { } y && y < first ? y : first;
    }

    private static JsonObject Meta(string apiVersion, string kind, string name) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
    };
}
