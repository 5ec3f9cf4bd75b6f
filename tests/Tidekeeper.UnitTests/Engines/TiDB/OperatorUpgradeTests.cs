using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>An upgrade of the operator restarts nothing: clusters of every release live on under this one.</summary>
public sealed class OperatorUpgradeTests
{
    public static TheoryData<string, string> Released
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (release, name) in ReleasedTemplates.All)
                data.Add(release, name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Released))]
    public void A_cluster_that_a_release_made_is_left_as_it_is_and_a_pending_change_is_shown(
        string release, string name)
    {
        var cluster = ReleasedTemplates.Cluster(release, name);
        var sets = ReleasedTemplates.Sets(release, name);
        var seen = ReleasedTemplates.Living(cluster, sets);
        AssertUntouched(seen);
        var today = ReleasedTemplates.Rendered(cluster);
        var differs = sets.Zip(today).Any(pair => Rendered(pair.First) != Rendered(pair.Second));
        Assert.Equal(differs ? "TemplatePending" : "UpToDate", UpToDate(seen).Reason);
    }

    /// <summary>
    /// Two hashes of what the user wants decide who restarts and what is written. Another way to calculate them, or a
    /// new field that counts although nobody set it, would restart every pod of every cluster.
    /// </summary>
    [Theory]
    [MemberData(nameof(Released))]
    public void What_the_user_wants_has_the_hash_that_it_had(string release, string name)
    {
        var then = ReleasedTemplates.Sets(release, name).Select(Wants);
        var now = ReleasedTemplates.Rendered(ReleasedTemplates.Cluster(release, name)).Select(Wants);
        Assert.Equal(then, now);
    }

    [Theory]
    [MemberData(nameof(Released))]
    public void A_template_that_is_rendered_in_another_way_than_before_says_so_in_its_version(
        string release, string name)
    {
        var then = ReleasedTemplates.Sets(release, name);
        var now = ReleasedTemplates.Rendered(ReleasedTemplates.Cluster(release, name));
        foreach (var (before, after) in then.Zip(now))
        {
            var same = JsonNode.DeepEquals(before["spec"]!["template"], after["spec"]!["template"]);
            Assert.True(same || Version(before) != Version(after),
                $"{release}/{name}: {before["metadata"]!["name"]} is rendered differently now; raise "
                + $"StatefulSets.TemplateVersion above {Version(before)}, by which pods show what they run on. As long "
                + $"as {release} is not released, write it anew instead: TIDE_RELEASE={release} ./tide test --filter "
                + nameof(This_operators_templates_are_stored_when_a_release_asks_for_it));
        }
    }

    [Theory]
    [MemberData(nameof(Released))]
    public void A_changed_generator_changes_nothing_until_the_user_says_so_and_then_restarts_nothing(
        string release, string name)
    {
        var cluster = ReleasedTemplates.Cluster(release, name);
        var sets = ReleasedTemplates.Sets(release, name).Select(MadeByAnother).ToList();
        var seen = ReleasedTemplates.Living(cluster, sets);
        AssertUntouched(seen);
        Assert.Equal("TemplatePending", UpToDate(seen).Reason);
        foreach (var set in sets)
            Assert.Contains((string)set["metadata"]!["name"]!, UpToDate(seen).Message, StringComparison.Ordinal);

        var adopting = seen.Annotated(Labels.AdoptTemplate, "2026-01-01");
        Assert.Equal(sets.Count, adopting.Plan().Acts.Count(IsTemplate));
        Assert.DoesNotContain(adopting.Plan().Acts, act => act.Disturbs);

        // Pods run on; whoever is made anew for another reason has the new template, and nothing is pending any more.
        var adopted = adopting.Applied();
        Assert.DoesNotContain(adopted.Plan().Acts, act => act.Disturbs || IsTemplate(act));
        Assert.Equal("UpToDate", UpToDate(adopted).Reason);
        Assert.DoesNotContain(adopted.Now.StatefulSets, set => set.RenderedHash.StartsWith("0000000000000000",
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_pod_that_restarts_because_somebody_asks_for_it_takes_the_newest_template()
    {
        var (release, name) = ReleasedTemplates.All.First(one => one.Case == "minimal");
        var sets = ReleasedTemplates.Sets(release, name).Select(MadeByAnother).ToList();
        var seen = ReleasedTemplates.Living(ReleasedTemplates.Cluster(release, name), sets);
        var wished = new Seen(seen.Now with
        {
            Pods = [.. seen.Now.Pods.Select(pod => pod.Component == "tidb" && pod.Ordinal == 0
                ? pod with { RestartWish = "2026-01-01" }
                : pod)],
        });
        var first = wished.Plan().Acts.ToList();
        Assert.Equal("tidb", Assert.Single(first, IsTemplate) is Act.Apply apply
            ? (string?)apply.Object["metadata"]!["labels"]![Labels.Component]
            : null);
        Assert.DoesNotContain(first, act => act.Disturbs);

        // Not before Kubernetes has taken it: the pod would come back from the old one.
        Assert.DoesNotContain(wished.Applied().Plan().Acts, act => act.Disturbs);
        var taken = wished.Applied();
        taken = new Seen(taken.Now with
        {
            StatefulSets = [.. taken.Now.StatefulSets.Select(set => set with { ObservedGeneration = set.Generation })],
        });
        Assert.Contains(taken.Plan().Acts, act => act is Act.Delete { Kind: "Pod" } && act.Disturbs);
    }

    [Fact]
    public void A_template_whose_file_is_gone_is_replaced_since_only_another_can_be_made()
    {
        var (release, name) = ReleasedTemplates.All.First(one => one.Case == "minimal");
        var sets = ReleasedTemplates.Sets(release, name).Select(MadeByAnother).ToList();
        sets[0]["spec"]!["template"]!["spec"]!["volumes"]!.AsArray().First(one => one!["configMap"] is not null)!
            ["configMap"]!["name"] = $"{sets[0]["metadata"]!["name"]}-0badf11e";
        var seen = ReleasedTemplates.Living(ReleasedTemplates.Cluster(release, name), sets);
        AssertUntouched(seen);
        var lost = new Seen(seen.Now with
        {
            Objects = [.. seen.Now.Objects.Where(one => !one.Name.EndsWith("-0badf11e", StringComparison.Ordinal))],
        });
        Assert.Contains(lost.Plan().Acts, IsTemplate);
        Assert.DoesNotContain(lost.Plan().Acts, act => act.Disturbs);
    }

    /// <summary>What a field does to pods can only be kept when some cluster that is stored sets it.</summary>
    [Fact]
    public void Every_field_that_pods_depend_on_is_set_in_a_case_that_the_next_release_stores()
    {
        var specs = CaseTests.Accepted.Select(name => CaseTests.Cluster(name)["spec"]!.AsObject()).ToList();
        var unsupported = UnsupportedFields.Paths.ToHashSet(StringComparer.Ordinal);
        JsonTypeInfo[] types =
        [
            TidbClusterJson.Default.PdSpec, TidbClusterJson.Default.TikvSpec, TidbClusterJson.Default.TidbSpec,
            TidbClusterJson.Default.TiflashSpec,
        ];
        var missing = from type in types
                      let part = type.Type.Name[..^4].ToLowerInvariant()
                      from property in type.Properties
                      where !NotInPods.Contains(property.Name)
                          && !unsupported.Any(path => $"{path}.".StartsWith($"spec.{part}.{property.Name}.",
                              StringComparison.Ordinal))
                          && !specs.Any(spec => spec[part]?[property.Name] is not null)
                      select $"{part}.{property.Name}";
        Assert.Equal("", string.Join('\n', missing));
    }

    /// <summary>Fields on which no pod depends, or whose cluster would make no pods.</summary>
    private static readonly IReadOnlyList<string> NotInPods =
    [
        "image", "paused", "suspendAction", "failover", "recoverFailover", "updatePolicy", "maxFailoverCount",
        "evictLeaderTimeout", "waitLeaderTransferBackTimeout", "scalePolicy", "failoverPeriod",
    ];

    [Fact]
    public void This_operators_templates_are_stored_when_a_release_asks_for_it()
    {
        if (Environment.GetEnvironmentVariable("TIDE_RELEASE") is { Length: > 0 } release)
        {
            foreach (var name in CaseTests.Accepted)
                ReleasedTemplates.Write(release, name, CaseTests.Cluster(name));
        }

        Assert.NotEmpty(ReleasedTemplates.All);
    }

    private static void AssertUntouched(Seen seen) =>
        Assert.DoesNotContain(seen.Plan().Acts, act => act.Disturbs || act is not Act.Record);

    private static bool IsTemplate(Act act) => act is Act.Apply { Kind: "StatefulSet" };

    private static ClusterCondition UpToDate(Seen seen) =>
        seen.Condition(TidbConditions.UpToDate);

    /// <summary>The same wish, rendered by an operator that does it in another way.</summary>
    private static JsonObject MadeByAnother(JsonObject set)
    {
        var other = set.DeepClone().AsObject();
        other["metadata"]!["annotations"]![Labels.Rendered] = "0000000000000000" + Rendered(set)[16..];
        other["spec"]!["template"]!["spec"]!["containers"]!.AsArray()
            .Add(new JsonObject { ["name"] = "extra", ["image"] = "of another generator" });
        return other;
    }

    private static string Rendered(JsonObject set) => (string)set["metadata"]!["annotations"]![Labels.Rendered]!;

    private static string Version(JsonObject set) =>
        (string)set["spec"]!["template"]!["metadata"]!["annotations"]![Labels.TemplateVersion]!;

    private static string Wants(JsonObject set) =>
        $"{set["metadata"]!["name"]} pods {set["spec"]!["template"]!["metadata"]!["annotations"]![Labels.Intent]}"
        + $" set {Rendered(set).Split('.')[1]} fixed {Rendered(set).Split('.')[2]}";
}
