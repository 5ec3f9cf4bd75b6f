using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Engines.TiDB;

public sealed class EditTests
{
    private const string Spec = CreationTests.Spec;

    [Fact]
    public void A_pod_level_change_is_written_and_reported_for_each_pod_that_keeps_running()
    {
        var seen = Seen.Running(Spec).Edited(spec => spec with
        {
            Tikv = spec.Tikv! with
            {
                Requests = new SortedList<string, string> { ["storage"] = "100Gi", ["cpu"] = "4" }
            }
        });
        Assert.Contains("apply  StatefulSet/basic-tikv because", CreationTests.Text(seen));
        Assert.DoesNotContain("delete", CreationTests.Text(seen));

        var after = seen.Applied();
        var condition = after.Condition(TidbConditions.UpToDate);
        Assert.Equal("False", condition.Status);
        Assert.StartsWith("basic-tikv-0, basic-tikv-1, basic-tikv-2 run on an earlier spec", condition.Message);
        Assert.Equal("Upgrade", after.Status().Tikv!.Phase);
    }

    public static TheoryData<string, Func<TidbClusterSpec, TidbClusterSpec>> NoReasonsToRestart => new()
    {
        { "the rule for changed configurations", spec => spec with { ConfigUpdateStrategy = "RollingUpdate" } },
        {
            "what means nothing without TLS",
            spec => spec with { Pd = spec.Pd! with { MountClusterClientSecret = true } }
        },
        { "what is not acted upon yet", spec => spec with { Pd = spec.Pd! with { InitWaitTime = 5 } } },
        { "what is so anyway", spec => spec with { Tidb = spec.Tidb! with { SeparateSlowLog = true } } },
        { "what is so anyway, of all", spec => spec with { PreferIPv6 = false, DnsPolicy = "ClusterFirst" } },
        {
            "a container that is off",
            spec => spec with { Tikv = spec.Tikv! with { LogTailer = new() { Image = "busybox:2" } } }
        },
        {
            "labels that cannot be changed",
            spec => spec with { Labels = new(StringComparer.Ordinal) { ["app.kubernetes.io/component"] = "x" } }
        },
    };

    [Theory]
    [MemberData(nameof(NoReasonsToRestart))]
    public void No_pod_is_outdated_by(string what, Func<TidbClusterSpec, TidbClusterSpec> edit)
    {
        var after = Seen.Running(Spec).Edited(edit).Applied();
        Assert.True("True" == after.Condition(TidbConditions.UpToDate).Status,
            $"{what}: {after.Condition(TidbConditions.UpToDate).Message}");
    }

    [Fact]
    public void A_pod_that_missed_a_configuration_is_outdated_once_that_is_a_reason_to_restart()
    {
        var missed = Seen.Running(Spec).Edited(spec => spec with
        {
            Tikv = spec.Tikv! with { Config = JsonNode.Parse("""{"server": {"grpc-concurrency": 6}}""") }
        }).Applied();
        var waits = missed.Condition(TidbConditions.UpToDate);
        Assert.Equal(("False", TidbReasons.ConfigWaitsForRestart), (waits.Status, waits.Reason));
        Assert.Equal(
            "basic-tikv-0, basic-tikv-1, basic-tikv-2 run with an earlier spec.tikv.config until they restart: tide "
            + "restart basic tikv, or set spec.tikv.configUpdateStrategy: RollingUpdate", waits.Message);
        Assert.Equal("Normal", missed.Status().Tikv!.Phase);
        var now = missed.Edited(spec => spec with { ConfigUpdateStrategy = "RollingUpdate" }).Applied();
        Assert.StartsWith("basic-tikv-0, basic-tikv-1, basic-tikv-2 run on an earlier spec",
            now.Condition(TidbConditions.UpToDate).Message);
    }

    [Fact]
    public void What_is_in_no_pod_is_named_where_the_schema_has_it_all_the_same()
    {
        var cluster = Seen.Cluster(Spec);
        var spec = cluster.Spec with
        {
            Pd = cluster.Spec.Pd! with { Service = new ServiceSpec { Port = 12379 } },
            Tiflash = new TiflashSpec
            {
                Replicas = 1,
                StorageClaims =
                [
                    new StorageClaim
                    {
                        Resources = new ClaimResources
                        {
                            Requests = new SortedList<string, string> { ["storage"] = "10Gi" },
                            Limits = new SortedList<string, string> { ["storage"] = "20Gi" }
                        }
                    }
                ]
            }
        };
        var problems = Validation.Check(cluster with { Spec = spec })
            .Where(one => one.Severity == Severity.Unsupported);
        var told = string.Join('\n', problems.Select(one => $"{one.Field} {one.Value}"));
        Assert.Equal("""
            spec.pd.service.port 12379
            spec.tiflash.storageClaims[0].resources.limits 20Gi
            """, told);
    }

