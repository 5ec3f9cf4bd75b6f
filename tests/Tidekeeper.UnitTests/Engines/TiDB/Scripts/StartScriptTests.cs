using System.Diagnostics;
using Tidekeeper.Engines.TiDB.Scripts;

namespace Tidekeeper.UnitTests.Engines.TiDB.Scripts;

public sealed class StartScriptTests
{
    private static ScriptRun Pd() => new ScriptRun()
        .Set("POD_NAME", "basic-pd-1").Set("PEER_SERVICE_NAME", "basic-pd-peer")
        .Set("TIDEKEEPER_DISCOVERY_PAUSE", "0").Set("TIDEKEEPER_DISCOVERY_TRIES", "3");

    [ShellFact]
    public void A_pd_without_data_asks_discovery_with_its_own_name_and_starts_with_the_answer()
    {
        using var run = Pd().Stub("wget", """
            for last in "$@"; do :; done
            echo "$last" >asked
            echo "--join=http://basic-pd-0.basic-pd-peer.shop.svc:2379"
            """);

        var (code, output) = run.Run(PdScript.Text);

        Assert.Equal(0, code);
        Assert.Equal("""
            arg --data-dir=DIR/data
            arg --name=basic-pd-1
            arg --peer-urls=http://0.0.0.0:2380
            arg --advertise-peer-urls=http://basic-pd-1.basic-pd-peer.shop.svc:2380
            arg --client-urls=http://0.0.0.0:2379
            arg --advertise-client-urls=http://basic-pd-1.basic-pd-peer.shop.svc:2379
            arg --config=/etc/pd/pd.toml
            arg --join=http://basic-pd-0.basic-pd-peer.shop.svc:2379

            """, Arguments(output));
        var asked = run.Read("asked").Trim();
        Assert.StartsWith("http://basic-discovery.shop:10261/new/", asked);
        Assert.Equal(
            "basic-pd-1.basic-pd-peer.shop.svc:2380",
            Tidekeeper.Engines.TiDB.DiscoveryCaller.Decode(asked.Split('/')[^1]));
    }

    [ShellFact]
    public void A_pd_with_data_asks_nobody()
    {
        using var run = Pd().Write("data/member/wal/0.wal", "").Stub("wget", "echo asked >asked; exit 1");

        var (code, output) = run.Run(PdScript.Text);

        Assert.Equal(0, code);
        Assert.DoesNotContain("--join", output);
        Assert.False(File.Exists(Path.Combine(run.Directory, "asked")));
    }

    [ShellFact]
    public void A_pd_that_was_let_in_before_joins_what_its_join_file_names()
    {
        using var run = Pd().Write("data/join", "basic-pd-0=http://a:2380,basic-pd-1=http://b:2380")
            .Stub("wget", "exit 1");

        Assert.Contains("arg --join=http://a:2380,http://b:2380\n", run.Run(PdScript.Text).Output);
    }

    [ShellFact]
    public void A_pd_that_gets_no_permission_gives_up_with_a_message()
    {
        using var run = Pd().Stub("wget", "exit 1");

        var (code, output) = run.Run(PdScript.Text);

        Assert.Equal(1, code);
        Assert.DoesNotContain("arg ", output);
        Assert.Contains("gave no permission to start in 3 tries", output);
    }

    [ShellFact]
    public void A_pd_believes_no_answer_that_is_not_one_of_the_two_flags()
    {
        using var run = Pd().Stub("wget", "echo '--force-new-cluster'");

        var (code, output) = run.Run(PdScript.Text);

        Assert.Equal(1, code);
        Assert.Contains("answered neither", output);
    }

    [ShellFact]
    public void A_pd_whose_own_name_does_not_resolve_ends_with_a_message()
    {
        using var run = Pd().Stub("getent", "exit 2").Set("TIDEKEEPER_START_TIMEOUT", "0");

        var (code, output) = run.Run(PdScript.Text);

        Assert.Equal(1, code);
        Assert.Contains("basic-pd-1.basic-pd-peer.shop.svc did not resolve within 0 s", output);
    }

    // As the first process of a container a program without a handler does not hear SIGTERM: on a real kubelet every
    // TiDB pod took thirty seconds to end.
    [ShellFact]
    public void A_log_tailer_ends_when_it_is_told_to()
    {
        using var run = new ScriptRun().Set("LOG_FILE", "log/slow")
            .Stub("tail", "trap '' TERM; kill -TERM $PPID; echo \"$@\"; exec sleep 0.1");

        var (code, output) = run.Run(LogScript.Text);

        Assert.Equal((0, "-n0 -F log/slow\n"), (code, output));
    }

    // The same of a PD that waits to be let in: its pod took thirty seconds to go.
    [ShellFact]
    public void A_pd_that_waits_for_permission_ends_when_it_is_told_to()
    {
        using var run = Pd().Stub("wget", "exit 1").Stub("sleep", "kill -TERM $PPID");

        var (code, output) = run.Run(PdScript.Text);

        Assert.Equal(143, code);
        Assert.EndsWith("basic-pd-1 is told to end before it has begun\n", output);
    }

