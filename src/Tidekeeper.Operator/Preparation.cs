using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Kube.Queue;

namespace Tidekeeper.Operator;

/// <summary>What was found out about the API server before anything else.</summary>
/// <param name="MayReadNodes">Without it plans do without failure domains.</param>
public sealed record Ground(ServedApis Served, bool MayReadNodes);

/// <summary>
/// Reaches the API server and waits until the kinds that are needed are installed. Nothing of it ends the operator:
/// a server may be away and a CRD may come later, so it says what is missing and tries again.
/// </summary>
public sealed class Preparation(KubeApi api, OperatorLog log, Health health, TimeProvider time, Random chance)
{
    private static readonly Backoff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

    public async Task<Ground> Find(IReadOnlyList<Resource> needed, bool nodes, CancellationToken cancel)
    {
        for (var failures = 1; ; failures++)
        {
            string obstacle;
            try
            {
                var served = await ServedApis.Ask(api, cancel);
                obstacle = await Missing(needed, served, cancel);
                if (obstacle.Length == 0)
                {
                    health.Obstacle = "";
                    health.Prepared = true;
                    return new(served, nodes && await MayReadNodes(cancel));
                }
            }
            catch (KubeException e)
            {
                obstacle = e.Message;
            }

            if (health.Obstacle != obstacle)
                log.Warn("cannot start yet", ("why", obstacle));
            health.Obstacle = obstacle;
            double dice;
            lock (chance)
                dice = chance.NextDouble();
            await Task.Delay(Pauses.Pause(failures, dice), time, cancel);
        }
    }

    private async Task<string> Missing(
        IReadOnlyList<Resource> needed, ServedApis served, CancellationToken cancel)
    {
        foreach (var resource in needed)
        {
            var request = new KubeRequest("GET", $"/apis/{resource.ApiVersion}");
            var answer = await api.Send(request, list => list.GetProperty("resources").EnumerateArray()
                .Any(r => r.GetProperty("name").GetString() == resource.Plural), cancel);
            if (answer.IsNotFound || !answer.Value)
                return $"the API server does not know {resource.Kind} ({resource}); install its CRD: "
                    + DefinitionInstall.First(served);
        }

        return "";
    }

    private async Task<bool> MayReadNodes(CancellationToken cancel)
    {
        var answer = await api.List(Resource.Nodes, null, new ListOptions { Limit = 1 }, _ => true, cancel);
        if (!answer.Succeeded)
            log.Info("does without nodes", ("why", answer.Refusal!.Message));
        return answer.Succeeded;
    }
}
