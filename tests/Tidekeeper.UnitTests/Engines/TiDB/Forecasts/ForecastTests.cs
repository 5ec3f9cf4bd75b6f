using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tidekeeper.Engines.TiDB.Forecasts;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.UnitTests.Engines.TiDB.Forecasts;

/// <summary>
/// What would happen, as text; <c>TIDEKEEPER_UPDATE=1</c> writes the files anew. A forecast must tell the same story as
/// the operator does.
/// </summary>
public sealed class ForecastTests
{
    private const string Spec = CreationTests.Spec;

    private static readonly SortedDictionary<string, Func<TidbClusterSpec, TidbClusterSpec>> Edits =
        new(StringComparer.Ordinal)
        {
            ["new-version"] = spec => spec with { Version = "v8.5.1", Approval = "Manual" },
            ["more-stores"] = spec => spec with { Tikv = spec.Tikv! with { Replicas = 5 } },
            ["too-few-stores"] = spec => spec with { Tikv = spec.Tikv! with { Replicas = 2 } },
            ["smaller"] = spec => spec with
            {
                Pd = spec.Pd! with { Replicas = 1 },
                Tidb = spec.Tidb! with { Replicas = 1 }
            },
            ["refused"] = spec => spec with { Version = "banana" },
            ["nothing"] = spec => spec
        };

    public static TheoryData<string> Names => [.. Edits.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_forecast_says(string name)
    {
        var living = Living.Running(Spec);
        var wanted = living.Now.Cluster with { Spec = Edits[name](living.Now.Cluster.Spec) };
        var text = Hashless(Forecast.Of(living.Now, wanted).Print()) + "\n";
        var path = Path.Combine(Home(), name + ".txt");
        if (Environment.GetEnvironmentVariable("TIDEKEEPER_UPDATE") == "1")
        {
            Directory.CreateDirectory(Home());
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    [Theory]
    [InlineData("new-version")]
    [InlineData("smaller")]
    public void A_forecast_is_what_happens_then(string name)
    {
        var living = Living.Running(Spec);
        var wanted = living.Now.Cluster with
        {
            Spec = Edits[name](living.Now.Cluster.Spec) with { Approval = null }
        };
        var forecast = Forecast.Of(living.Now, wanted);
        var story = living.Edit(_ => wanted.Spec).Story();
        Living.Told(Hashless(story), Hashless(string.Join('\n', forecast.Acts.Select(one => one.Act.Describe()))));
    }

    private static string Hashless(string text) => Regex.Replace(text, "(?<=-|in )[0-9a-f]{8}\\b", "HASH");

    private static string Home([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "forecasts");
}
