using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>PD's pods.</summary>
internal static class PdPods
{
    public const string DataPath = "/var/lib/pd";

    public static PodParts Of(Component component, PdSpec spec, string configMap)
    {
        var client = TidbPorts.PdClient(component.Cluster);
        var peer = TidbPorts.PdPeer(component.Cluster);
        var environment = new PodEnvironment(component)
            .Value("SERVICE_NAME", component.SetName)
            .Value("TIDEKEEPER_CLIENT_PORT", client.ToString())
            .Value("TIDEKEEPER_PEER_PORT", peer.ToString())
            .Value("TIDEKEEPER_DATA_DIR", DataDirectory.Of(DataPath, spec.DataSubDir))
            .Value("TIDEKEEPER_START_TIMEOUT", (spec.StartTimeout ?? 30).ToString());
        if (StartsWithoutDns(component.Cluster))
            environment.Value("TIDEKEEPER_WAIT_DNS", "no");

        var parts = new PodParts
        {
            MetricsPort = client,
            Main = new JsonObject
            {
                ["name"] = component.Name,
                ["image"] = component.Image,
                ["imagePullPolicy"] = component.PullPolicy,
                ["command"] = new JsonArray("/bin/sh", $"{Volumes.ScriptPath}/pd_start_script.sh"),
                ["ports"] = new JsonArray(Container.Port("server", peer), Container.Port("client", client)),
                ["env"] = environment.With(spec.Env),
                ["resources"] = Container.Resources(spec.Requests, spec.Limits),
                ["readinessProbe"] = Container.Readiness(component, client),
                ["securityContext"] = PodSecurity.ForContainer(spec.SecurityContext),
                ["volumeMounts"] = new JsonArray(
                    Container.ReadOnlyMount(Volumes.PodInfo, Volumes.PodInfoPath),
                    Container.ReadOnlyMount(Volumes.Config, "/etc/pd"),
                    Container.ReadOnlyMount(Volumes.Script, Volumes.ScriptPath),
                    Container.Mount(component.Name, DataPath))
            }
        };
        parts.Volumes.Add(Volumes.OfPodInfo());
        parts.Volumes.Add(Volumes.OfConfigMap(Volumes.Config, configMap, (ConfigFiles.ConfigKey, "pd.toml")));
        parts.Volumes.Add(
            Volumes.OfConfigMap(Volumes.Script, configMap, (ConfigFiles.ScriptKey, "pd_start_script.sh")));
        parts.Claims.Add(Volumes.DataClaim(component));
        return parts;
    }

    /// <summary>Whether a member starts before it finds its own name in DNS.</summary>
    public static bool StartsWithoutDns(TidbCluster cluster) =>
        cluster.Spec.StartScriptV2FeatureFlags?.Contains("NoWaitDNS", StringComparer.Ordinal) == true;
}
