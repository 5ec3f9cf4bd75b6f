using System.Globalization;
using System.Text;
using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>What a PD member shows to Prometheus: etcd's view from each, the cluster's from the leader alone.</summary>
internal static class PdMetrics
{
    public static string Of(PdReplica self, PdEnsemble ensemble, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Gauge(text, "etcd_server_has_leader", "Whether or not a leader exists. 1 is existence, 0 is not.");
        Sample(text, "etcd_server_has_leader", "", ensemble.Leader is null ? 0 : 1);
        Gauge(text, "etcd_server_is_leader", "Whether or not this member is a leader. 1 if is, 0 otherwise.");
        Sample(text, "etcd_server_is_leader", "", ensemble.Leader == self ? 1 : 0);
        Gauge(text, "process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
        Sample(text, "process_start_time_seconds", "", self.Started.ToUnixTimeSeconds());
        Gauge(text, "pd_cluster_metadata_cluster_id", "The id of the cluster, as a label.");
        Sample(text, "pd_cluster_metadata_cluster_id", $"id=\"{ensemble.ClusterId}\"", 1);
        if (ensemble.Leader == self && ensemble.State.BootstrappedAt is not null)
            AddCluster(text, ensemble, now);
        return text.ToString();
    }

    private static void AddCluster(StringBuilder text, PdEnsemble ensemble, DateTimeOffset now)
    {
        var stores = StoreView.All(ensemble, now, tombstones: true);
        Gauge(text, "pd_cluster_status", "Status of the cluster.");
        foreach (var (type, value) in Status(ensemble, stores))
            Sample(text, "pd_cluster_status", $"type=\"{type}\",namespace=\"global\"", value);
        Gauge(text, "pd_regions_status", "Status of the regions.");
        foreach (var check in (ReadOnlySpan<string>)
            ["miss-peer", "extra-peer", "down-peer", "pending-peer", "offline-peer", "learner-peer", "empty-region"])
        {
            var type = check == "empty-region" ? "empty-region-count" : check + "-region-count";
            Sample(text, "pd_regions_status", $"type=\"{type}\"",
                ensemble.Stores.Regions.All.Count(RegionChecks.Named(check, ensemble, now)!));
        }

        Gauge(text, "pd_regions_label_level", "Number of regions in the different label level.");
        foreach (var (level, count) in Levels(ensemble, stores))
            Sample(text, "pd_regions_label_level", $"type=\"{level}\"", count);
        Gauge(text, "pd_scheduler_store_status", "Store status for schedule");
        foreach (var store in stores.Where(s => s.Meta.State != 2))
        {
            var labels = $"address=\"{store.Meta.Address}\",store=\"{store.Id}\"";
            Sample(text, "pd_scheduler_store_status", $"{labels},type=\"leader_count\"", store.Leaders);
            Sample(text, "pd_scheduler_store_status", $"{labels},type=\"region_count\"", store.Peers);
            Sample(text, "pd_scheduler_store_status", $"{labels},type=\"store_available\"",
                (store.Beat?.Capacity ?? 0) - (store.Beat?.Used ?? 0));
            Sample(text, "pd_scheduler_store_status", $"{labels},type=\"store_capacity\"", store.Beat?.Capacity ?? 0);
        }
    }

    private static IEnumerable<(string Type, double Value)> Status(PdEnsemble ensemble, List<StoreView> stores)
    {
        var ratio = new ScheduleRules(ensemble.State).LowSpaceRatio;
        var alive = stores.Where(s => s.Meta.State != 2).ToList();
        yield return ("leader_count", alive.Sum(s => s.Leaders));
        yield return ("region_count", alive.Sum(s => s.Peers));
        yield return ("storage_capacity", alive.Sum(s => (double)(s.Beat?.Capacity ?? 0)));
        yield return ("storage_size", alive.Sum(s => (double)(s.Beat?.Used ?? 0)));
        yield return ("store_up_count", stores.Count(s => s.State == PdStoreState.Up));
        yield return ("store_disconnected_count", stores.Count(s => s.State == PdStoreState.Disconnected));
        yield return ("store_down_count", stores.Count(s => s.State == PdStoreState.Down));
        yield return ("store_offline_count", stores.Count(s => s.State == PdStoreState.Offline));
        yield return ("store_tombstone_count", stores.Count(s => s.State == PdStoreState.Tombstone));
        yield return ("store_low_space_count", alive.Count(s => s.IsLowOnSpace(ratio)));
        yield return ("store_unhealth_count", 0);
    }

    /// <summary>
    /// Regions by the coarsest location label that sets all their peers apart; "none" when no label does.
    /// </summary>
    private static IEnumerable<(string Level, int Count)> Levels(PdEnsemble ensemble, List<StoreView> stores)
    {
        string[] labels = ensemble.State.Replication.LocationLabels.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var levels = ensemble.Stores.Regions.All.Select(region => Level(
            [.. region.Peers.Select(p => stores.Find(s => s.Id == p.StoreId)).OfType<StoreView>()], labels)).ToList();
        return labels.Append("none").Select(l => (l, levels.Count(each => each == l)));
    }

    private static string Level(List<StoreView> stores, string[] labels)
    {
        List<List<StoreView>> together = [stores];
        foreach (var label in labels)
        {
            together = [.. together.SelectMany(group => Together(group, label))];
            if (together.Count == 0)
                return label;
        }

        return "none";
    }

    /// <summary>
    /// The stores of a group that a label does not tell apart; one without the label counts into every place.
    /// </summary>
    private static IEnumerable<List<StoreView>> Together(List<StoreView> group, string label)
    {
        var unlabelled = group.FindAll(s => string.IsNullOrEmpty(s.Label(label)));
        if (unlabelled.Count == group.Count)
            return [unlabelled];
        return group.Except(unlabelled).GroupBy(s => s.Label(label), StringComparer.Ordinal)
            .Select(place => place.Concat(unlabelled).ToList()).Where(place => place.Count > 1);
    }

    private static void Gauge(StringBuilder text, string name, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");

    private static void Sample(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ')
            .Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
