using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;

namespace Tidekeeper.UnitTests.Engines.TiDB;

public sealed class DiscoveryTests
{
    private static readonly DateTimeOffset Born = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DiscoveryCluster Cluster =
        new() { Name = "basic", Namespace = "shop", Uid = "u1", Created = Born };

    private static readonly DiscoveryClaim[] Claims =
    [
        .. Enumerable.Range(0, 3)
            .Select(n => new DiscoveryClaim($"pd-basic-pd-{n}", $"c{n}", "pd", Born.AddSeconds(1)))
    ];

    private static readonly PdLedger Seeded = new("u1", "5", new("basic-pd-0", "c0"), null);

    [Fact]
    public void The_lowest_ordinal_begins_and_its_claim_is_on_record_first()
    {
        var answer = Discovery.Answer(Asks(0));
        Assert.Equal("--initial-cluster=basic-pd-0=http://basic-pd-0.basic-pd-peer.shop.svc:2380", answer.Text);
        Assert.True(answer.Write!.Creates);
        Assert.Equal("basic-pd-members", (string?)answer.Write.ConfigMap["metadata"]!["name"]);
        Assert.Equal("basic-pd-0 c0", (string?)answer.Write.ConfigMap["data"]!["seed"]);
        Assert.Equal("u1", (string?)answer.Write.ConfigMap["metadata"]!["ownerReferences"]![0]!["uid"]);
    }

    [Fact]
    public void The_seed_may_ask_again_and_gets_the_same_answer_without_a_write()
    {
        var answer = Discovery.Answer(Asks(0) with { Ledger = Known.Of<PdLedger?>(Seeded) });
        Assert.Equal((200, null), (answer.Status, answer.Write));
        Assert.StartsWith("--initial-cluster=basic-pd-0=", answer.Text);
    }

    [Fact]
    public void Nobody_begins_a_cluster_while_something_says_that_there_is_or_was_one()
    {
        Refused("basic-pd-0 begins the cluster and does not answer yet", Asks(1));
        Refused("the member ledger could not be read: timeout",
            Asks(0) with { Ledger = Known.Unknown<PdLedger?>("timeout") });
        Refused("the claims could not be read: timeout",
            Asks(0) with { Claims = Known.Unknown<IReadOnlyList<DiscoveryClaim>>("timeout") });
        Refused("TidbCluster basic could not be read: timeout",
            Asks(0) with { Cluster = Known.Unknown<DiscoveryCluster?>("timeout") });
        Refused("PD cluster 77 exists, but none of its members answers",
            Asks(0) with { Cluster = Known.Of<DiscoveryCluster?>(Cluster with { ClusterId = "77" }) });
        Refused("claim tikv-basic-tikv-0 is older than TidbCluster basic",
            Asks(0, [.. Claims, new("tikv-basic-tikv-0", "t0", "tikv", Born.AddSeconds(-1))]));
        Refused("its claim is c9 now, so its data is gone",
            Asks(0, [new("pd-basic-pd-0", "c9", "pd", Born.AddSeconds(9))]) with
            {
                Ledger = Known.Of<PdLedger?>(Seeded)
            });
        Refused("PD has been running, since basic-pd-1 was let in",
            Asks(0) with { Ledger = Known.Of<PdLedger?>(Seeded with { Joining = new("basic-pd-1", "c1") }) });
        Refused("belongs to an earlier TidbCluster of this name",
            Asks(0) with { Ledger = Known.Of<PdLedger?>(Seeded with { OwnerUid = "u0" }) });
        Refused("a separate one is not begun instead",
            Asks(0) with { Cluster = Known.Of<DiscoveryCluster?>(Cluster with { JoinsOther = true }) });
        Refused("does not exist or is being deleted",
            Asks(0) with { Cluster = Known.Of<DiscoveryCluster?>(Cluster with { Deleting = true }) });
    }

    [Fact]
    public void A_member_that_has_left_again_keeps_nobody_from_joining()
    {
        var joined = Known.Of<PdLedger?>(Seeded with { Joining = new("basic-pd-1", "c1") });
        DiscoveryClaim[] claims = [Claims[0], Claims[1] with { LeftOver = true }, Claims[2]];
        var answer = Discovery.Answer(Asks(2, claims) with { Ledger = joined, Members = Members((0, true)) });
        Assert.Equal("basic-pd-2 c2", (string?)answer.Write!.ConfigMap["data"]!["joining"]);

        Refused("claim pd-basic-pd-1 is left over from a member that is gone; it is made anew first",
            Asks(1, claims) with { Ledger = joined, Members = Members((0, true)) });
    }

    [Fact]
    public void The_others_join_one_after_another()
    {
        var seeded = Asks(1) with { Ledger = Known.Of<PdLedger?>(Seeded), Members = Members((0, true)) };
        var first = Discovery.Answer(seeded);
        Assert.Equal("--join=http://basic-pd-0.basic-pd-peer.shop.svc:2379", first.Text);
        Assert.Equal("5", (string?)first.Write!.ConfigMap["metadata"]!["resourceVersion"]);
        Assert.Equal("basic-pd-1 c1", (string?)first.Write.ConfigMap["data"]!["joining"]);
        Assert.Equal("basic-pd-0 c0", (string?)first.Write.ConfigMap["data"]!["seed"]);

        var joining = Known.Of<PdLedger?>(Seeded with { Joining = new("basic-pd-1", "c1") });
        Refused("basic-pd-1 is joining; the others follow one by one",
            Asks(2) with { Ledger = joining, Members = Members((0, true)) });
        Refused("basic-pd-1 has joined and is not healthy yet",
            Asks(2) with { Ledger = joining, Members = Members((0, true), (1, false)) });
        var again = Discovery.Answer(seeded with { Ledger = joining });
        Assert.Equal((200, null), (again.Status, again.Write));

        var last = Discovery.Answer(Asks(2) with { Ledger = joining, Members = Members((0, true), (1, true)) });
        Assert.Equal(
            "--join=http://basic-pd-0.basic-pd-peer.shop.svc:2379,http://basic-pd-1.basic-pd-peer.shop.svc:2379",
            last.Text);
    }

