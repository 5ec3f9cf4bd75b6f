namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>What people tell the operator while a cluster is used: it waits, goes on or back as they say.</summary>
public sealed class ControlTests
{
    [ProgramFact("kubectl")]
    public async Task People_approve_pause_and_take_back_and_the_application_notices_nothing()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "12");
        var basic = await LivingCluster.Create(tide, "control", Manifests.Spread);
        await basic.Replicated();
        await using var probe = basic.Probe();

        // A change is foretold, waits for approval, and is done when it has it.
        var changed = await tide.Write("changed.yaml", Manifests.Spread.Replace("v8.5.1", "v8.5.2"));
        Assert.Contains("basic-tikv-2", await basic.Tide($"plan -f {changed}"));
        await basic.Patch("""{"approval":"Manual","version":"v8.5.2"}""");
        await basic.Until("it waits for approval", cluster =>
            LivingCluster.Status(cluster, "Approved") == "False");
        Assert.Contains("needs approval", await basic.Tide("status basic"));
        Assert.DoesNotContain("v8.5.2", await Images(basic));
        await basic.Tide("approve basic");
        await basic.Ready();
        Assert.DoesNotContain("v8.5.1", await Images(basic));
        await basic.Patch("""{"approval":null}""");

        // A component that is paused is left alone; the others go on.
        var before = await basic.UidOf("pod/basic-tikv-0");
        await basic.Patch("""{"tikv":{"paused":true,"annotations":{"a":"b"}},"tidb":{"annotations":{"a":"b"}}}""");
        await basic.Until("TiDB has restarted and TiKV is paused", cluster =>
            LivingCluster.Condition(cluster, "UpToDate")?["message"]?.ToString().Contains("basic-tidb") == false
            && LivingCluster.Status(cluster, "Paused") == "True");
        Assert.Equal(before, await basic.UidOf("pod/basic-tikv-0"));
        await basic.Patch("""{"tikv":{"paused":null}}""");
        await basic.Ready();
        Assert.NotEqual(before, await basic.UidOf("pod/basic-tikv-0"));

        // With a configuration that no TiKV starts with one pod fails, the others go on with the earlier one.
        var others = await basic.UidOf("pod/basic-tikv-0") + await basic.UidOf("pod/basic-tikv-1");
        await basic.Patch("""{"tikv":{"config":{"storage":{"reserve-space":"nonsense"}}}}""");
        await basic.Waits("pod basic-tikv-2 keeps crashing");
        await basic.Patch("""{"tikv":{"config":null}}""");
        await basic.Ready();
        Assert.Equal(others, await basic.UidOf("pod/basic-tikv-0") + await basic.UidOf("pod/basic-tikv-1"));

        // Single wishes, as their commands say.
        var leader = (string)(await basic.Get())["status"]!["pd"]!["leader"]!["name"]!;
        await basic.Tide("transfer-leader basic");
        await basic.Until("another member leads PD",
            cluster => (string?)cluster["status"]!["pd"]!["leader"]?["name"] != leader);
        var restarted = await basic.UidOf("pod/basic-pd-0");
        await basic.Tide("restart basic basic-pd-0");
        await basic.Until("the pod is another one", () => basic.UidOf("pod/basic-pd-0 --ignore-not-found"),
            uid => uid.Length > 0 && uid != restarted);
        await basic.Ready();
        await basic.Tide("evict basic-tikv-1");
        await basic.Until("no leader is left", cluster =>
            (int?)cluster["status"]!["tikv"]!["evictLeader"]?["basic-tikv-1"]?["leadersLeft"] == 0);
        await basic.Tide("evict basic-tikv-1 --stop");
        await basic.Until("leaders may come back", cluster =>
            cluster["status"]!["tikv"]!["evictLeader"]?["basic-tikv-1"]?["endTime"] is not null
            || cluster["status"]!["tikv"]!["evictLeader"]?["basic-tikv-1"] is null);
        await probe.NoticedNothing();
    }

    [ProgramFact("kubectl", "mysql")]
    public async Task The_way_back_from_a_lost_majority_of_PD_leads_back_as_it_is_printed()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "6");
        var basic = await LivingCluster.Create(tide, "recovered", Manifests.Full);
        await basic.Replicated();
        await tide.Sql("recovered", "basic", "create table test.t(a int primary key); insert into test.t values (7)");
        var id = (string?)(await basic.Get())["status"]!["clusterID"];
        Assert.Contains("nothing has to be recovered", await basic.Tide("recover pd basic"));

        await basic.Delete("pvc/pd-basic-pd-0 pvc/pd-basic-pd-1 pod/basic-pd-0 pod/basic-pd-1");
        await basic.Waits("PD has lost its majority: 1 of 3 members run; see tide recover pd basic");
        var way = await basic.Tide("recover pd basic");
        Assert.Contains("its volume claim is a new one: what it knew is lost", way);
        Assert.Contains("2. basic-pd-2 still has its data and can go on alone.", way);
        Assert.Contains("spec.pd.env: add {name: TIDEKEEPER_FORCE_NEW_CLUSTER, value: basic-pd-2}", way);
        await basic.Patch("""{"pd":{"env":[{"name":"TIDEKEEPER_FORCE_NEW_CLUSTER","value":"basic-pd-2"}]}}""");
        await basic.Until("the operator has seen it", cluster =>
            (long?)cluster["status"]!["observedGeneration"] == (long?)cluster["metadata"]!["generation"]);
        Assert.Contains("kubectl delete pod basic-pd-2 -n recovered", way);
        await basic.Delete("pod/basic-pd-2");
        await basic.Until("it leads", cluster => (string?)cluster["status"]!["pd"]!["leader"]?["name"] == "basic-pd-2"
            && LivingCluster.Status(cluster, "Available") == "True");
        await basic.Patch("""{"pd":{"env":null}}""");
        Assert.Contains("5. Members whose volume is new or gone join as new ones by themselves, one by one.", way);
        await basic.Ready();

        var status = (await basic.Get())["status"]!;
        Assert.Equal(id, (string?)status["clusterID"]);
        Assert.Equal(3, status["pd"]!["members"]!.AsObject().Count);
        Assert.Equal("7\n", await tide.Sql("recovered", "basic", "select a from test.t"));
    }

    private static async Task<string> Images(LivingCluster basic) =>
        await basic.Kubectl("get pods -o jsonpath={.items[*].spec.containers[*].image}");
}
