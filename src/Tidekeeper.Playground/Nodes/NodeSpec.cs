using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;

namespace Tidekeeper.Playground.Nodes;

/// <summary>A machine of the playground: where it stands and what it has.</summary>
public sealed record NodeSpec(string Name, string Zone)
{
    public string Region { get; init; } = "playground";
    public string Cpu { get; init; } = "64";
    public string Memory { get; init; } = "256Gi";
    public int Pods { get; init; } = 1000;

    /// <summary>Labels besides those that every node has.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new SortedDictionary<string, string>();

    /// <summary>Taints as <c>key=effect</c>.</summary>
    public IReadOnlyList<string> Taints { get; init; } = [];

    internal JsonObject ToObject()
    {
        var labels = new JsonObject
        {
            ["beta.kubernetes.io/arch"] = "amd64",
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["kubernetes.io/hostname"] = Name,
            ["kubernetes.io/os"] = "linux",
            ["topology.kubernetes.io/region"] = Region,
            ["topology.kubernetes.io/zone"] = Zone,
        };
        foreach (var (label, value) in Labels)
            labels[label] = value;
        var spec = new JsonObject();
        if (Taints.Count > 0)
        {
            spec["taints"] = new JsonArray([.. Taints.Select(t => t.Split('=', 2)).Select(t => new JsonObject
            {
                ["key"] = t[0], ["effect"] = t.Length > 1 ? t[1] : "NoSchedule",
            })]);
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = Name, ["labels"] = labels },
            ["spec"] = spec,
        };
    }

    internal JsonObject Status(string address, DateTimeOffset now)
    {
        var capacity = new JsonObject
        {
            ["cpu"] = Cpu,
            ["ephemeral-storage"] = "1Ti",
            ["hugepages-1Gi"] = "0",
            ["hugepages-2Mi"] = "0",
            ["memory"] = Memory,
            ["pods"] = Pods.ToString(),
        };
        return new JsonObject
        {
            ["capacity"] = capacity,
            ["allocatable"] = capacity.DeepClone(),
            ["conditions"] = new JsonArray(
                Condition("MemoryPressure", "False", "KubeletHasSufficientMemory",
                    "kubelet has sufficient memory available"),
                Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")),
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = address },
                new JsonObject { ["type"] = "Hostname", ["address"] = Name }),
            ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = 10250L } },
            ["nodeInfo"] = new JsonObject
            {
                ["machineID"] = Name,
                ["systemUUID"] = Name,
                ["bootID"] = Name,
                ["kernelVersion"] = "6.1.0",
                ["osImage"] = "Tidekeeper playground (simulated)",
                ["containerRuntimeVersion"] = "playground://1",
                ["kubeletVersion"] = "v1.36.2",
                ["kubeProxyVersion"] = "",
                ["operatingSystem"] = "linux",
                ["architecture"] = "amd64",
            },
        };

        JsonObject Condition(string type, string status, string reason, string message) => new()
        {
            ["type"] = type,
            ["status"] = status,
            ["lastHeartbeatTime"] = now.Stamp(),
            ["lastTransitionTime"] = now.Stamp(),
            ["reason"] = reason,
            ["message"] = message,
        };
    }
}
