using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>
/// Many short histories of pods that ask, start, lose their claims and their answers, with discovery processes that
/// are doubled, die between write and answer, and cannot reach PD. Evidence is what pods were told and what PD is,
/// never what discovery believes.
/// </summary>
public sealed class DiscoveryHistoryTests
{
    [Fact]
    public void No_history_has_two_seeds_or_two_joiners_at_a_time()
    {
        var begun = 0;
        var grown = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var history = new History(new Random(seed));
            for (var step = 0; step < 60; step++)
                history.Step();
            Assert.True(history.Seeds.Count <= 1, $"seed {seed}: {string.Join(" and ", history.Seeds)} may begin");
            Assert.True(history.MostUnhealthy <= 1, $"seed {seed}: {history.MostUnhealthy} members joined at once");
            begun += history.Seeds.Count;
            grown += history.Members.Count == 3 ? 1 : 0;
        }

        // The histories are worth something only if clusters come into being in most of them.
        Assert.True(begun > 2500, $"only {begun} histories had a seed");
        Assert.True(grown > 500, $"only {grown} histories grew to three members");
    }

    private sealed class History(Random chance)
    {
        private readonly string[] _claims = ["c0", "c1", "c2"];
        private readonly List<(DiscoverySeen Seen, int Ordinal)> _questions = [];
        private PdLedger? _ledger;
        private int _version = 1;
        private int _claimCount = 3;
        private string _clusterId = "";

        /// <summary>Everybody who was ever told to begin, with the claim.</summary>
        public SortedSet<string> Seeds { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<int, bool> Members { get; } = [];
        public int MostUnhealthy { get; private set; }

        public void Step()
        {
            switch (chance.Next(10))
            {
                case < 5:
                    Ask(chance.Next(3));
                    break;
                case < 8 when _questions.Count > 0:
                    Decide();
                    break;
                case 8 when Members.Count > 0:
                    foreach (var ordinal in Members.Keys.ToList())
                        Members[ordinal] = true;
                    break;
                case 9 when chance.Next(4) == 0:
                    var lost = chance.Next(3);
                    if (!Members.ContainsKey(lost))
                        _claims[lost] = $"c{_claimCount++}";
                    break;
                default:
                    if (Members.Count > 0 && chance.Next(2) == 0)
                        _clusterId = "77";
                    break;
            }
        }

        /// <summary>
        /// A discovery process reads the world; what it decides comes later, beside what others decide.
        /// </summary>
        private void Ask(int ordinal)
        {
            if (Members.ContainsKey(ordinal))
                return;
            var cluster = new DiscoveryCluster
            {
                Name = "basic",
                Namespace = "shop",
                Uid = "u1",
                Created = default,
                ClusterId = _clusterId
            };
            var claims = _claims
                .Select((uid, n) => new DiscoveryClaim($"pd-basic-pd-{n}", uid, "pd", default)).ToList();
            var isCutOff = Members.Count == 0 || chance.Next(4) == 0;
            _questions.Add((DiscoveryTests.Asks(ordinal, claims) with
            {
                Cluster = Known.Of<DiscoveryCluster?>(cluster),
                Ledger = Known.Of(_ledger),
                Members = isCutOff
                    ? Known.Unknown<IReadOnlyList<DiscoveryMember>>("cut off")
                    : DiscoveryTests.Members([.. Members.Select(m => (m.Key, m.Value))])
            }, ordinal));
        }

        private void Decide()
        {
            var at = chance.Next(_questions.Count);
            var (seen, ordinal) = _questions[at];
            _questions.RemoveAt(at);
            var answer = Discovery.Answer(seen);
            if (answer.Write is { } write && !Write(write))
                return;
            if (answer.Status != 200 || chance.Next(8) == 0)
                return;
            var claim = seen.Claims.Is(out var claims) ? claims[ordinal].Uid : "";
            if (answer.Text.StartsWith("--initial", StringComparison.Ordinal))
                Seeds.Add($"basic-pd-{ordinal} with {claim}");
            if (_claims[ordinal] == claim)
                Members.TryAdd(ordinal, Members.Count == 0);
            MostUnhealthy = Math.Max(MostUnhealthy, Members.Values.Count(healthy => !healthy));
        }

        /// <summary>The API server: a creation fails when there is one, a replacement when it has changed.</summary>
        private bool Write(LedgerWrite write)
        {
            var version = (string?)write.ConfigMap["metadata"]!["resourceVersion"] ?? "";
            if (write.Creates ? _ledger is not null : _ledger?.ResourceVersion != version)
                return false;
            _ledger = PdLedger.Read(write.ConfigMap) with { ResourceVersion = $"{++_version}" };
            return true;
        }
    }
}
