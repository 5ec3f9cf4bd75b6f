using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>CronJobs: a schedule, and the Job that it makes.</summary>
internal sealed class CronJobRules : IKindRules
{
    // A Job's name is the CronJob's with a hyphen and ten digits, and has to fit into a label.
    private const int LongestName = 52;

    public string GroupKind => "CronJob.batch";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        spec.FillIn("concurrencyPolicy", "Allow");
        PodSpecDefaults.Set(spec, "suspend", false);
        PodSpecDefaults.Set(spec, "successfulJobsHistoryLimit", 3L);
        PodSpecDefaults.Set(spec, "failedJobsHistoryLimit", 1L);
        spec.Section("jobTemplate").Section("metadata");
        PodSpecDefaults.FillTemplate(item, "spec", "jobTemplate", "spec", "template");
    }

    public void PrepareCreate(JsonObject item, KindContext context) => item["status"] = new JsonObject();

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        Validate(item, null, errors);
        if (item.Name().Length > LongestName)
            errors.Invalid("metadata.name", item.Name(), $"must be no more than {LongestName} characters");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => Validate(item, old, errors);

    private static void Validate(JsonObject item, JsonObject? old, FieldErrors errors)
    {
        var spec = item.ObjectAt("spec") ?? [];
        CheckSchedule(spec, old?.Text("spec", "schedule"), errors);
        errors.NotNegative(spec, "spec", "startingDeadlineSeconds");
        if (spec.Text("timeZone") is { } zone && zone != old?.Text("spec", "timeZone"))
            CheckZone(zone, errors);
        if (spec.Text("concurrencyPolicy") is not ("Allow" or "Forbid" or "Replace"))
            errors.Unsupported("spec.concurrencyPolicy", spec["concurrencyPolicy"], "Allow", "Forbid", "Replace");
        CheckTemplate(spec.ObjectAt("jobTemplate", "spec") ?? [], "spec.jobTemplate.spec", errors);
        errors.NotNegative(spec, "spec", "successfulJobsHistoryLimit", "failedJobsHistoryLimit");
    }

    private static void CheckSchedule(JsonObject spec, string? before, FieldErrors errors)
    {
        const string Path = "spec.schedule";
        var schedule = spec.Text("schedule") ?? "";
        if (schedule.Length == 0)
        {
            errors.Required(Path);
            return;
        }

        if (CronSchedule.TryParse(schedule, out var problem) is null)
            errors.Invalid(Path, schedule, problem);
        var hasZone = schedule.Contains("TZ", StringComparison.Ordinal);
        if (hasZone && before?.Contains("TZ", StringComparison.Ordinal) != true)
        {
            errors.Invalid(Path, schedule,
                "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
        else if (hasZone && spec["timeZone"] is not null)
            errors.Invalid(Path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
    }

    private static void CheckZone(string zone, FieldErrors errors)
    {
        const string Path = "spec.timeZone";
        if (zone.Length == 0)
            errors.Invalid(Path, zone, "timeZone must be nil or non-empty string");
        else if (zone.Equals("local", StringComparison.OrdinalIgnoreCase))
        {
            errors.Invalid(Path, zone,
                "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        else if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            errors.Invalid(Path, zone, "unknown time zone " + zone);
    }

    private static void CheckTemplate(JsonObject job, string path, FieldErrors errors)
    {
        JobValidation.Check(job, path, errors);
        if (job.ObjectAt("selector") is { } selector)
            errors.Invalid(path + ".selector", selector.DeepClone(), "`selector` will be auto-generated");
        if (job.Flag("manualSelector") == true)
            errors.Unsupported(path + ".manualSelector", true, "nil", "false");
    }
}
