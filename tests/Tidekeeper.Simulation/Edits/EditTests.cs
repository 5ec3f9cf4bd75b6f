using Tidekeeper.Simulation.Edits.Generators;
using Tidekeeper.Simulation.Edits.Mappings;
using Tidekeeper.Simulation.Edits.Oracles;
using Xunit.Abstractions;

namespace Tidekeeper.Simulation.Edits;

public class EditTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_property_is_shown_by_an_object_or_has_a_reason_why_none_shows_it()
    {
        var told = PropertyTable.Shown.SelectMany(mapping => mapping.Expanded)
            .Concat(PropertyTable.NotShown.Select(one => one.Path)).ToList();
        Assert.Equal([], CrdProperties.All.Select(one => one.Path).Except(told));
        Assert.Equal([], told.Except(CrdProperties.All.Select(one => one.Path)));
        Assert.Equal([], told.GroupBy(path => path).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    // A mapping that sees no difference would agree with everything.
    [Fact]
    public void A_property_that_nobody_acts_upon_is_noticed()
    {
        var start = EditSeeds.OneOfEach();
        var cluster = EditedCluster.Made(1, start);
        Assert.Null(Consistency.Broken(cluster.View));
        var shown = PropertyTable.Shown.SelectMany(mapping => mapping.Expanded).ToList();
        var unseen = EditCatalog.Of(cluster.Spec)
            .Where(edit => shown.Exists(path => path == edit.Path
                || path.StartsWith($"{edit.Path}[]", StringComparison.Ordinal)))
            .GroupBy(edit => edit.Path)
            .Where(edits => !edits.Any(edit => IsNoticed(cluster, edit)))
            .Select(edits => edits.Key);
        Assert.Equal("", string.Join(", ", unseen.Except(NeedMore)
            .Where(path => !path.StartsWith("spec.tikv.logTailer.", StringComparison.Ordinal)
                && !path.EndsWith("LogVolumeName", StringComparison.Ordinal))));
    }

    // What an object shows of these, and of the settings of tailers that are off, is seen only together with another.
    private static readonly string[] NeedMore =
    [
        "spec.configUpdateStrategy", "spec.pd.configUpdateStrategy", "spec.tikv.configUpdateStrategy",
        "spec.tidb.configUpdateStrategy", "spec.tiflash.configUpdateStrategy", "spec.tidb.storageClassName",
        "spec.tiflash.storageClassName", "spec.tidb.volumeAttributesClassName",
        "spec.tiflash.volumeAttributesClassName",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void However_a_cluster_is_edited_it_becomes_what_a_new_one_would_be(int seed) =>
        output.WriteLine($"{EditCampaign.Run(seed)}");

    // What each once showed is in the comment behind it.
    private static readonly string[] Once =
    [
        "spec.clusterDomain becomes \"-nonsense-\"", // every reconcile failed with an exception, and no status said so
        "spec.affinity becomes {\"nodeAffinity\":5}", // no condition said that the API server refuses it
        "spec.annotations becomes {\"bad key\":\"x\"}", // pods were stopped before it was known that none could be made
        "spec.tikv.dataSubDir becomes \"elsewhere\"", // a store would have begun anew in an empty directory
        "spec.tikv.securityContext becomes {\"privileged\":\"yes\"}", // an exception in the builder
        "spec.pd.mountClusterClientSecret becomes true", // PD restarted for a field without effect
        "spec.tidb.separateSlowLog becomes true", // TiDB restarted for what was so already
        "spec.helper.imagePullPolicy becomes \"Always\"", // no StatefulSet took it
        "spec.discovery.terminationGracePeriodSeconds becomes 2", // it had no effect
        // The playground made Events without end, and virtual time stood still.
        "spec.discovery.additionalVolumes becomes [{\"name\":\"files\",\"configMap\":{\"name\":\"no-such-map\"}}]",
        "spec.discovery.envFrom becomes [{\"configMapRef\":{\"name\":\"no-such-map\"}}]", // the same
    ];

    [Fact]
    public void An_edit_that_once_failed_does_not_fail_again()
    {
        var result = EditCampaign.Sweep(
            EditSeeds.OneOfEach(), edit => Once.Contains(edit.ToString()), output.WriteLine);
        Assert.Equal([], result.Alarms);
        Assert.Equal(Once.Length, result.Edits);
    }

    [Fact]
    public void The_page_of_fields_is_what_the_table_says()
    {
        var path = Path.Combine(Root(), "docs", "engines", "tidb-fields.md");
        if (Environment.GetEnvironmentVariable("TIDE_WRITE_GENERATED") == "1")
            File.WriteAllText(path, FieldsPage.Text());
        Assert.Equal(FieldsPage.Text(), File.ReadAllText(path));
    }

    [Fact]
    public void A_sweep_goes_on_after_an_alarm()
    {
        if (Environment.GetEnvironmentVariable("TIDE_EDITS") is not { } asked)
            return;
        var to = Environment.GetEnvironmentVariable("TIDE_EDITS_TO");
        void Tell(string line)
        {
            output.WriteLine(line);
            if (to is not null)
                File.AppendAllText(to, line + "\n");
        }

        // Of the words the first is the seed, the others are parts of the edits that are wanted.
        var words = asked.Split(' ');
        var start = words[0] == "one" ? EditSeeds.OneOfEach() : EditSeeds.Three();
        Tell($"{EditCampaign.Sweep(start, edit => words.Length == 1 || words[1..].Any(word =>
            $"{edit.Kind} {edit}".Contains(word, StringComparison.Ordinal)), Tell)}");
    }

    private static bool IsNoticed(EditedCluster cluster, Edit edit)
    {
        var spec = cluster.Spec;
        edit.Change(spec);
        try
        {
            return Consistency.Broken(new View(cluster.World, EditedCluster.Name, spec)) is not null;
        }
        catch (Model.Toml.TomlException)
        {
            // What is no TOML is not looked at here.
            return false;
        }
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Tidekeeper.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the repository is not above the tests");
    }
}