    [Fact]
    public void A_member_that_lost_its_data_is_not_let_in_as_if_nothing_had_happened() =>
        Refused("basic-pd-1 is a member of PD already, but this pod has no data of it",
            Asks(1) with { Ledger = Known.Of<PdLedger?>(Seeded), Members = Members((0, true), (1, false)) });

    [Fact]
    public void Nobody_joins_a_cluster_that_could_not_spare_it() =>
        Refused("only 1 of 2 PD members of basic are healthy; one more needs 2",
            Asks(2) with { Ledger = Known.Of<PdLedger?>(Seeded), Members = Members((0, true), (1, false)) });

    [Fact]
    public void A_join_that_was_given_up_holds_nobody_up()
    {
        var gone = Known.Of<PdLedger?>(Seeded with { Joining = new("basic-pd-1", "deleted") });
        var answer = Discovery.Answer(Asks(2) with { Ledger = gone, Members = Members((0, true)) });
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public void A_cluster_that_began_under_another_operator_gets_a_ledger_without_a_seed()
    {
        var answer = Discovery.Answer(Asks(2) with { Members = Members((0, true), (1, true)) });
        Assert.True(answer.Write!.Creates);
        Assert.Null(answer.Write.ConfigMap["data"]!["seed"]);
        Assert.Equal("basic-pd-2 c2", (string?)answer.Write.ConfigMap["data"]!["joining"]);
    }

    // Found on a real API server that asks: discovery's account may not set finalizers of the cluster, and began no PD.
    [Fact]
    public void The_ledger_belongs_to_the_cluster_and_does_not_hold_up_its_deletion()
    {
        var answer = Discovery.Answer(Asks(2) with { Members = Members((0, true), (1, true)) });
        var owner = answer.Write!.ConfigMap["metadata"]!["ownerReferences"]!.AsArray().Single()!;
        Assert.Equal("TidbCluster", (string?)owner["kind"]);
        Assert.Null(owner["blockOwnerDeletion"]);
    }

    [Theory]
    [InlineData("basic-pd-0.basic-pd-peer.shop.svc:2380", "basic")]
    [InlineData("a-b-pd-12.a-b-pd-peer.shop.svc.cluster.local:2380", "a-b")]
    [InlineData("basic-pd-0.basic-pd-peer.shop:2380", null)]
    [InlineData("basic-pd-0.other-pd-peer.shop.svc:2380", null)]
    [InlineData("basic-tikv-0.basic-pd-peer.shop.svc:2380", null)]
    [InlineData("basic-pd-00.basic-pd-peer.shop.svc:2380", null)]
    [InlineData("basic-pd-0.basic-pd-peer.shop.svc", null)]
    [InlineData("", null)]
    public void A_caller_is_a_pd_pod_or_nobody(string text, string? cluster)
    {
        Assert.Equal(cluster, DiscoveryCaller.Parse(text, out var problem)?.ClusterName);
        Assert.Equal(cluster is null, problem.Length > 0);
    }

    [Fact]
    public void A_ledger_is_read_as_it_was_written()
    {
        var ledger = Seeded with { Joining = new("basic-pd-2", "c2") };
        Assert.Equal(ledger, PdLedger.Read(ledger.Write(Cluster)));
        var nonsense = new System.Text.Json.Nodes.JsonObject { ["seed"] = "x" };
        Assert.Throws<FormatException>(() => PdLedger.Read(new() { ["data"] = nonsense }));
    }

    [Fact]
    public void Verify_names_the_healthy_members_beside_the_given_address()
    {
        Assert.Equal("http://basic-pd:2379,http://basic-pd-0.basic-pd-peer.shop.svc:2379",
            Discovery.Verify("http://basic-pd:2379", Members((0, true), (1, false))));
        Assert.Equal("http://basic-pd:2379",
            Discovery.Verify("http://basic-pd:2379", Known.Unknown<IReadOnlyList<DiscoveryMember>>("refused")));
    }

    internal static DiscoverySeen Asks(int ordinal, IReadOnlyList<DiscoveryClaim>? claims = null) => new()
    {
        Caller = DiscoveryCaller.Parse($"basic-pd-{ordinal}.basic-pd-peer.shop.svc:2380", out _)!,
        Cluster = Known.Of<DiscoveryCluster?>(Cluster),
        Ledger = Known.Of<PdLedger?>(null),
        Claims = Known.Of(claims ?? Claims),
        Members = Known.Unknown<IReadOnlyList<DiscoveryMember>>("refused")
    };

    internal static Known<IReadOnlyList<DiscoveryMember>> Members(params (int Ordinal, bool Healthy)[] members) =>
        Known.Of<IReadOnlyList<DiscoveryMember>>(
        [
            .. members.Select(m => new DiscoveryMember(
                $"basic-pd-{m.Ordinal}", [$"http://basic-pd-{m.Ordinal}.basic-pd-peer.shop.svc:2380"],
                [$"http://basic-pd-{m.Ordinal}.basic-pd-peer.shop.svc:2379"], m.Healthy))
        ]);

    private static void Refused(string why, DiscoverySeen seen)
    {
        var answer = Discovery.Answer(seen);
        Assert.Equal(503, answer.Status);
        Assert.Contains(why, answer.Text);
        Assert.Null(answer.Write);
    }
}
