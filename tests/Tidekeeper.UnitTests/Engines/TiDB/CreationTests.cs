using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model;

namespace Tidekeeper.UnitTests.Engines.TiDB;

public sealed class CreationTests
{
    internal const string Spec = """
        version: v8.5.0
        pd: {replicas: 3, requests: {storage: 10Gi}}
        tikv: {replicas: 3, requests: {storage: 100Gi}}
        tidb: {replicas: 2, service: {type: ClusterIP}}
        """;

    [Fact]
    public void A_new_cluster_gets_everything_that_waits_for_nothing()
    {
        Assert.Equal("""
            apply  ServiceAccount/basic-discovery because it does not exist
            apply  Role/basic-discovery because it does not exist
            apply  RoleBinding/basic-discovery because it does not exist
            apply  Deployment/basic-discovery because it does not exist
            apply  Service/basic-discovery because it does not exist
            apply  Service/basic-pd because it does not exist
            apply  Service/basic-pd-peer because it does not exist
            apply  Service/basic-tikv-peer because it does not exist
            apply  Service/basic-tidb-peer because it does not exist
            apply  ConfigMap/basic-pd-HASH because it does not exist
            apply  ConfigMap/basic-tikv-HASH because it does not exist
            apply  ConfigMap/basic-tidb-HASH because it does not exist
            apply  StatefulSet/basic-pd because it does not exist
            hold   TiKV: PD does not answer yet
            hold   TiDB: PD does not answer yet
            apply  PodDisruptionBudget/basic-pd because it does not exist
            apply  PodDisruptionBudget/basic-tikv because it does not exist
            apply  PodDisruptionBudget/basic-tidb because it does not exist
            apply  Service/basic-tidb because it does not exist
            hold   Serve: StatefulSet basic-pd does not exist yet

            """, Text(Seen.Of(Spec)));
    }

    [Fact]
    public void The_components_follow_one_another_until_nothing_is_left_to_do()
    {
        var seen = Seen.Of(Spec).Applied();
        Assert.Equal("""
            hold   TiKV: PD does not answer yet
            hold   TiDB: PD does not answer yet
            hold   Serve: Kubernetes has made 0 of 3 pods of StatefulSet basic-pd

            """, Text(seen));

        seen = seen.WithPods("pd").WithPd(1).Applied();
        Assert.Equal("""
            hold   TiKV: PD has 1 of 3 members healthy and needs 2 for a majority
            hold   TiDB: PD has 1 of 3 members healthy and needs 2 for a majority
            hold   Serve: StatefulSet basic-tikv does not exist yet

            """, Text(seen));

        seen = seen.WithPd(2);
        Assert.Equal("""
            apply  StatefulSet/basic-tikv because it does not exist
            hold   TiDB: TiDB waits for 2 TiKV stores to be Up, so that rows are on a majority of their replicas
            hold   Serve: StatefulSet basic-tikv does not exist yet

            """, Text(seen));

        seen = seen.Applied().WithPods("tikv").WithStores("tikv", 2);
        Assert.Equal("""
            apply  StatefulSet/basic-tidb because it does not exist
            hold   Serve: StatefulSet basic-tidb does not exist yet

            """, Text(seen));

        seen = seen.Applied().WithPods("tidb").WithTidb(2);
        Assert.Equal("hold   Serve: PD member basic-pd-2 is not healthy\n", Text(seen));

        seen = seen.WithPd(3).WithStores("tikv", 3);
        Assert.Equal(
            "event  Normal Ready: PD, TiKV and TiDB serve as the spec wants them\n", Text(seen));
        Assert.Equal("True", seen.Condition(TidbConditions.Ready).Status);

        Assert.Equal("", Text(seen.Applied()));
        Assert.Null(seen.Plan().CheckAgain);
    }

    [Fact]
    public void What_exists_already_waits_for_nothing()
    {
        var seen = Seen.Running(Spec).WithSilentPd();
        Assert.DoesNotContain("apply", Text(seen));
        Assert.Contains("hold   Serve: PD does not answer: GET http://basic-pd.shop.svc:2379: refused\n", Text(seen));
        Assert.DoesNotContain("hold   TiKV", Text(seen));
    }

    [Fact]
    public void An_object_that_somebody_deletes_comes_back_alone()
    {
        var seen = Seen.Running(Spec);
        var without = new Seen(seen.Now with
        {
            Objects = [.. seen.Now.Objects.Where(one => one.Name != "basic-pd-peer")]
        });
        Assert.Equal("apply  Service/basic-pd-peer because it does not exist\n", Text(without));
    }

