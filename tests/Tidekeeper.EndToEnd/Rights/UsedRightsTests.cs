using Tidekeeper.EndToEnd.Charts;
using YamlDotNet.Serialization;

namespace Tidekeeper.EndToEnd.Rights;

/// <summary>Asked when all tests of databases have run on a real control plane: what was granted in vain?</summary>
public sealed class UsedRightsTests
{
    /// <summary>Where the tests note which rights were used; null when they were not asked to.</summary>
    public static string? File { get; } =
        Environment.GetEnvironmentVariable("TIDE_RIGHTS_USED") is { Length: > 0 } file ? file : null;

    public static async Task Note(AuditLog audit)
    {
        if (File is not null)
            await System.IO.File.AppendAllLinesAsync(File, audit.Requests.SelectMany(one => one.Needs)
                .Select(one => $"{one}").Distinct(StringComparer.Ordinal));
    }

    private static bool IsThere => File is not null && System.IO.File.Exists(File);

    // Kubernetes 1.20 has no budgets that the operator could write; a sentence is said again after ten minutes only.
    private static readonly string[] NotShownThere =
    [
        "patch events of ''",
        .. new[] { "create", "delete", "get", "list", "patch", "watch" }
            .Select(verb => $"{verb} poddisruptionbudgets of 'policy'"),
    ];

    [UsedRightsFact]
    public async Task Every_right_of_the_chart_was_needed_by_some_test()
    {
        var used = (await System.IO.File.ReadAllLinesAsync(File!)).ToHashSet(StringComparer.Ordinal);
        var rendered = await Helm.Run("template", "tidekeeper", Helm.Chart("tidekeeper"));
        var granted = rendered.Split("\n---\n").Where(text => text.Contains("\nkind: Role\n", StringComparison.Ordinal)
                || text.Contains("\nkind: ClusterRole\n", StringComparison.Ordinal))
            .SelectMany(text => Grants.Of(System.Text.Json.Nodes.JsonNode.Parse(
                new SerializerBuilder().JsonCompatible().Build().Serialize(
                    new DeserializerBuilder().Build().Deserialize<object>(text)))!)).ToArray();
        Assert.NotEmpty(granted);
        Assert.Equal("", string.Join('\n', granted
            .Where(one => !IsIndirect(one)).Select(one => $"{one}").Except(NotShownThere, StringComparer.Ordinal)
            .Where(one => !used.Contains(one))));
    }

    private static bool IsIndirect(Grant grant) => Operator.Rights.All.Any(right => right.IsIndirect
        && right.Group == grant.Group && right.Resource == grant.Resource
        && right.Verbs.Contains(grant.Verb, StringComparer.Ordinal));

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class UsedRightsFactAttribute : FactAttribute
    {
        public UsedRightsFactAttribute() =>
            Skip = IsThere ? null : "it is asked after all tests of ./tide test --world control-plane";
    }
}
