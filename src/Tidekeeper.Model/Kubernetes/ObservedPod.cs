using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>What the operator remembers of a pod.</summary>
public sealed record ObservedPod : Observed
{
    public ObservedPod() { }

    private ObservedPod(Observed metadata) : base(metadata) { }

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string Phase { get; init; } = "";

    public bool Ready { get; init; }

    /// <summary>Since when it is ready; null when it is not.</summary>
    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>Why it has no node yet, for example <c>Unschedulable</c>; empty once it is scheduled.</summary>
    public string UnscheduledReason { get; init; } = "";
    public string UnscheduledMessage { get; init; } = "";

    /// <summary>The node's name, empty while the pod has none.</summary>
    public string Node { get; init; } = "";
    public string PodIP { get; init; } = "";

    /// <summary>The StatefulSet's revision that the pod was made from.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The hash of the user's intent that the pod was made from.</summary>
    public string Intent { get; init; } = "";

    /// <summary>The version of our template that the pod was made from.</summary>
    public string TemplateVersion { get; init; } = "";

    /// <summary>The configuration keys that its file sets and that its process can change.</summary>
    public string OnlineConfig { get; init; } = "";

    /// <summary>Whether v1 made it, and it has been compared with the spec since.</summary>
    public bool IsAdopted { get; init; }

    /// <summary>What that comparison found; empty when it is as the spec wants it.</summary>
    public string AdoptedWith { get; init; } = "";

    public DateTimeOffset? Started { get; init; }

    /// <summary>What somebody annotated to have it restarted once; empty when nobody did.</summary>
    public string RestartWish { get; init; } = "";

    /// <summary>Whether somebody annotated that it shall not lead: regions of TiKV, or PD.</summary>
    public bool ShallNotLead { get; init; }

    /// <summary>Of the container that restarted most: a machine that was off restarts all, which is one.</summary>
    public int Restarts { get; init; }

    /// <summary>
    /// Why its first waiting container waits, for example <c>ImagePullBackOff</c>; empty when none waits.
    /// </summary>
    public string WaitingReason { get; init; } = "";
    public string WaitingMessage { get; init; } = "";

    /// <summary>How a container of it last ended, for example <c>OOMKilled</c>; empty when none ever ended.</summary>
    public string TerminationReason { get; init; } = "";
    public int? ExitCode { get; init; }

    /// <summary>The ConfigMaps that its volumes and environments name, in ordinal order, each once.</summary>
    public IReadOnlyList<string> ConfigMaps { get; init; } = [];

    /// <summary>Its containers and the images that the spec gives them, in the order of the spec.</summary>
    public IReadOnlyList<ContainerImage> Images { get; init; } = [];

    /// <summary>The number after the last dash of its name; -1 when there is none.</summary>
    public int Ordinal =>
        int.TryParse(Name.AsSpan(Name.LastIndexOf('-') + 1), out var ordinal) ? ordinal : -1;

    public static ObservedPod Read(JsonElement item)
    {
        var spec = item.At("spec");
        var status = item.At("status");
        var annotations = item.At("metadata", "annotations");
        var ready = status.Condition("Ready");
        var scheduled = status.Condition("PodScheduled");
        var unscheduled = scheduled.Text("status") == "False";
        var containers = PodContainers.Read(status);
        var metadata = Read(item, "v1", "Pod");
        return new ObservedPod(metadata)
        {
            Phase = status.Text("phase"),
            Ready = ready.Text("status") == "True",
            ReadySince = ready.Text("status") == "True" ? ready.Time("lastTransitionTime") : null,
            UnscheduledReason = unscheduled ? scheduled.Text("reason") : "",
            UnscheduledMessage = unscheduled ? scheduled.Text("message") : "",
            Node = spec.Text("nodeName"),
            PodIP = status.Text("podIP"),
            Revision = metadata.Labels.GetValueOrDefault(Kubernetes.Labels.ControllerRevision, ""),
            Intent = annotations.Text(Kubernetes.Labels.Intent),
            TemplateVersion = annotations.Text(Kubernetes.Labels.TemplateVersion),
            OnlineConfig = annotations.Text(Kubernetes.Labels.OnlineConfig),
            IsAdopted = annotations.At(Kubernetes.Labels.Adopted).ValueKind == JsonValueKind.String,
            AdoptedWith = annotations.Text(Kubernetes.Labels.Adopted),
            Started = status.Time("startTime"),
            RestartWish = RestartWishOf(annotations),
            ShallNotLead = annotations.Text(Kubernetes.Labels.EvictLeader) == "none"
                || annotations.Text(Kubernetes.Labels.TransferLeader) == "none",
            Restarts = containers.Restarts,
            WaitingReason = containers.WaitingReason,
            WaitingMessage = containers.WaitingMessage,
            TerminationReason = containers.TerminationReason,
            ExitCode = containers.ExitCode,
            ConfigMaps = PodTemplateReading.ConfigMaps(spec),
            Images = PodTemplateReading.Images(spec),
        };
    }

    private static string RestartWishOf(JsonElement annotations)
    {
        if (annotations.Text(Kubernetes.Labels.Restart) is { Length: > 0 } own)
            return own;
        var asV1 = annotations.Text(Kubernetes.Labels.EvictLeader) == "delete-pod"
            || annotations.Text(Kubernetes.Labels.TransferLeader) == "delete-pod"
            || annotations.Text(Kubernetes.Labels.GracefulShutdown) == "delete-pod";
        return asV1 ? "delete-pod" : "";
    }
}

/// <summary>A container and the image that its spec names.</summary>
public sealed record ContainerImage(string Container, string Image);