    [Fact]
    public void A_pod_that_is_on_a_node_and_never_starts_is_named_with_what_may_keep_it()
    {
        var seen = Seen.Running(Spec);
        ObservedPod Discovery(DateTimeOffset started) => new()
        {
            Name = "basic-discovery-x",
            Labels = new SortedList<string, string> { [Labels.Component] = "discovery" },
            Node = "node-1",
            Phase = "Pending",
            Started = started,
            WaitingReason = "ContainerCreating"
        };
        Seen With(TimeSpan age) =>
            new(seen.Now with { Pods = [.. seen.Now.Pods, Discovery(seen.Now.Now - age)] });

        var young = With(TimeSpan.FromMinutes(1)).Condition(TidbConditions.Progressing);
        Assert.Equal("pod basic-discovery-x is not ready", young.Message);
        var old = With(TimeSpan.FromMinutes(6)).Condition(TidbConditions.Progressing);
        Assert.Equal(TidbReasons.PodInTrouble, old.Reason);
        Assert.Equal(
            "pod basic-discovery-x does not start on node node-1: a volume that cannot be mounted, or an image that is "
            + "still on its way; see kubectl describe pod basic-discovery-x and spec.discovery.additionalVolumes",
            old.Message);
    }

    [Fact]
    public void The_Service_of_SQL_clients_is_written_last()
    {
        var plan = Seen.Running(Spec).Edited(spec => spec with
        {
            Tidb = spec.Tidb! with { Service = spec.Tidb.Service! with { Port = 4001 } },
            Pd = spec.Pd! with { Annotations = new(StringComparer.Ordinal) { ["team"] = "shop" } }
        }).Plan().Acts.Where(act => act is not Act.Record).Select(act => act.Describe()).ToList();
        Assert.Contains(plan[..^1], act => act.StartsWith("apply StatefulSet/basic-pd", StringComparison.Ordinal));
        Assert.StartsWith("apply Service/basic-tidb", plan[^1]);
    }

    [Fact]
    public void A_pod_that_does_not_run_is_made_anew_from_a_changed_spec()
    {
        var stuck = Seen.Of(Spec + "\nnodeSelector: {disk: none}").Applied().WithPods("pd", pod => pod with
        {
            Phase = "Pending",
            Node = "",
            UnscheduledReason = "Unschedulable",
            UnscheduledMessage = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."
        });
        var claims = stuck.Now.Pods.Select(pod => new ObservedClaim
        {
            Kind = "PersistentVolumeClaim",
            Namespace = pod.Namespace,
            Name = $"pd-{pod.Name}",
            Labels = pod.Labels
        });
        stuck = new Seen(stuck.Now with { Claims = [.. claims] });
        var sentence = "pod basic-pd-0 has no node: 0/3 nodes are available: 3 node(s) didn't match Pod's node "
            + "affinity/selector; see spec.nodeSelector disk=none";
        Assert.Contains($"hold   Pods: {sentence}\n", CreationTests.Text(stuck));
        Assert.Contains($"event  Warning PodInTrouble: {sentence}\n", CreationTests.Text(stuck));
        Assert.Equal(sentence, stuck.Status().Waiting!.Why);

        var mended = stuck.Applied().Edited(spec => spec with { NodeSelector = null });
        Assert.Contains("apply  StatefulSet/basic-pd because", CreationTests.Text(mended));
        Assert.DoesNotContain("delete", CreationTests.Text(mended));

        var seen = mended.Applied();
        var sets = seen.Now.StatefulSets.Select(set => set with { ObservedGeneration = set.Generation });
        seen = new Seen(seen.Now with { StatefulSets = [.. sets] });
        Assert.Contains(
            "delete Pod/basic-pd-0 because it does not run, and the spec has changed since it was made\n",
            CreationTests.Text(seen));
        Assert.DoesNotContain("Pod/basic-pd-1", CreationTests.Text(seen));
    }

