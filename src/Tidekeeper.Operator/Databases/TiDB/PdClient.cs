using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>Reads one PD member. A question that goes unanswered is Unknown with what was asked and said.</summary>
/// <param name="root">For example <c>http://basic-pd.shop.svc:2379</c>.</param>
public sealed class PdClient(IDatabaseWire wire, string root)
{
    public Task<Known<PdMembers>> Members(CancellationToken cancel) =>
        Get("/pd/api/v1/members", PdJson.Default.PdMembers, cancel);

    /// <summary>Old versions answer 404 under the new path.</summary>
    public async Task<Known<IReadOnlyList<PdMemberHealth>>> Health(CancellationToken cancel)
    {
        var reply = await Ask("/pd/api/v1/health", cancel);
        if (reply.Status == 404)
            return await Get("/pd/health", PdJson.Default.IReadOnlyListPdMemberHealth, cancel);
        return Parse("/pd/api/v1/health", reply, PdJson.Default.IReadOnlyListPdMemberHealth);
    }

    /// <summary>All stores, tombstones included; null while the first TiKV has not come yet.</summary>
    public async Task<Known<PdStores?>> Stores(CancellationToken cancel)
    {
        const string path = "/pd/api/v1/stores";
        // Tombstones come only when asked for, and then alone.
        const string tombstonesPath = "/pd/api/v1/stores?state=2";
        var tombstonesTask = Ask(tombstonesPath, cancel);
        var reply = await Ask(path, cancel);
        var tombstonesReply = await tombstonesTask;
        if (reply.Status == 500 && reply.Body.Contains(PdErrors.NotBootstrapped, StringComparison.Ordinal))
            return Known.Of<PdStores?>(null);
        var storesAnswer = Parse(path, reply, PdJson.Default.PdStores);
        if (!storesAnswer.Is(out var stores))
            return Known.Unknown<PdStores?>(storesAnswer.WhyUnknown);
        var tombstonesAnswer = Parse(tombstonesPath, tombstonesReply, PdJson.Default.PdStores);
        return tombstonesAnswer.Is(out var tombstones)
            ? Known.Of<PdStores?>(stores with { Stores = [.. stores.Stores, .. tombstones.Stores] })
            : Known.Unknown<PdStores?>(tombstonesAnswer.WhyUnknown);
    }

    public Task<Known<PdReplication>> Replication(CancellationToken cancel) =>
        Get("/pd/api/v1/config/replicate", PdJson.Default.PdReplication, cancel);

    /// <summary>The stores that must not lead; PD knows no such scheduler before the first of them.</summary>
    public async Task<Known<PdEvictedStores>> Evicted(CancellationToken cancel)
    {
        const string path = "/pd/api/v1/scheduler-config/evict-leader-scheduler/list";
        var reply = await Ask(path, cancel);
        return reply.Status == 404
            ? Known.Of(new PdEvictedStores())
            : Parse(path, reply, PdJson.Default.PdEvictedStores);
    }

    /// <summary>How many regions lack something.</summary>
    public async Task<Known<RegionHealth>> Regions(CancellationToken cancel)
    {
        var answers = await Task.WhenAll(
            Check("miss-peer", cancel), Check("down-peer", cancel), Check("pending-peer", cancel));
        foreach (var answer in answers)
            if (answer is Known<int>.Unknown unknown)
                return Known.Unknown<RegionHealth>(unknown.Why);
        return Known.Of(new RegionHealth(Of(answers[0]), Of(answers[1]), Of(answers[2])));
    }

    /// <summary>
    /// Regions of which two replicas share a value of the label, by the gauge that the PD leader shows to Prometheus.
    /// </summary>
    public async Task<Known<int>> CrowdedRegions(string label, CancellationToken cancel)
    {
        const string path = "/metrics";
        var reply = await Ask(path, cancel);
        if (!reply.Succeeded)
            return Known.Unknown<int>(Sentence(path, reply.Problem));
        var levels = reply.Body.Split('\n')
            .Where(line => line.StartsWith("pd_regions_label_level{", StringComparison.Ordinal)).ToList();
        if (levels.Count == 0)
            return Known.Unknown<int>(Sentence(path, "there is no pd_regions_label_level"));
        var apart = $"type=\"{label}\"";
        double crowded = 0;
        foreach (var line in levels.Where(line => !line.Contains(apart, StringComparison.Ordinal)))
        {
            var text = line[(line.LastIndexOf(' ') + 1)..];
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count))
                return Known.Unknown<int>(Sentence(path, $"the line cannot be read: {line}"));
            crowded += count;
        }

        return Known.Of((int)crowded);
    }

    private static int Of(Known<int> answer) => answer.Is(out var count) ? count : 0;

    private async Task<Known<int>> Check(string what, CancellationToken cancel)
    {
        var path = $"/pd/api/v1/regions/check/{what}";
        var reply = await Ask(path, cancel);
        if (!reply.Succeeded)
            return Known.Unknown<int>(Sentence(path, reply.Problem));
        try
        {
            // Only the count: a list of many regions is not worth keeping.
            using var document = JsonDocument.Parse(reply.Body);
            return Known.Of(document.RootElement.GetProperty("count").GetInt32());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Known.Unknown<int>(Sentence(path, $"the answer cannot be read: {e.Message}"));
        }
    }

    private async Task<Known<T>> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        Parse(path, await Ask(path, cancel), type);

    private Known<T> Parse<T>(string path, WireReply reply, JsonTypeInfo<T> type)
    {
        if (!reply.Succeeded)
            return Known.Unknown<T>(Sentence(path, reply.Problem));
        try
        {
            return JsonSerializer.Deserialize(reply.Body, type) is { } value
                ? Known.Of(value)
                : Known.Unknown<T>(Sentence(path, "the answer is null"));
        }
        catch (JsonException e)
        {
            return Known.Unknown<T>(Sentence(path, $"the answer cannot be read: {e.Message}"));
        }
    }

    private Task<WireReply> Ask(string path, CancellationToken cancel) => wire.Send(new("GET", root + path), cancel);

    private string Sentence(string path, string problem) =>
        string.Create(CultureInfo.InvariantCulture, $"GET {root}{path}: {problem}");
}
