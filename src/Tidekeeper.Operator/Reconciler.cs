using Tidekeeper.Engines;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>Observe → plan → execute → status, for any engine.</summary>
/// <param name="heartbeat">How long to leave a settled cluster alone; something is always missed some day.</param>
public sealed class Reconciler(
    IEngine engine, Executor executor, StatusWriter status, Reporter reporter, ClusterReadings readings, Health health,
    TimeSpan heartbeat, Random chance)
{
    private static readonly TimeSpan AfterActing = TimeSpan.FromSeconds(2);

    public async Task<Outcome> Reconcile(ObjectKey key, CancellationToken cancel)
    {
        if (await engine.Decide(key, cancel) is not { } decision)
        {
            reporter.Forget(key);
            status.Forget(key);
            readings.Forget(key);
            return new Outcome.Settled();
        }

        var plan = decision.Plan;
        var execution = await executor.Execute(decision.Subject, plan.Acts, cancel);
        if (execution is { Failed: { } failed, Error: { } error } && !IsPassing(error))
            plan = WithFailure(plan, failed, error);
        var told = decision.Tell(plan);
        readings.Keep(key, told.Readings);
        TimeSpan? rest;
        try
        {
            rest = await status.Write(engine, decision, plan, told.Status, cancel);
            health.Forbid($"tell about clusters in {key.Namespace}", "");
        }
        catch (KubeException e) when (e.Refusal?.Status == 403)
        {
            // No condition can say it: an Event can, and whoever asks for the operator's health.
            health.Forbid($"tell about clusters in {key.Namespace}", e.Message);
            await reporter.Report(key, decision.Subject, plan, execution, cancel);
            await reporter.Mute(decision.Subject, e.Message, cancel);
            return new Outcome.Failed(e);
        }

        await reporter.Report(key, decision.Subject, plan, execution, cancel);
        var outcome = OutcomeOf(plan, execution);
        return outcome is Outcome.Again again && rest is { } soon && soon < again.After
            ? new Outcome.Again(soon)
            : outcome;
    }

    /// <summary>
    /// What the API server will never accept, or does not allow, or what a webhook keeps from it, is what everything
    /// else waits for, so that it comes first.
    /// </summary>
    private static Plan WithFailure(Plan plan, Act failed, Exception error)
    {
        var isForbidden = error is KubeException { Refusal.Status: 403 };
        var isUnacceptable = isForbidden || error is KubeException { Refusal.IsInvalid: true };
        var hold = new Step.Hold($"could not {failed.Describe()}: {error.Message}", AfterActing)
        {
            Reason = isForbidden ? Reasons.Forbidden : Reasons.ActFailed,
            NeedsPerson = error is RefusedActException || isUnacceptable,
        };
        return isUnacceptable || error is KubeException { Refusal.IsOfWebhook: true }
            ? new Plan([new PlannedStep("Act", hold), .. plan.Steps])
            : plan.Then("Act", hold);
    }

    /// <summary>Somebody else wrote at the same time, or we no longer lead: no news for the user.</summary>
    private static bool IsPassing(Exception error) =>
        error is KubeException { Fault: Fault.Fenced } or KubeException { Refusal.IsConflict: true }
            or RefusedActException { IsPassing: true };

    private Outcome OutcomeOf(Plan plan, Execution execution)
    {
        if (execution.Error is { } error)
            return new Outcome.Failed(error, (error as KubeException)?.Refusal?.RetryAfter);
        if (execution.Done.Count > 0 || execution.IsCutShort)
            return new Outcome.Again(plan.CheckAgain is { } soon && soon < AfterActing ? soon : AfterActing);
        return new Outcome.Again(plan.CheckAgain ?? Heartbeat());
    }

    private TimeSpan Heartbeat()
    {
        lock (chance)
            return heartbeat * (0.9 + (0.2 * chance.NextDouble()));
    }
}
