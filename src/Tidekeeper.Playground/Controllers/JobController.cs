using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Runs pods to completion, with as many attempts as the Job allows. Indexed completion is not simulated.
/// </summary>
public sealed class JobController : Controller
{
    private const string Tracking = "batch.kubernetes.io/job-tracking";
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private readonly Feed _jobs;
    private readonly Feed _pods;
    private readonly EventRecorder _events;

    public JobController(Cluster cluster) : base(cluster, "job-controller")
    {
        _jobs = Follow(Resources.Jobs);
        _pods = FollowOwned(Resources.Pods, "Job");
        _events = new EventRecorder(Api, Name, cluster.World.Time.GetUtcNow);
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_jobs.Get(key) is not { } job)
        {
            // Nobody will count these pods any more.
            Release(_pods.ByNamespace()[key.Namespace].Where(p => p.Owner() is { } owner
                && owner.Text("kind") == "Job" && owner.Text("name") == key.Name));
            return;
        }

        var pods = _pods.ByOwner()[job.Uid()].ToList();
        if (job.IsTerminating() || IsOver(job))
        {
            Release(pods.Where(p => p.IsFinished() || p.IsTerminating()));
            Expire(job, now);
            return;
        }

        var status = job.ObjectAt("status")?.Copy() ?? [];
        if (job.IsTrue("spec", "suspend"))
            Suspend(job, status, now);
        else
            PodSpecTime(status, now);
        Count(status, pods);
        var verdict = Judge(job, status, pods, now);
        var active = pods.Where(p => p.IsActive()).ToList();
        if (verdict is not null || job.IsTrue("spec", "suspend"))
        {
            foreach (var pod in active)
                Api.Delete(Resources.Pods, pod.Namespace(), pod.Name(), pod.Uid());
            active.Clear();
        }
        else
            active.AddRange(CreateMissing(job, status, pods, active.Count, now));
        Write(job, status, active, pods.Count(p => p.IsTerminating()), verdict, now);
        Release(pods.Where(IsLost));
    }

    /// <summary>It will not run any more: it has ended, or it was deleted before it had a node.</summary>
    private static bool IsLost(JsonObject pod) => pod.IsFinished()
        || (pod.IsTerminating() && string.IsNullOrEmpty(pod.Text("spec", "nodeName")));

    private static bool IsOver(JsonObject job) =>
        job.Condition("Complete")?.Text("status") == "True" || job.Condition("Failed")?.Text("status") == "True";

    private static void PodSpecTime(JsonObject status, DateTimeOffset now)
    {
        if (status["startTime"] is null)
            status["startTime"] = now.Stamp();
    }

    /// <summary>The clock of a suspended Job stands still, and its status says so.</summary>
    private void Suspend(JsonObject job, JsonObject status, DateTimeOffset now)
    {
        status.Remove("startTime");
        if (job.Condition("Suspended")?.Text("status") == "True")
            return;
        status["conditions"] = new JsonArray(
            Condition("Suspended", ("Suspended", "JobSuspended", "Job suspended"), now));
        _events.Normal("batch/v1", "Job", job, "Suspended", "Job suspended");
    }

    /// <summary>Finished pods that carry the tracking finalizer have not been counted yet.</summary>
    private static void Count(JsonObject status, List<JsonObject> pods)
    {
        foreach (var pod in pods.Where(p => IsLost(p) && p.TextsAt("metadata", "finalizers").Contains(Tracking)))
        {
            var field = pod.Phase() == "Succeeded" ? "succeeded" : "failed";
            status[field] = (status.Number(field) ?? 0) + 1;
        }
    }

    private (string Type, string Reason, string Message)? Judge(JsonObject job, JsonObject status,
        List<JsonObject> pods, DateTimeOffset now)
    {
        if ((status.Number("succeeded") ?? 0) >= (job.Number("spec", "completions") ?? 1))
            return ("Complete", "CompletionsReached", "Reached expected number of succeeded pods");
        var attempts = (status.Number("failed") ?? 0) + pods.Where(p => p.IsActive())
            .Sum(p => p.ObjectsAt("status", "containerStatuses").Sum(c => c.Number("restartCount") ?? 0));
        if (attempts > (job.Number("spec", "backoffLimit") ?? 6))
            return ("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        if (job.Number("spec", "activeDeadlineSeconds") is { } seconds && status.Moment("startTime") is { } start)
        {
            if (start.AddSeconds(seconds) <= now)
                return ("Failed", "DeadlineExceeded", "Job was active longer than specified deadline");
            WakeAt(job.Key(), start.AddSeconds(seconds));
        }

        return null;
    }

    private List<JsonObject> CreateMissing(JsonObject job, JsonObject status, List<JsonObject> pods, int active,
        DateTimeOffset now)
    {
        var made = new List<JsonObject>();
        var left = (job.Number("spec", "completions") ?? 1) - (status.Number("succeeded") ?? 0);
        var wanted = Math.Min(left, job.Number("spec", "parallelism") ?? 1) - active;
        if (wanted > 0 && NextAttempt(status, pods) is { } at && at > now)
        {
            WakeAt(job.Key(), at);
            return made;
        }

        for (var i = 0; i < wanted; i++)
        {
            var pod = PodTemplate.Stamp(job.ObjectAt("spec", "template")!, job.Namespace(),
                PodTemplate.OwnerReference("batch/v1", "Job", job));
            pod.Ensure("metadata")["generateName"] = job.Name() + "-";
            pod.Ensure("metadata")["finalizers"] = new JsonArray(Tracking);
            var created = Api.Create(Resources.Pods, job.Namespace(), pod);
            made.Add(created);
            _events.Normal("batch/v1", "Job", job, "SuccessfulCreate", $"Created pod: {created.Name()}");
        }

        return made;
    }

    /// <summary>After a failure the next pod waits: ten seconds, then twice as long each time.</summary>
    private static DateTimeOffset? NextAttempt(JsonObject status, List<JsonObject> pods)
    {
        var failures = status.Number("failed") ?? 0;
        var last = pods.Where(p => p.Phase() == "Failed").SelectMany(p => p.ObjectsAt("status", "containerStatuses"))
            .Max(c => c.Moment("state", "terminated", "finishedAt"));
        if (failures == 0 || last is null)
            return null;
        var pause = TimeSpan.FromSeconds(10 * Math.Pow(2, Math.Min(failures - 1, 10)));
        return last + (pause < LongestPause ? pause : LongestPause);
    }

    private void Write(JsonObject job, JsonObject status, List<JsonObject> active, int terminating,
        (string Type, string Reason, string Message)? verdict, DateTimeOffset now)
    {
        Put("active", active.Count, keepZero: false);
        status["terminating"] = (long)terminating;
        status["uncountedTerminatedPods"] = new JsonObject();
        status["ready"] = (long)active.Count(p => p.IsReady());
        if (verdict is { } end)
        {
            var met = end.Type == "Complete" ? "SuccessCriteriaMet" : "FailureTarget";
            status["conditions"] = new JsonArray(Condition(met, end, now), Condition(end.Type, end, now));
            if (end.Type == "Complete")
                status["completionTime"] = now.Stamp();
            if (end.Type == "Complete")
                _events.Normal("batch/v1", "Job", job, "Completed", "Job completed");
            else
                _events.Warning("batch/v1", "Job", job, end.Reason, end.Message);
        }

        PutStatus(Resources.Jobs, job, status);

        void Put(string field, int count, bool keepZero)
        {
            if (count > 0 || keepZero)
                status[field] = (long)count;
            else
                status.Remove(field);
        }
    }

    private static JsonObject Condition(string type, (string Type, string Reason, string Message) end,
        DateTimeOffset now) => new()
        {
            ["type"] = type,
            ["status"] = "True",
            ["lastProbeTime"] = now.Stamp(),
            ["lastTransitionTime"] = now.Stamp(),
            ["reason"] = end.Reason,
            ["message"] = end.Message,
        };

    private void Release(IEnumerable<JsonObject> pods)
    {
        foreach (var pod in pods.Where(p => p.TextsAt("metadata", "finalizers").Contains(Tracking)).ToList())
        {
            var released = pod.Copy();
            var finalizers = (JsonArray)released["metadata"]!["finalizers"]!;
            finalizers.Remove(finalizers.First(f => f.Text() == Tracking));
            released.Ensure("metadata").Remove("resourceVersion");
            try
            {
                Api.Update(Resources.Pods, released);
            }
            catch (ApiFault fault) when (fault.Code == 404)
            {
                // The pod went away meanwhile; it has been counted.
            }
        }
    }

    private void Expire(JsonObject job, DateTimeOffset now)
    {
        if (job.IsTerminating() || job.Number("spec", "ttlSecondsAfterFinished") is not { } seconds)
            return;
        var end = job.ObjectsAt("status", "conditions").Max(c => c.Moment("lastTransitionTime")) ?? now;
        if (end.AddSeconds(seconds) > now)
            WakeAt(job.Key(), end.AddSeconds(seconds));
        else
            Api.Delete(Resources.Jobs, job.Namespace(), job.Name(), job.Uid());
    }
}
