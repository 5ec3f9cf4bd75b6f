using System.Globalization;
using System.Text;
using Tidekeeper.Simulation.Campaign;

namespace Tidekeeper.Simulation.Survey;

/// <summary>What a survey has seen so far.</summary>
public sealed class Tally
{
    private const string Creations = "a cluster of any shape is created";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _faults = new(StringComparer.Ordinal);

    private sealed record Row(int Histories, long Writes, long Acts, long Acknowledged, long Refused)
    {
        public Row Plus(Row other) => new(Histories + other.Histories, Writes + other.Writes, Acts + other.Acts,
            Acknowledged + other.Acknowledged, Refused + other.Refused);
    }

    public int Broken { get; set; }

    public void Add(CampaignResult result) => Add(result.Scenario,
        new Row(1, result.Writes, result.Acts, result.Acknowledged, result.Refused), result.Faults);

    public void Add(RunResult result) =>
        Add(Creations, new Row(1, result.EffectiveWrites, result.WritesJudged, 0, 0), result.Faults);

    public string Line()
    {
        lock (_gate)
        {
            var sum = _rows.Values.Aggregate(new Row(0, 0, 0, 0, 0), (a, b) => a.Plus(b));
            return string.Create(CultureInfo.InvariantCulture,
                $"{sum.Histories} histories, {_faults.Values.Sum()} faults injected, {sum.Acts} acts checked, "
                + $"{sum.Acknowledged} rows acknowledged, violations: {Broken}");
        }
    }

    public string Table()
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            text.AppendLine().AppendLine("histories   writes     acts  rows kept  refused  scenario");
            foreach (var (scenario, row) in _rows)
            {
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"{row.Histories,9} {row.Writes,8} {row.Acts,8} {row.Acknowledged,10} {row.Refused,8}  {scenario}");
            }

            text.AppendLine().Append("faults: ").AppendLine(
                string.Join(", ", _faults.Select(fault => $"{fault.Value} x {fault.Key}")));
        }

        return text.ToString();
    }

    private void Add(string scenario, Row row, IReadOnlyDictionary<string, int> faults)
    {
        lock (_gate)
        {
            _rows[scenario] = _rows.TryGetValue(scenario, out var before) ? before.Plus(row) : row;
            foreach (var (kind, times) in faults)
                _faults[kind] = _faults.GetValueOrDefault(kind) + times;
        }
    }
}