    [Fact]
    public void What_is_hardly_meant_is_done_and_said_in_Accepted()
    {
        var living = Living.Running(Spec).Edit(spec => spec with { Pd = spec.Pd! with { Replicas = 4 } })
            .Change(seen => seen with { Problems = Validation.Check(seen.Cluster) });
        const string said = "spec.pd.replicas: 4 members survive no more failures than 3; write an odd number";
        living.Story();
        Assert.EndsWith($"; mind: {said}", living.Condition(TidbConditions.Accepted).Message, StringComparison.Ordinal);
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void A_number_that_nobody_can_mean_makes_no_more_pods_than_may_start_and_is_taken_back()
    {
        var living = Living.Running(Spec, runs: pod => pod.Ordinal < 5)
            .Edit(spec => spec with { Tikv = spec.Tikv! with { Replicas = 1000 } });
        living.Story();

        // Two more than before run, and the others wait.
        Assert.Equal(37, living.Now.StatefulSets.Single(set => set.Component == "tikv").Replicas);
        Assert.Contains(
            "StatefulSet basic-tikv has 37 replicas, 1000 are wanted; at most 32 pods start at a time",
            living.Condition(TidbConditions.Ready).Message, StringComparison.Ordinal);
        living.Edit(spec => spec with { Tikv = spec.Tikv! with { Replicas = 3 } });
        living.Story(200);
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
        Assert.Equal(3, living.Now.StatefulSets.Single(set => set.Component == "tikv").Replicas);
    }

    [Fact]
    public void A_large_cluster_grows_in_steps()
    {
        var living = Living.Running(Spec).Edit(spec => spec with { Tikv = spec.Tikv! with { Replicas = 80 } });
        living.Story(200);
        Assert.Equal(80, living.Now.StatefulSets.Single(set => set.Component == "tikv").Replicas);
    }

    [Fact]
    public void Our_variables_are_ours_except_the_last_way_out_of_a_lost_majority()
    {
        var seen = Seen.Of(Spec).Edited(spec => spec with
        {
            Pd = spec.Pd! with
            {
                Env = (JsonArray)JsonNode.Parse("""
                    [{"name":"TIDEKEEPER_FORCE_NEW_CLUSTER","value":"basic-pd-2"},
                     {"name":"TIDEKEEPER_DATA_DIR","value":"/elsewhere"}]
                    """)!
            }
        });
        var set = TidbPlan.Plan(seen.Now).Acts.OfType<Act.Apply>().Single(act =>
            (string?)act.Object["metadata"]!["name"] == "basic-pd"
            && (string?)act.Object["kind"] == "StatefulSet").Object.ToJsonString();
        Assert.Contains(
            """{"name":"TIDEKEEPER_FORCE_NEW_CLUSTER","value":"basic-pd-2"}""", set, StringComparison.Ordinal);
        Assert.DoesNotContain("/elsewhere", set, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_waits_for_a_cordoned_node_names_the_way_back()
    {
        var stuck = Seen.Of(Spec).Applied().WithPods("pd", pod => pod with
        {
            Phase = "Pending",
            Node = "",
            UnscheduledReason = "Unschedulable",
            UnscheduledMessage = "0/1 nodes are available: 1 node(s) were unschedulable."
        });
        ObservedNode node = new() { Kind = "Node", Name = "node-1", Ready = true, Unschedulable = true };
        stuck = new Seen(stuck.Now with { Nodes = Known.Of<IReadOnlyList<ObservedNode>>([node]) });
        Assert.EndsWith(
            "1 node(s) were unschedulable; see kubectl uncordon node-1", stuck.Status().Waiting!.Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public void More_replicas_are_made()
    {
        var more = Seen.Running(Spec).Edited(spec => spec with { Tikv = spec.Tikv! with { Replicas = 4 } });
        Assert.Contains("apply  StatefulSet/basic-tikv because", CreationTests.Text(more));
        Assert.Equal("Scale", more.Status().Tikv!.Phase);
    }

    [Fact]
    public void A_change_of_volumes_is_held_with_the_field_named()
    {
        var seen = Seen.Running(Spec);
        var bigger = seen.Edited(spec => spec with
        {
            Tikv = spec.Tikv! with { Requests = new SortedList<string, string> { ["storage"] = "200Gi" } }
        });
        bigger = new Seen(bigger.Now with
        {
            Claims = [new() { Name = "tikv-basic-tikv-0", RequestedBytes = 100L << 30 }]
        });
        Assert.Contains(
            "hold   TiKV: spec.tikv.requests.storage: 200Gi wanted, claim tikv-basic-tikv-0 asks for 100Gi; "
            + "changing volumes is not supported yet\n", CreationTests.Text(bigger));
        Assert.DoesNotContain("apply  StatefulSet", CreationTests.Text(bigger));
    }

    [Fact]
    public void TiKV_that_is_taken_out_of_the_spec_is_kept()
    {
        var seen = Seen.Running(Spec).Edited(spec => spec with { Tikv = null });
        Assert.Contains(
            "hold   TiKV: spec.tikv is gone, but StatefulSet basic-tikv exists; without TiKV there is no database",
            CreationTests.Text(seen));
    }

    [Fact]
    public void What_only_the_operator_would_render_differently_is_left_alone()
    {
        var seen = Seen.Running(Spec);
        var older = new Seen(seen.Now with
        {
            StatefulSets =
            [
                .. seen.Now.StatefulSets.Select(set => set with { RenderedHash = "0000" + set.RenderedHash[4..] })
            ]
        });
        Assert.Equal("", CreationTests.Text(older).Replace(
            "event  Normal Ready: PD, TiKV and TiDB serve as the spec wants them\n", "", StringComparison.Ordinal));
        Assert.Equal("TemplatePending", older.Condition(TidbConditions.UpToDate).Reason);
        Assert.Equal("True", older.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void A_changed_configuration_gets_a_file_of_its_own_and_the_old_one_goes_when_no_pod_names_it()
    {
        var seen = Seen.Running(Spec + "\nconfigUpdateStrategy: RollingUpdate").Edited(spec => spec with
        {
            Tikv = spec.Tikv! with { Config = JsonNode.Parse("""{"log": {"format": "json"}}""") }
        });
        Assert.Contains("apply  ConfigMap/basic-tikv-HASH because it does not exist\n", CreationTests.Text(seen));
        var after = seen.Applied();
        Assert.Equal(2, after.Now.Objects.Count(one => one.Kind == "ConfigMap" && one.Component == "tikv"));
        Assert.DoesNotContain("delete", CreationTests.Text(after));

        var restarted = after.WithPods("tikv");
        Assert.Contains(
            "delete ConfigMap/basic-tikv-HASH because no pod uses it any more\n", CreationTests.Text(restarted));
        Assert.Equal("", CreationTests.Text(restarted.Applied()));
        Assert.Equal("UpToDate", restarted.Condition(TidbConditions.UpToDate).Reason);
    }

    [Theory]
    [InlineData("log: {format: json}", "InPlace", false)]
    [InlineData("log: {format: json}", "RollingUpdate", true)]
    [InlineData("'[log]\n  format =   \"text\"'", "RollingUpdate", false)]
    public void Only_a_configuration_that_means_something_else_outdates_pods(
        string config, string strategy, bool outdated)
    {
        var seen = Seen.Running(Spec.Replace(
            "tikv: {replicas: 3,",
            "configUpdateStrategy: " + strategy + "\ntikv: {replicas: 3, config: {log: {format: text}},",
            StringComparison.Ordinal));
        var edited = seen.Edited(spec => spec with { Tikv = spec.Tikv! with { Config = Yaml(config) } });
        Assert.Equal(outdated, edited.Condition(TidbConditions.UpToDate).Reason == "PodsPending");

        static JsonNode Yaml(string text) =>
            text[0] == '\'' ? JsonValue.Create(text.Trim('\'')) : Model.YamlAsJson.Read(text);
    }

    [Theory]
    [InlineData("ImagePullBackOff",
        "pod basic-pd-0 cannot get its image: pingcap/pd:v8.5.0; see spec.version and spec.pd.baseImage")]
    [InlineData("CrashLoopBackOff",
        "pod basic-pd-0 keeps crashing (last ended with Error, exit code 1); see kubectl logs -p basic-pd-0")]
    public void A_pod_in_trouble_becomes_the_sentence(string reason, string sentence)
    {
        var seen = Seen.Of(Spec).Applied().WithPods("pd", pod => pod with
        {
            WaitingReason = reason,
            TerminationReason = reason == "CrashLoopBackOff" ? "Error" : "",
            ExitCode = reason == "CrashLoopBackOff" ? 1 : null
        });
        Assert.Equal(sentence, seen.Status().Waiting!.Why);
        Assert.Equal(sentence, seen.Condition(TidbConditions.Progressing).Message);
    }

    [Fact]
    public void A_crash_loop_is_told_the_same_way_while_the_container_runs_for_a_moment()
    {
        var backingOff = Crashing("CrashLoopBackOff");
        Assert.Equal(backingOff, Crashing(""));

        static string Crashing(string reason) => Seen.Of(Spec).Applied().WithPods("pd", pod => pod with
        {
            WaitingReason = reason,
            TerminationReason = "Error",
            ExitCode = 1,
            Restarts = 3,
        }).Status().Waiting!.Why;
    }

    [Fact]
    public void A_wait_keeps_its_beginning_while_it_is_the_same()
    {
        var seen = Seen.Of(Spec).Applied().WithPods("pd");
        var since = seen.Status().Waiting!.Since;
        var later = seen.After(TimeSpan.FromMinutes(3)).WithPd(1);
        Assert.Equal(since, later.Status().Waiting!.Since);
        Assert.Equal("TiKV", later.Status().Waiting!.Step);
        Assert.NotEqual(since, later.WithPd(3).Status().Waiting!.Since);
    }
}
