using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Admission;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Shows in every ResourceQuota what is used. What is admitted is charged at once by the API itself; this one sees new
/// quotas, and looks every few seconds for what has gone.
/// </summary>
public sealed class QuotaController : Controller
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly Feed _quotas;

    public QuotaController(Cluster cluster) : base(cluster, "resourcequota-controller") =>
        _quotas = Follow(Resources.Quotas);

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_quotas.Get(key) is not { } quota || quota.IsTerminating())
            return;
        WakeAt(key, now + Pause);
        var status = new JsonObject
        {
            ["hard"] = quota.At("spec", "hard")?.DeepClone() ?? new JsonObject(),
            ["used"] = QuotaUsage.Total(Api.Api, quota),
        };
        if (ObjectFields.Same(quota["status"], status))
            return;
        var changed = quota.Copy();
        changed["status"] = status;
        Api.UpdateStatus(Resources.Quotas, changed);
    }
}
