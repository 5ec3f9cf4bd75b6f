using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Operator;

namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// RBAC before the API server: what docs/rights.md does not grant is refused in the real server's words, and what a
/// test
/// takes away.
/// </summary>
public sealed class Authorizer(IKubeTransport inner, Func<Demand, bool> isDenied) : IKubeTransport
{
    private const string NewMark = "\"deletionGracePeriodSeconds\":-1";

    public async Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel)
    {
        if (Refusal(Demand.Of(request)) is { } refusal)
            return refusal;
        // A server-side apply that would make its object needs the right to create it.
        var creates = request.Method == "PATCH"
            && Encoding.UTF8.GetString(request.Body).Contains(NewMark, StringComparison.Ordinal);
        return creates && Refusal(Demand.Of(request)! with { Verb = "create" }) is { } other
            ? other
            : await inner.Send(request, cancel);
    }

    public async Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel) =>
        Refusal(Demand.Of(request)) is { } refusal
            ? new WatchOpening.Refused(refusal)
            : await inner.Watch(request, cancel);

    private KubeResponse? Refusal(Demand? demand) =>
        demand is null || (Rights.Cover(demand) && !isDenied(demand)) ? null : Status(demand);

    private static KubeResponse Status(Demand demand)
    {
        var plural = demand.Resource.Split('/')[0];
        var what = demand.Group.Length == 0 ? plural : $"{plural}.{demand.Group}";
        var which = demand.Name.Length == 0 ? what : $"{what} \"{demand.Name}\"";
        var where = demand.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{demand.Namespace}\"";
        return new KubeResponse(403, Encoding.UTF8.GetBytes(new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["reason"] = "Forbidden",
            ["code"] = 403,
            ["message"] = $"{which} is forbidden: User \"tidekeeper\" cannot {demand.Verb} "
                + $"resource \"{demand.Resource}\" in API group \"{demand.Group}\" {where}",
        }.ToJsonString()));
    }
}