    [Fact]
    public void An_object_that_somebody_changes_is_written_once()
    {
        var seen = Seen.Running(Spec);
        var touched = new Seen(seen.Now with
        {
            Objects =
            [
                .. seen.Now.Objects.Select(one => one.Name == "basic-pd-peer"
                    ? one with { ForeignTouch = "kubectl-edit 2026-01-02T03:04:05Z" }
                    : one)
            ]
        });
        Assert.Equal(
            "apply  Service/basic-pd-peer because it was changed by kubectl-edit or by the spec\n", Text(touched));

        // kubectl-edit still owns a label of its own afterwards; that is no reason to write again and again.
        var applied = touched.Applied();
        var still = new Seen(applied.Now with
        {
            Objects =
            [
                .. applied.Now.Objects.Select(one => one.Name == "basic-pd-peer"
                    ? one with { ForeignTouch = "kubectl-edit 2026-01-02T03:04:05Z" }
                    : one)
            ]
        });
        Assert.Equal("", Text(still));
    }

    [Fact]
    public void An_object_of_somebody_else_is_left_alone_and_named()
    {
        var seen = Seen.Of(Spec);
        var taken = new Seen(seen.Now with
        {
            Objects = [new() { Kind = "Service", Name = "basic-pd", Namespace = "shop", OwnerUid = "another" }]
        });
        var text = Text(taken);
        Assert.Contains(
            "hold   Ownership: Service/basic-pd belongs to somebody else; rename the cluster, "
            + "or remove what is in its way\n",
            text);
        Assert.DoesNotContain("apply  Service/basic-pd because", text);
        Assert.Contains("event  Warning NameTaken: Service/basic-pd belongs to somebody else", text);
        Assert.DoesNotContain("event", Text(new Seen(taken.Applied().Now with { Objects = taken.Now.Objects })));
    }

    [Fact]
    public void Nothing_is_done_for_a_refused_spec_and_the_reason_is_told_once()
    {
        var problem = new Problem("spec.tikv.requests.storage", "", "is missing", "write for example 100Gi");
        var seen = Seen.Of(Spec).With(problem);
        Assert.Equal("""
            hold   Validate: spec.tikv.requests.storage is missing; write for example 100Gi
            event  Warning FailedValidation: spec.tikv.requests.storage is missing; write for example 100Gi

            """, Text(seen));
        Assert.Equal(
            "hold   Validate: spec.tikv.requests.storage is missing; write for example 100Gi\n", Text(seen.Applied()));
        Assert.Equal("Refused", seen.Status().Phase);
    }

    [Fact]
    public void A_paused_cluster_is_only_looked_at()
    {
        var seen = Seen.Of(Spec).Edited(spec => spec with { Paused = true });
        Assert.StartsWith("hold   Paused: spec.paused is true: the operator changes nothing\n", Text(seen));
        Assert.DoesNotContain("apply", Text(seen));
        Assert.Equal("Paused", seen.Status().Phase);
    }

    [Fact]
    public void A_cluster_that_is_being_deleted_is_left_to_kubernetes()
    {
        var seen = Seen.Running(Spec);
        var deleting = new Seen(seen.Now with
        {
            Cluster = seen.Now.Cluster with
            {
                Metadata = seen.Now.Cluster.Metadata with { DeletionTimestamp = Seen.Start }
            },
            StatefulSets = []
        });
        Assert.DoesNotContain("apply", Text(deleting));
        Assert.DoesNotContain("hold", Text(deleting));
    }

    [Fact]
    public void Another_pd_than_the_one_it_began_with_is_an_alarm()
    {
        var seen = Seen.Running(Spec).WithPd(3, clusterId: "9");
        Assert.Contains("hold   Identity: PD at http://basic-pd.shop.svc:2379 says that it is cluster 9", Text(seen));
        Assert.Equal("7000000000000000001", seen.Status().ClusterID);
        Assert.Equal("False", seen.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void Tiflash_starts_after_pd_has_placement_rules()
    {
        var seen = Seen.Of(Spec + "\ntiflash: {replicas: 1, storageClaims: [{resources: {requests: {storage: 1Gi}}}]}")
            .Applied().WithPods("pd").WithPd(3).Pd(pd => pd with { PlacementRules = false });
        Assert.Contains(
            "ask    PD to enable placement rules because TiFlash cannot register without them\n", Text(seen));
        Assert.DoesNotContain("StatefulSet/basic-tiflash", Text(seen));
        Assert.Contains(
            "apply  StatefulSet/basic-tiflash because it does not exist\n",
            Text(seen.Pd(pd => pd with { PlacementRules = true })));
    }

    [Fact]
    public void A_server_without_policy_gets_no_budgets()
    {
        var seen = Seen.Of(Spec);
        var old = new Seen(seen.Now with { Platform = new() { ServedApis = ["v1", "apps/v1"] } });
        Assert.DoesNotContain("PodDisruptionBudget", Text(old));
    }

    internal static string Text(Seen seen) =>
        System.Text.RegularExpressions.Regex.Replace(
            seen.Plan().Print(), "ConfigMap/(\\S+)-[0-9a-f]{8}", "ConfigMap/$1-HASH");
}
