namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>
/// What nobody can mean, wished of a cluster that is used: it is refused or harmless, a sentence says field, value,
/// reason and remedy, and to put the old value back is all that heals it.
/// </summary>
public sealed class BadWishTests
{
    [ProgramFact("kubectl")]
    public async Task No_bad_wish_costs_more_than_a_sentence()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--regions", "6");
        var basic = await LivingCluster.Create(tide, "wishes", Manifests.Full);
        await basic.Replicated();
        var before = await Pods(basic);
        await using var probe = basic.Probe();

        await WhatServersRefuse(basic);

        // The operator refuses these: nothing is done until they are taken back.
        await Accepted(basic, """{"version":"v7.1.0"}""", """{"version":"v8.5.1"}""", "spec.version: v7.1.0 is older");
        await Accepted(basic, """{"version":"banana"}""", """{"version":"v8.5.1"}""", "banana is no version; write");
        await Accepted(basic, """{"tikv":{"failoverPeriod":"1s"}}""", """{"tikv":{"failoverPeriod":null}}""",
            "spec.tikv.failoverPeriod: 1s is too short");
        await Accepted(basic, """{"pd":{"config":{"data-dir":"/x"}}}""", """{"pd":{"config":null}}""",
            "spec.pd.config");

        // These are wishes, and they wait for ever, or are said to be strange.
        await Waits(basic, """{"tikv":{"replicas":2}}""", """{"tikv":{"replicas":3}}""",
            "spec.tikv.replicas: 2 wanted, but 2 stores would be Up");
        await Waits(basic, """{"tikv":{"replicas":0}}""", """{"tikv":{"replicas":3}}""",
            "spec.tikv.replicas: 0 wanted, but 2 stores would be Up");
        Assert.Equal(before, await Pods(basic));
        await Waits(basic, """{"pd":{"replicas":4}}""", """{"pd":{"replicas":3}}""",
            "spec.pd.replicas: 4 members survive no more failures than 3; write an odd number");
        Assert.Equal(before, await Pods(basic));

        await ManyEdits(basic);
        Assert.Equal(before, await Pods(basic));

        // An affinity that nobody can satisfy costs one pod, and annotations that name nobody cost none.
        await basic.Kubectl("annotate tc/basic tidekeeper.io/pd-leader=basic-pd-9@2026-01-01T00:00:00Z "
            + "tidekeeper.io/override={\"guard\":\"StoresUp\",\"reason\":\"x\","
            + "\"from\":\"2020-01-01T00:00:00Z\",\"until\":\"2020-01-01T01:00:00Z\"}");
        await basic.Waits("names basic-pd-9, which is no member of PD; there are: basic-pd-0, basic-pd-1, basic-pd-2");
        await basic.Until("the override is said to be over", cluster =>
            LivingCluster.Condition(cluster, "Overridden")?["message"]?.ToString().Contains("has expired") == true);
        await basic.Kubectl("annotate tc/basic tidekeeper.io/pd-leader- tidekeeper.io/override-");
        await basic.Patch("""{"tikv":{"nodeSelector":{"on":"mars"}}}""");
        await basic.Waits("spec.tikv.nodeSelector on=mars");
        Assert.True((await Pods(basic)).Except(before).Count() <= 1);
        await basic.Patch("""{"tikv":{"nodeSelector":null}}""");
        await basic.Ready();
        Assert.Single((await Pods(basic)).Except(before));
        await probe.NoticedNothing();
    }

    private static async Task WhatServersRefuse(LivingCluster basic)
    {
        // The API server refuses these: they never become a wish. One without rules in CEL (before 1.25) accepts those
        // that a rule refuses, and the operator does nothing until they are taken back.
        await Refused(basic, """{"tikv":{"replicas":-1}}""", "should be greater than or equal to 0");
        await Refused(basic, """{"tikv":{"replicas":1000000}}""", "should be less than or equal to 1000");
        await Refused(basic, """{"tikv":{"failoverPeriod":"soon"}}""", "spec.tikv.failoverPeriod in body should match");
        await RefusedByRule(basic, """{"pd":{"replicas":0}}""", """{"pd":{"replicas":3}}""",
            "PD needs at least one replica; to take the cluster away", "spec.pd.replicas");
        await RefusedByRule(basic, """{"tikv":{"requests":{"storage":"1Mi"}}}""",
            """{"tikv":{"requests":{"storage":"1Gi"}}}""", "storage cannot shrink from 1Gi to 1Mi",
            "spec.tikv.requests.storage");
        await RefusedByRule(basic, """{"tikv":{"storageClassName":"other"}}""",
            """{"tikv":{"storageClassName":null}}""", "cannot be changed: the volumes are there",
            "spec.tikv.storageClassName");
        await RefusedByRule(basic, """{"tikv":{"dataSubDir":"other"}}""", """{"tikv":{"dataSubDir":null}}""",
            "cannot be changed: the data is in the old", "dataSubDir");
    }

    // Ten edits in ten seconds, and two people who edit at once: the last word counts, nobody serves less.
    private static async Task ManyEdits(LivingCluster basic)
    {
        await Task.WhenAll(Enumerable.Range(0, 5).SelectMany(_ => (Task[])
        [
            basic.Patch("""{"tidb":{"replicas":4}}"""), basic.Patch("""{"tikv":{"replicas":4}}""")
        ]));
        await basic.Patch("""{"tidb":{"replicas":3},"tikv":{"replicas":3}}""");
        await basic.Ready();
    }

    private static async Task Refused(LivingCluster basic, string wish, string why)
    {
        var said = await Assert.ThrowsAnyAsync<Exception>(() => basic.Patch(wish));
        Assert.Contains(why, said.Message);
    }

    private static async Task RefusedByRule(LivingCluster basic, string wish, string back, string why, string field)
    {
        try
        {
            await basic.Patch(wish);
        }
        catch (Exception e)
        {
            Assert.Contains(why, e.Message);
            return;
        }

        Assert.False(TestWorld.IsPlayground, $"the playground has accepted {wish}");
        await basic.Until($"a condition names {field}", cluster => cluster["status"]!["conditions"]!.AsArray()
            .Any(condition => (string?)condition!["status"] == "False"
                && ((string?)condition["message"])?.Contains(field) == true));
        await basic.Patch(back);
        await basic.Ready();
    }

    private static async Task Accepted(LivingCluster basic, string wish, string back, string why)
    {
        await basic.Patch(wish);
        await basic.Until($"Accepted says '{why}'", cluster => LivingCluster.Status(cluster, "Accepted") == "False"
            && ((string)LivingCluster.Condition(cluster, "Accepted")!["message"]!).Contains(why));
        await basic.Patch(back);
        await basic.Ready();
    }

    private static async Task Waits(LivingCluster basic, string wish, string back, string why)
    {
        await basic.Patch(wish);
        await basic.Until($"a condition says '{why}'", cluster => cluster["status"]!["conditions"]!.AsArray()
            .Any(condition => ((string?)condition!["message"])?.Contains(why) == true));
        await basic.Patch(back);
        await basic.Ready();
    }

    private static async Task<string[]> Pods(LivingCluster basic) =>
        (await basic.Kubectl("get pods -o jsonpath={.items[*].metadata.uid}")).Trim().Split(' ').Order().ToArray();
}
