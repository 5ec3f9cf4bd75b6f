using System.Text;
using System.Text.RegularExpressions;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.UnitTests.Tidy;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Types and reasons are promises: there is one list of them, and no other word.</summary>
public sealed class ConditionsTests
{
    private static readonly IReadOnlyList<string> Sources =
    [
        .. Repository.CSharp.Where(file => file.StartsWith("src/Tidekeeper.Engines/", StringComparison.Ordinal)
            || file.StartsWith("src/Tidekeeper.Operator/", StringComparison.Ordinal)),
    ];

    [Fact]
    public void The_page_about_conditions_says_what_the_code_does()
    {
        var path = Path.Combine(Repository.Root, "docs/conditions.md");
        var text = Page();
        if (Environment.GetEnvironmentVariable("TIDE_WRITE_GENERATED") == "1")
            File.WriteAllText(path, text);
        Assert.True(File.ReadAllText(path) == text,
            "docs/conditions.md is not what the code says; write it with: TIDE_WRITE_GENERATED=1 ./tide test --filter "
            + nameof(The_page_about_conditions_says_what_the_code_does));
    }

    [Fact]
    public void Every_reason_is_its_own_name_and_is_used()
    {
        var code = string.Concat(Sources.Where(file => !IsList(file)).Select(Repository.Text));
        Repository.Expect(
            from type in (Type[])[typeof(Reasons), typeof(TidbReasons)]
            from field in type.GetFields()
            let name = (string)field.GetRawConstantValue()!
            where name != field.Name || !code.Contains($"{type.Name}.{field.Name}", StringComparison.Ordinal)
            select $"{type.Name}.{field.Name}: is called {name}, or nobody uses it: remove it");
    }

    [Fact]
    public void No_reason_is_written_but_in_the_lists() => Repository.Expect(
        from file in Sources
        where !IsList(file)
        from Match match in Regex.Matches(Repository.Text(file),
            "Reason = \"\\w+\"|EventType\\.\\w+, \"\\w+\""
            + "|\\b(?:Condition|New)\\([^;]*?\"(?:True|False|Unknown)\", \"\\w+\"")
        select $"{file}: {match.Value}: name it in TidbReasons");

    [Fact]
    public void Every_condition_names_the_generation_that_it_speaks_of()
    {
        var seen = Seen.Running(CreationTests.Spec).Edited(spec => spec with
        {
            Approval = "Manual",
            Tikv = spec.Tikv! with { Replicas = 4, Paused = true },
        });
        var status = seen.Status();
        Assert.Contains(status.Conditions!, one => one.Type == TidbConditions.Paused);
        Assert.All(status.Conditions!, one => Assert.Equal(2, one.ObservedGeneration));
        Assert.Equal(2, status.ObservedGeneration);
    }

    private static bool IsList(string file) => file.EndsWith("Reasons.cs", StringComparison.Ordinal);

    private static string Page()
    {
        var text = new StringBuilder("""
            # Conditions, reasons and Events

            Made from the code by `TIDE_WRITE_GENERATED=1 ./tide test --filter The_page_about`; a test compares.

            Types and reasons are stable, messages are not. Each condition bears the `observedGeneration` of the spec that it
            speaks of. What a plan waits for is the reason of `Progressing`: False when a person has to do something, True while
            it comes by itself.

            | Condition | Says |
            |---|---|

            """);
        Rows(text, "src/Tidekeeper.Engines/TiDB/TidbConditions.cs");
        text.Append("""

            | Condition | Status | Reason |
            |---|---|---|

            """);
        foreach (var row in Told())
            text.Append(row);
        text.Append("""

            `Ready` True has `Ready`, and False the first of `Suspended`, `StatefulSetNotUpToDate`, `PDUnhealthy`,
            `TiKVStoreNotUp`, `TiDBUnhealthy`, `TiFlashStoreNotUp` that applies; `Progressing` has any of the reasons below
            for which something waits.

            | Reason | Means |
            |---|---|

            """);
        Rows(text, "src/Tidekeeper.Engines/Reasons.cs");
        Rows(text, "src/Tidekeeper.Engines/TiDB/TidbReasons.cs");
        text.Append("""

            ## Events

            An Event is told when a condition turns, with the condition's message.

            | Condition that turned | Type | Reason |
            |---|---|---|

            """);
        foreach (var row in Events())
            text.Append(row);
        text.Append("""
            | (an act was done) | Normal | `Delete`, `Ask` |

            """);
        return text.ToString();
    }

    /// <summary>The conditions whose reasons are written where they are made.</summary>
    private static IEnumerable<string> Told() =>
        from file in (string[])["TidbConditions.cs", "Control/ControlConditions.cs"]
        from Match match in Regex.Matches(Repository.Text("src/Tidekeeper.Engines/TiDB/" + file),
            "(?:Condition|New)\\(\\s*(?:TidbConditions\\.)?(\\w+), \"(True|False|Unknown)\", TidbReasons\\.(\\w+)")
        select $"| `{match.Groups[1]}` | {match.Groups[2]} | `{match.Groups[3]}` |\n";

    /// <summary>The arms of the switch that makes Events.</summary>
    private static IEnumerable<string> Events()
    {
        var code = Repository.Text("src/Tidekeeper.Engines/TiDB/Steps/Announcements.cs");
        const string arms = "\\(TidbConditions\\.(\\w+), (?:\"(\\w+)\"|_)\\)([^>]*?)=>\\s([^;]*?\\)),\n";
        const string told = "(Normal|Warning)\\((?:TidbReasons\\.(\\w+)|now)";
        foreach (Match arm in Regex.Matches(code, arms))
        {
            foreach (Match one in Regex.Matches(arm.Groups[4].Value, told))
            {
                var reason = one.Groups[2].Success ? $"`{one.Groups[2]}`" : "the condition's";
                yield return $"| `{arm.Groups[1]}` {arm.Groups[2]} | {one.Groups[1]} | {reason} |\n";
            }
        }

        foreach (Match end in Regex.Matches(code, "TidbConditions\\.(\\w+) => \\(TidbReasons\\.(\\w+)"))
            yield return $"| `{end.Groups[1]}` gone | Normal | `{end.Groups[2]}` |\n";
    }

    private static void Rows(StringBuilder text, string file)
    {
        var constants = "/// <summary>\\s*((?:[^<]|<c>|</c>)*?)\\s*</summary>\\s*public const string (\\w+)";
        foreach (Match match in Regex.Matches(Repository.Text(file), constants))
        {
            var says = Regex.Replace(match.Groups[1].Value, "\\s*///\\s*", " ").Trim();
            text.Append($"| `{match.Groups[2]}` | {Regex.Replace(says, "</?c>", "`")} |\n");
        }
    }
}
