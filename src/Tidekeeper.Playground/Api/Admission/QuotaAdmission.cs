using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Admission;

/// <summary>ResourceQuotas at work: what would use more than there is, is refused.</summary>
internal sealed class QuotaAdmission(ApiServer api)
{
    public void Check(ResourceType type, JsonObject item)
    {
        if (!type.Namespaced)
            return;
        foreach (var quota in api.Store.List("resourcequotas", item.Namespace()))
            CheckOne(quota, type, item);
    }

    /// <summary>Shows what is used now, as the real server does with every object that it admits.</summary>
    public void Charge(ResourceType type, JsonObject item)
    {
        if (!type.Namespaced)
            return;
        foreach (var quota in api.Store.List("resourcequotas", item.Namespace()).ToList())
        {
            var counts = quota.Text("metadata", "deletionTimestamp") is null && quota.At("status", "used") is not null
                && (quota.ObjectAt("spec", "hard") ?? []).Any(each =>
                    QuotaUsage.Of(quota, each.Key, type.GroupResource, item) is not null);
            if (!counts)
                continue;
            var charged = quota.Copy();
            charged.Section("status")["used"] = QuotaUsage.Total(api, quota);
            if (!ObjectFields.Same(charged, quota))
                api.Store.Put("resourcequotas", quota.Namespace(), quota.Name(), charged);
        }
    }

    private void CheckOne(JsonObject quota, ResourceType type, JsonObject item)
    {
        if (!QuotaUsage.IsInScope(quota, type.GroupResource, item))
            return;
        if (type is { Group: "", Plural: "pods" })
        {
            var unsaid = QuotaUsage.Unsaid(quota, item).ToList();
            if (unsaid.Count > 0)
            {
                throw ApiFault.Forbidden(type, item.Name(),
                    $"failed quota: {quota.Name()}: must specify {string.Join("; ", unsaid)}");
            }
        }

        JsonObject? total = null;
        var over = new List<(string Name, string Asked, string Used, string Limit)>();
        foreach (var (name, hard) in (quota.ObjectAt("spec", "hard") ?? []).OrderBy(each => each.Key,
                     StringComparer.Ordinal))
        {
            if (QuotaUsage.Of(quota, name, type.GroupResource, item) is not { } asked || asked.IsZero)
                continue;
            total ??= QuotaUsage.Total(api, quota);
            var used = QuantityValidation.Read(total[name]);
            if (used + asked > QuantityValidation.Read(hard))
                over.Add((name, asked.ToString(), used.ToString(), QuantityValidation.Text(hard)));
        }

        if (over.Count == 0)
            return;
        throw ApiFault.Forbidden(type, item.Name(), $"exceeded quota: {quota.Name()}, "
            + $"requested: {string.Join(',', over.Select(each => $"{each.Name}={each.Asked}"))}, "
            + $"used: {string.Join(',', over.Select(each => $"{each.Name}={each.Used}"))}, "
            + $"limited: {string.Join(',', over.Select(each => $"{each.Name}={each.Limit}"))}");
    }
}
