using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>What the operator remembers of a StatefulSet.</summary>
public sealed record ObservedStatefulSet : Observed
{
    public ObservedStatefulSet() { }

    private ObservedStatefulSet(Observed metadata) : base(metadata) { }

    /// <summary>The replicas that its spec asks for.</summary>
    public int Replicas { get; init; }

    /// <summary>The pods that its status counts, ready, of the current and of the newest revision.</summary>
    public int StatusReplicas { get; init; }
    public int ReadyReplicas { get; init; }
    public int CurrentReplicas { get; init; }
    public int UpdatedReplicas { get; init; }

    public string CurrentRevision { get; init; } = "";
    public string UpdateRevision { get; init; } = "";

    /// <summary>
    /// The generation that Kubernetes has acted upon; the status is older while it is below Generation.
    /// </summary>
    public long ObservedGeneration { get; init; }

    /// <summary><c>OnDelete</c> for ours, <c>RollingUpdate</c> for one that v1 made.</summary>
    public string UpdateStrategy { get; init; } = "";

    /// <summary>Our annotations on its pod template.</summary>
    public string TemplateIntent { get; init; } = "";
    public string TemplateVersion { get; init; } = "";

    /// <summary>The image of the container that has the component's name.</summary>
    public string Image { get; init; } = "";

    /// <summary>The ConfigMaps that its template names.</summary>
    public IReadOnlyList<string> ConfigMaps { get; init; } = [];

    public static ObservedStatefulSet Read(JsonElement item)
    {
        var metadata = Read(item, "apps/v1", "StatefulSet");
        var spec = item.At("spec");
        var status = item.At("status");
        var annotations = spec.At("template", "metadata").At("annotations");
        var podSpec = spec.At("template", "spec");
        return new ObservedStatefulSet(metadata)
        {
            Replicas = spec.Number("replicas"),
            StatusReplicas = status.Number("replicas"),
            ReadyReplicas = status.Number("readyReplicas"),
            CurrentReplicas = status.Number("currentReplicas"),
            UpdatedReplicas = status.Number("updatedReplicas"),
            CurrentRevision = status.Text("currentRevision"),
            UpdateRevision = status.Text("updateRevision"),
            ObservedGeneration = status.LongNumber("observedGeneration"),
            UpdateStrategy = spec.At("updateStrategy").Text("type"),
            TemplateIntent = annotations.Text(Kubernetes.Labels.Intent),
            TemplateVersion = annotations.Text(Kubernetes.Labels.TemplateVersion),
            Image = PodTemplateReading.MainImage(podSpec, metadata.Component),
            ConfigMaps = PodTemplateReading.ConfigMaps(podSpec),
        };
    }
}

/// <summary>What the operator remembers of a Deployment.</summary>
public sealed record ObservedDeployment : Observed
{
    public ObservedDeployment() { }

    private ObservedDeployment(Observed metadata) : base(metadata) { }

    public int Replicas { get; init; }
    public int ReadyReplicas { get; init; }
    public int UpdatedReplicas { get; init; }
    public int AvailableReplicas { get; init; }
    public long ObservedGeneration { get; init; }

    /// <summary>Why its pods cannot be made, in the API server's words; empty for nothing.</summary>
    public string Failure { get; init; } = "";

    public string TemplateIntent { get; init; } = "";
    public string Image { get; init; } = "";
    public IReadOnlyList<string> ConfigMaps { get; init; } = [];

    public static ObservedDeployment Read(JsonElement item)
    {
        var metadata = Read(item, "apps/v1", "Deployment");
        var spec = item.At("spec");
        var status = item.At("status");
        var podSpec = spec.At("template", "spec");
        return new ObservedDeployment(metadata)
        {
            Replicas = spec.Number("replicas"),
            ReadyReplicas = status.Number("readyReplicas"),
            UpdatedReplicas = status.Number("updatedReplicas"),
            AvailableReplicas = status.Number("availableReplicas"),
            ObservedGeneration = status.LongNumber("observedGeneration"),
            Failure = FailureOf(status),
            TemplateIntent = spec.At("template", "metadata").At("annotations").Text(Kubernetes.Labels.Intent),
            Image = PodTemplateReading.MainImage(podSpec, metadata.Component),
            ConfigMaps = PodTemplateReading.ConfigMaps(podSpec),
        };
    }

    private static string FailureOf(JsonElement status)
    {
        foreach (var condition in status.Items("conditions"))
        {
            if (condition.Text("type") == "ReplicaFailure" && condition.Text("status") == "True")
                return condition.Text("message");
        }

        return "";
    }
}
