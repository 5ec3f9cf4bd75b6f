using System.Diagnostics;

namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>From a manifest to rows, with kubectl, tide and mysql.</summary>
[Collection(InPlayground.Name)]
public sealed class CreationTests(SharedPlayground shared) : IAsyncLifetime
{
    private readonly TidePlayground _tide = shared.Tide;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tide.Clear();

    [ProgramFact("kubectl")]
    public async Task A_cluster_comes_up_and_tells_what_it_is()
    {
        await _tide.Create("creation", Manifests.Full);
        Assert.Contains("pingcap/tikv:v8.5.1", await _tide.Kubectl("get tc -n creation -o wide"));
        Assert.Contains("starting pd-server", await _tide.Kubectl("logs -n creation basic-pd-0"));
        var status = await _tide.Tide("status", "basic", "-n", "creation");
        Assert.Contains("leader, healthy", status);
        Assert.Contains("serving SQL", status);
        Assert.DoesNotContain('\u001b', status);
        Assert.Contains("Nothing is being waited for", await _tide.Tide("why", "basic", "-n", "creation"));
    }

    [ProgramFact("kubectl", "mysql")]
    public async Task A_row_outlives_its_pods()
    {
        await _tide.Create("pods", Manifests.Full);
        await _tide.Sql("pods", "basic",
            "create database d; create table d.t(a int primary key, b varchar(20)); insert into d.t values (1,'x')");
        await _tide.Delete("pods", "pod/basic-tikv-0 pod/basic-tidb-0 pod/basic-pd-0");
        const string pods = "pod/basic-tikv-0 pod/basic-tidb-0 pod/basic-pd-0 --timeout=60s";
        await _tide.Kubectl($"wait -n pods --for=create {pods}");
        await _tide.Kubectl($"wait -n pods --for=condition=Ready {pods}");
        await _tide.Ready("pods");
        Assert.Equal("1\tx\n", await _tide.Sql("pods", "basic", "select * from d.t"));
    }

    [ProgramFact("kubectl", "mysql")]
    public async Task A_cluster_that_is_made_again_over_its_volumes_has_its_rows()
    {
        await _tide.Create("again", Manifests.Full);
        await _tide.Sql("again", "basic", "create table test.t(a int primary key); insert into test.t values (7)");
        await _tide.Kubectl("delete tc -n again basic --cascade=foreground --timeout=60s");
        Assert.Empty((await _tide.Get("again", "pods,sts,svc,deploy"))["items"]!.AsArray());
        Assert.Equal(6, (await _tide.Get("again", "pvc"))["items"]!.AsArray().Count);
        await _tide.Create("again", Manifests.Full);
        Assert.Equal("7\n", await _tide.Sql("again", "basic", "select a from test.t"));
        await _tide.Kubectl("delete namespace again --timeout=60s");
    }

    [ProgramFact("kubectl")]
    public async Task A_killed_operator_goes_on_where_it_was()
    {
        await _tide.TryKubectl("create namespace killed");
        for (var i = 0; i < 2; i++)
        {
            var victim = await _tide.Operator();
            var manifest = Manifests.Full.Replace("name: basic", $"name: c{i}", StringComparison.Ordinal);
            await _tide.Kubectl("apply -n killed -f -", manifest);
            using var process = Process.GetProcessById(victim);
            process.Kill();
            await process.WaitForExitAsync();
        }

        await _tide.Ready("killed");
        var clusters = (await _tide.Get("killed", "tc"))["items"]!.AsArray();
        Assert.Equal(2, clusters.Select(c => (string)c!["status"]!["clusterID"]!).Distinct().Count());
        Assert.All(clusters, c => Assert.Equal(3, c!["status"]!["pd"]!["members"]!.AsObject().Count));
        Assert.Equal(6, (await _tide.Get("killed", "sts"))["items"]!.AsArray().Count);
    }

    [ProgramFact("kubectl", "sysbench", "mysqldump")]
    public async Task Sysbench_runs_and_a_dump_can_be_restored()
    {
        await _tide.Create("load", Manifests.Small);
        var port = await _tide.SqlPort("load", "basic");
        foreach (var load in (string[])["oltp_insert", "oltp_point_select", "oltp_update_non_index"])
        {
            foreach (var phase in (string[])["prepare", "run", "cleanup"])
            {
                var said = await Client.Try("sysbench",
                    [load, "--mysql-host=127.0.0.1", $"--mysql-port={port}", "--mysql-user=root", "--mysql-db=test",
                     "--table-size=100", "--db-ps-mode=disable", "--events=50", "--time=20", phase]);
                Assert.True(said.ExitCode == 0, said.All);
            }
        }

        await _tide.Sql("load", "basic", "create table test.t(a int primary key); insert into test.t values (1),(2)");
        string[] server = ["-h", "127.0.0.1", "-P", port, "-u", "root"];
        var dump = await Client.Try("mysqldump", [.. server, "test"]);
        await _tide.Sql("load", "basic", "create database copy");
        var restored = await Client.Try("mysql", [.. server, "copy"], null, dump.Output);
        Assert.True(restored.ExitCode == 0, restored.All);
        Assert.Equal("2\n", await _tide.Sql("load", "basic", "select count(*) from copy.t"));
    }
}
