using Tidekeeper.Engines.TiDB.Objects;

namespace Tidekeeper.Engines.TiDB.Forecasts;

/// <summary>
/// How long things take: what the cluster's own pods took to come up, and where there are none a common value.
/// </summary>
internal sealed class Experience(TidbSeen seen)
{
    private static readonly TimeSpan ToHandOver = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ToEvict = TimeSpan.FromMinutes(1);

    /// <summary>Of the slowest component.</summary>
    public TimeSpan Start =>
        ((string[])[Component.Pd, Component.Tikv, Component.Tiflash, Component.Tidb]).Max(ToRestart);

    /// <summary>How long an act keeps the plan busy; notes say what is not counted.</summary>
    public TimeSpan Of(Act act, SortedSet<string> notes)
    {
        switch (act)
        {
            case Act.Delete { Kind: "Pod" } delete:
                return ToRestart(seen.Pods.FirstOrDefault(pod => pod.Name == delete.Name)?.Component ?? "");
            case Act.Ask { Call.Method: "DELETE" } ask when ask.Call.Url.Contains("/store/", StringComparison.Ordinal):
                notes.Add("the time that PD takes to empty a store is not counted");
                return TimeSpan.Zero;
            case Act.Ask { Call: { Method: "POST", Body: { } body } } when body["store_id"] is not null:
                notes.Add("leaders are taken to leave a store within a minute");
                return ToEvict;
            case Act.Ask { MovesLoad: true }:
                return ToHandOver;
            default:
                return TimeSpan.Zero;
        }
    }

    /// <summary>The slowest pod of the component, and what stopping takes.</summary>
    private TimeSpan ToRestart(string component)
    {
        var took = seen.Pods
            .Where(pod => pod.Component == component && pod.ReadySince > pod.Created)
            .Select(pod => pod.ReadySince!.Value - pod.Created)
            .Where(time => time < TimeSpan.FromMinutes(15))
            .DefaultIfEmpty(TimeSpan.FromSeconds(component == Component.Tikv ? 40 : 20)).Max();
        return took + TimeSpan.FromSeconds(component == Component.Tidb ? 15 : 5);
    }
}