    // As on a real kubelet: busybox's nslookup asks for the name as it is, and cluster DNS knows it with its domain
    // only.
    [ShellFact]
    public void A_pd_whose_nslookup_knows_no_search_list_finds_its_name_by_it()
    {
        using var run = Pd().Write("resolv.conf", "search shop.svc.cluster.local svc.cluster.local cluster.local\n")
            .Write("data/member/wal/0.wal", "")
            .Stub("nslookup", "[ \"$1\" = basic-pd-1.basic-pd-peer.shop.svc.cluster.local ]")
            .OnlyWith("grep", "sed", "sleep", "tr", "base64")
            .Set("TIDEKEEPER_RESOLV_CONF", "resolv.conf").Set("TIDEKEEPER_START_TIMEOUT", "0");

        var (code, output) = run.Run(PdScript.Text);

        Assert.True(code == 0, output);
        Assert.Contains("arg --advertise-peer-urls=http://basic-pd-1.basic-pd-peer.shop.svc:2380\n", output);
    }

    [ShellFact]
    public void Debug_mode_waits_for_a_person()
    {
        using var run = Pd().Write("podinfo", "runmode=\"debug\"\n").Stub("tail", "echo tail \"$@\"");

        Assert.EndsWith("tail -f /dev/null\n", run.Run(PdScript.Text).Output);
    }

    [ShellFact]
    public void Tikv_tells_pd_its_dns_name_and_keeps_a_users_value_one_word()
    {
        using var run = new ScriptRun().Set("POD_NAME", "basic-tikv-0").Set("PEER_SERVICE_NAME", "basic-tikv-peer")
            .Set("CAPACITY", "100GB").Set("STORE_LABELS", "zone=a b;$(touch oops)")
            .Set("TIDEKEEPER_ADVERTISE_STATUS", "yes").Set("TIDEKEEPER_CLUSTER_DOMAIN", "cluster.local");

        Assert.Equal("""
            arg --pd=http://basic-pd:2379
            arg --advertise-addr=basic-tikv-0.basic-tikv-peer.shop.svc.cluster.local:20160
            arg --addr=0.0.0.0:20160
            arg --status-addr=0.0.0.0:20180
            arg --data-dir=DIR/data
            arg --capacity=100GB
            arg --config=/etc/tikv/tikv.toml
            arg --advertise-status-addr=basic-tikv-0.basic-tikv-peer.shop.svc.cluster.local:20180
            arg --labels
            arg zone=a b;$(touch oops)

            """, Arguments(run.Run(TikvScript.Text).Output));
        Assert.False(File.Exists(Path.Combine(run.Directory, "oops")));
    }

    [ShellFact]
    public void Tidb_puts_the_users_arguments_last()
    {
        using var run = new ScriptRun().Set("POD_NAME", "basic-tidb-0").Set("PEER_SERVICE_NAME", "basic-tidb-peer")
            .Set("SLOW_LOG_FILE", "/var/log/tidb/slowlog").Set("TIDEKEEPER_SERVER_PORT", "4001");

        Assert.Equal("""
            arg --store=tikv
            arg --advertise-address=basic-tidb-0.basic-tidb-peer.shop.svc
            arg --host=0.0.0.0
            arg -P
            arg 4001
            arg --status=10080
            arg --path=basic-pd:2379
            arg --config=/etc/tidb/tidb.toml
            arg --log-slow-query=/var/log/tidb/slowlog
            arg --lease=45s

            """, Arguments(run.Run(TidbScript.Text, "--lease=45s").Output));
    }

    [ShellFact]
    public void Tiflash_gets_a_configuration_of_its_own_from_the_templates()
    {
        using var run = new ScriptRun().Set("POD_NAME", "basic-tiflash-12")
            .Write("templates/config_templ.toml", "addr = \"basic-tiflash-POD_NUM.x\"\npd_addr = \"PD_ADDR\"\n")
            .Write("templates/proxy_templ.toml", "log-level = \"info\"\n");
        run.Set("TIDEKEEPER_TEMPLATES", Path.Combine(run.Directory, "templates"));

        Assert.Equal((0, ""), run.Run(TiflashScript.InitText));
        Assert.Equal("addr = \"basic-tiflash-12.x\"\npd_addr = \"basic-pd:2379\"\n", run.Read("data/config.toml"));
        Assert.Equal("log-level = \"info\"\n", run.Read("data/proxy.toml"));
    }

    [ShellFact]
    public void Every_shell_on_this_machine_parses_every_script()
    {
        string[] scripts = [PdScript.Text, TikvScript.Text, TidbScript.Text, TiflashScript.Text,
            TiflashScript.InitText, LogScript.Text];
        foreach (var shell in new[] { "/bin/sh", "/bin/dash", "/bin/bash" }.Where(File.Exists))
        {
            foreach (var script in scripts)
            {
                using var run = new ScriptRun().Write("script.sh", script);
                using var process = Process.Start(shell, ["-n", Path.Combine(run.Directory, "script.sh")]);
                process.WaitForExit();
                Assert.True(process.ExitCode == 0, $"{shell} does not parse:\n{script}");
            }
        }
    }

    private static string Arguments(string output) =>
        string.Concat(output.Split('\n').Where(line => line.StartsWith("arg ", StringComparison.Ordinal))
            .Select(line => line + "\n"));
}
