using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Makes a Job whenever a CronJob's schedule says so, and clears away those that have ended.</summary>
public sealed class CronJobController : Controller
{
    private const string Scheduled = "batch.kubernetes.io/cronjob-scheduled-timestamp";
    private readonly Feed _crons;
    private readonly Feed _jobs;
    private readonly EventRecorder _events;

    public CronJobController(Cluster cluster) : base(cluster, "cronjob-controller")
    {
        _crons = Follow(Resources.CronJobs);
        _jobs = FollowOwned(Resources.Jobs, "CronJob");
        _events = new EventRecorder(Api, Name, cluster.World.Time.GetUtcNow);
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_crons.Get(key) is not { } cron || cron.IsTerminating())
            return;
        var jobs = _jobs.ByOwner()[cron.Uid()].ToList();
        var status = cron.ObjectAt("status")?.Copy() ?? [];
        Note(cron, status, jobs);
        Clear(cron, jobs, "Complete", "successfulJobsHistoryLimit", 3);
        Clear(cron, jobs, "Failed", "failedJobsHistoryLimit", 1);
        if (!cron.IsTrue("spec", "suspend"))
            Start(cron, status, jobs, now);
        if (status.Count > 0 || cron["status"] is not null)
            PutStatus(Resources.CronJobs, cron, status);
    }

    private static bool IsOver(JsonObject job, string condition) =>
        job.Condition(condition)?.Text("status") == "True";

    private static bool IsActive(JsonObject job) => !IsOver(job, "Complete") && !IsOver(job, "Failed");

    private void Note(JsonObject cron, JsonObject status, List<JsonObject> jobs)
    {
        foreach (var job in jobs.Where(job => !IsActive(job)))
        {
            if (status.ObjectsAt("active").Any(each => each.Text("uid") == job.Uid()))
            {
                _events.Normal("batch/v1", "CronJob", cron, "SawCompletedJob",
                    $"Saw completed job: {job.Name()}, condition: {(IsOver(job, "Complete") ? "Complete" : "Failed")}");
            }

            if (IsOver(job, "Complete") && job.Moment("status", "completionTime") is { } done
                && done > (status.Moment("lastSuccessfulTime") ?? DateTimeOffset.MinValue))
                status["lastSuccessfulTime"] = done.Stamp();
        }

        SetActive(status, jobs.Where(IsActive));
    }

    private static void SetActive(JsonObject status, IEnumerable<JsonObject> jobs)
    {
        var active = new JsonArray([.. jobs.OrderBy(job => job.Name(), StringComparer.Ordinal).Select(job =>
            (JsonNode)new JsonObject
            {
                ["kind"] = "Job",
                ["namespace"] = job.Namespace(),
                ["name"] = job.Name(),
                ["uid"] = job.Uid(),
                ["apiVersion"] = "batch/v1",
                ["resourceVersion"] = job.Text("metadata", "resourceVersion"),
            })]);

        // The version is that at which the Job was first seen: it must not change the status again and again.
        foreach (var entry in active.OfType<JsonObject>())
        {
            if (status.ObjectsAt("active").FirstOrDefault(each => each.Text("uid") == entry.Text("uid")) is { } known)
                entry["resourceVersion"] = known["resourceVersion"]?.DeepClone();
        }

        if (active.Count > 0)
            status["active"] = active;
        else
            status.Remove("active");
    }

    private void Clear(JsonObject cron, List<JsonObject> jobs, string condition, string limit, long usual)
    {
        var over = jobs.Where(job => IsOver(job, condition))
            .OrderBy(job => job.Text("metadata", "creationTimestamp"), StringComparer.Ordinal).ToList();
        foreach (var job in over.Take((int)Math.Max(0, over.Count - (cron.Number("spec", limit) ?? usual))))
        {
            Api.Delete(Resources.Jobs, job.Namespace(), job.Name(), job.Uid());
            _events.Normal("batch/v1", "CronJob", cron, "SuccessfulDelete", $"Deleted job {job.Name()}");
        }
    }

    private void Start(JsonObject cron, JsonObject status, List<JsonObject> jobs, DateTimeOffset now)
    {
        if (CronSchedule.TryParse(cron.Text("spec", "schedule") ?? "", out _) is not { } schedule)
            return;
        var zone = cron.Text("spec", "timeZone") is { } name
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;
        var since = status.Moment("lastScheduleTime") ?? cron.Moment("metadata", "creationTimestamp") ?? now;
        if (cron.Number("spec", "startingDeadlineSeconds") is { } seconds && since < now.AddSeconds(-seconds))
            since = now.AddSeconds(-seconds);
        var due = Latest(schedule, TimeZoneInfo.ConvertTime(since, zone), now);
        if (schedule.After(TimeZoneInfo.ConvertTime(now, zone)) is { } next)
            WakeAt(cron.Key(), next);
        if (due is not { } at)
            return;
        var active = jobs.Where(IsActive).ToList();
        if (active.Count > 0 && cron.Text("spec", "concurrencyPolicy") == "Forbid")
        {
            _events.Normal("batch/v1", "CronJob", cron, "JobAlreadyActive",
                "Not starting job because prior execution is running and concurrency policy is Forbid");
            return;
        }

        if (cron.Text("spec", "concurrencyPolicy") == "Replace")
        {
            foreach (var job in active)
                Api.Delete(Resources.Jobs, job.Namespace(), job.Name(), job.Uid());
            active.Clear();
        }

        active.Add(Create(cron, at));
        status["lastScheduleTime"] = at.Stamp();
        SetActive(status, active);
    }

    /// <summary>Of the moments that have passed, only the last one counts.</summary>
    private static DateTimeOffset? Latest(CronSchedule schedule, DateTimeOffset since, DateTimeOffset now)
    {
        DateTimeOffset? latest = null;
        for (var at = schedule.After(since); at is { } passed && passed <= now; at = schedule.After(passed))
            latest = passed;
        return latest;
    }

    private JsonObject Create(JsonObject cron, DateTimeOffset at)
    {
        var minutes = at.ToUnixTimeSeconds() / 60;
        var template = cron.ObjectAt("spec", "jobTemplate")!;
        var annotations = template.ObjectAt("metadata", "annotations")?.Copy() ?? [];
        annotations[Scheduled] = at.Stamp();
        var metadata = new JsonObject
        {
            ["name"] = $"{cron.Name()}-{minutes}",
            ["namespace"] = cron.Namespace(),
            ["annotations"] = annotations,
            ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference("batch/v1", "CronJob", cron)),
        };
        if (template.ObjectAt("metadata", "labels") is { } labels)
            metadata["labels"] = labels.DeepClone();
        var made = Api.Create(Resources.Jobs, cron.Namespace(), new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = metadata,
            ["spec"] = template["spec"]!.DeepClone(),
        });
        _events.Normal("batch/v1", "CronJob", cron, "SuccessfulCreate", $"Created job {made.Name()}");
        return made;
    }
}
