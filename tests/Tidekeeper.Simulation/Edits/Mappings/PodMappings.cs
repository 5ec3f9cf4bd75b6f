using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>Properties that every component has, and that its pod template shows.</summary>
internal static class PodMappings
{
    private static readonly string[] OursInEnvironment =
    [
        "NAMESPACE", "POD_NAME", "CLUSTER_NAME", "PEER_SERVICE_NAME", "HEADLESS_SERVICE_NAME", "SET_NAME", "TZ",
        "SERVICE_NAME", "CAPACITY", "BINLOG_ENABLED", "SLOW_LOG_FILE", "MY_POD_NAMESPACE", "TC_NAME", "TC_TLS_ENABLED",
        "HOSTNAME",
    ];

    private static readonly string[] OurContainers =
    [
        "init", "sysctl", "slowlog", "raftlog", "rocksdblog", "serverlog", "errorlog", "clusterlog",
        .. View.Replicated, "discovery",
    ];

    private static readonly string[] OurVolumes =
        ["annotations", "config", "startup-script", "slowlog", "bootstrap-sql"];

    public static IReadOnlyList<Mapping> All { get; } =
    [
        Of("affinity", "affinity", (v, c) => v.Either(c, "affinity")),
        Of("priorityClassName", "priorityClassName", (v, c) => v.Either(c, "priorityClassName")),
        Of("schedulerName", "schedulerName", (v, c) => v.Either(c, "schedulerName") ?? "default-scheduler"),
        Of("dnsConfig", "dnsConfig", (v, c) => v.Either(c, "dnsConfig")),
        Of("hostNetwork", "hostNetwork", (v, c) => v.Either(c, "hostNetwork").Flag() == true ? true : null),
        Of("dnsPolicy", "dnsPolicy", (v, c) => v.Either(c, "hostNetwork").Flag() == true
            ? "ClusterFirstWithHostNet" : v.Either(c, "dnsPolicy") ?? "ClusterFirst"),
        Of("tolerations", "tolerations", Tolerations),
        Of("nodeSelector", "nodeSelector", (v, c) => v.Merged(c, "nodeSelector")),
        new(["spec.imagePullSecrets[].name", "spec.{p}.imagePullSecrets[].name"], Reach.Nobody,
            "template.spec.imagePullSecrets", (v, c) => [PodClaim(v, c, "imagePullSecrets",
                v.Either(c, "imagePullSecrets"))]),
        new(["spec.imagePullPolicy", "spec.{p}.imagePullPolicy"], Reach.Nobody, "main container: imagePullPolicy",
            (v, c) => [InMain(v, c, "imagePullPolicy", v.Either(c, "imagePullPolicy") ?? "IfNotPresent")]),
        new(["spec.annotations", "spec.{p}.annotations"], Reach.All, "template.metadata.annotations", Annotations),
        new(["spec.labels", "spec.{p}.labels"], Reach.All, "template.metadata.labels; the operator's own win",
            LabelsOf),
        new(["spec.podSecurityContext", "spec.{p}.podSecurityContext"], Reach.All, "template.spec.securityContext",
            (v, c) => [PodClaim(v, c, "securityContext", v.Either(c, "podSecurityContext") ?? new JsonObject
            {
                ["runAsNonRoot"] = true, ["runAsUser"] = 1000, ["runAsGroup"] = 1000, ["fsGroup"] = 1000,
            })]),
        new(["spec.{p}.securityContext"], Reach.Component, "main container: securityContext", (v, c) =>
            [InMain(v, c, "securityContext", v.Spec[c]?["securityContext"]
                ?? (v.Spec[c].Flag("privileged") == true ? new JsonObject { ["privileged"] = true }
                    : new JsonObject { ["allowPrivilegeEscalation"] = false }))]),
        new([.. Each("topologySpreadConstraints", "topologyKey", "maxSkew", "minDomains", "nodeAffinityPolicy",
            "matchLabels")], Reach.All, "template.spec.topologySpreadConstraints, DoNotSchedule", Spread)
            { Components = [.. View.Replicated, "discovery"] },
        new(["spec.{p}.env"], Reach.Component, "main container: env; names of the operator keep its value",
            Environment),
        new(["spec.{p}.envFrom"], Reach.Component, "main container: envFrom",
            (v, c) => [InMain(v, c, "envFrom", v.Spec[c]?["envFrom"])]),
        new(["spec.{p}.initContainers"], Reach.Component, "template.spec.initContainers",
            (v, c) => [Named(v, c, "initContainers", OurContainers, v.Spec[c]?["initContainers"])]),
        new(["spec.{p}.additionalContainers"], Reach.Component, "template.spec.containers, or merged into the main one",
            (v, c) => [Named(v, c, "containers", OurContainers, v.Spec[c]?["additionalContainers"])]),
        new(["spec.{p}.additionalVolumes"], Reach.Component, "template.spec.volumes",
            (v, c) => [Named(v, c, "volumes", OurVolumes, v.Spec[c]?["additionalVolumes"])]),
        new(["spec.{p}.additionalVolumeMounts"], Reach.Component, "main container: volumeMounts", Mounts),
        new(["spec.{p}.terminationGracePeriodSeconds"], Reach.Component, "template.spec.terminationGracePeriodSeconds",
            (v, c) => [PodClaim(v, c, "terminationGracePeriodSeconds",
                v.Spec[c]?["terminationGracePeriodSeconds"] ?? 30)]),
        new(["spec.{p}.readinessProbe.type", "spec.{p}.readinessProbe.initialDelaySeconds",
            "spec.{p}.readinessProbe.periodSeconds"], Reach.Component, "main container: readinessProbe", Readiness),
        new(["spec.{p}.requests", "spec.{p}.limits"], Reach.Component,
            "main container: resources; storage of PD and TiKV: volumeClaimTemplates", Resources),
    ];

    private static Mapping Of(string field, string place, Func<View, string, JsonNode?> asked) =>
        new([$"spec.{field}", $"spec.{{p}}.{field}"], Reach.All, $"template.spec.{place}",
            (v, c) => [PodClaim(v, c, place, asked(v, c))]);

    private static IEnumerable<string> Each(string list, params string[] fields) => fields.SelectMany(
        field => (string[])[$"spec.{list}[].{field}", $"spec.{{p}}.{list}[].{field}"]);

    private static Claim PodClaim(View view, string component, string field, JsonNode? asked) =>
        new($"{component}: pod.{field}", asked, view.Pod(component).At(field));

    private static Claim InMain(View view, string component, string field, JsonNode? asked) =>
        new($"{component}: container.{field}", asked, view.Main(component).At(field));

    private static IEnumerable<Claim> Annotations(View view, string component)
    {
        var found = Others(view.Template(component).ObjectAt("metadata", "annotations"),
            key => key.StartsWith("prometheus.io/", StringComparison.Ordinal)
                || key.StartsWith("tidekeeper.io/", StringComparison.Ordinal)
                || key.StartsWith("tiflash.proxy.", StringComparison.Ordinal)
                || key.StartsWith("kubectl.kubernetes.io/", StringComparison.Ordinal));
        return Both($"{component}: template.annotations", view.Merged(component, "annotations"), found);
    }

    private static IEnumerable<Claim> LabelsOf(View view, string component)
    {
        static bool IsOurs(string key) =>
            key is "app.kubernetes.io/name" or "app.kubernetes.io/managed-by" or "app.kubernetes.io/instance"
                or "app.kubernetes.io/component";
        var found = Others(view.Template(component).ObjectAt("metadata", "labels"), IsOurs);
        var asked = Others(view.Merged(component, "labels"), IsOurs);
        foreach (var claim in Both($"{component}: template.labels", asked, found))
            yield return claim;
        yield return new($"{component}: template.labels", component,
            view.Template(component).At("metadata", "labels", "app.kubernetes.io/component"));
    }

    // Asked is there, and nothing else is.
    private static IEnumerable<Claim> Both(string place, JsonObject asked, JsonObject found) =>
        [new(place, asked, found), new($"{place} beyond what is asked", null, Others(found, asked.ContainsKey))];

    private static JsonObject Others(JsonObject? map, Func<string, bool> isOurs)
    {
        var others = new JsonObject();
        foreach (var (key, value) in map ?? [])
        {
            if (!isOurs(key))
                others[key] = value?.DeepClone();
        }

        return others;
    }

    private static IEnumerable<Claim> Spread(View view, string component)
    {
        if (view.Either(component, "topologySpreadConstraints") is not JsonArray { Count: > 0 } wanted)
        {
            yield return new($"{component}: soft spread", "ScheduleAnyway", view.Pod(component)
                .ObjectsAt("topologySpreadConstraints").FirstOrDefault().At("whenUnsatisfiable"));
            yield break;
        }

        var asked = new JsonArray();
        foreach (var one in wanted.OfType<JsonObject>())
        {
            var labels = new JsonObject { ["app.kubernetes.io/component"] = component };
            foreach (var (key, value) in one["matchLabels"] as JsonObject ?? [])
                labels[key] = value?.DeepClone();
            var item = (JsonObject)one.DeepClone();
            item.Remove("matchLabels");
            item["whenUnsatisfiable"] = "DoNotSchedule";
            item["labelSelector"] = new JsonObject { ["matchLabels"] = labels };
            item["maxSkew"] ??= 1;
            asked.Add((JsonNode)item);
        }

        yield return PodClaim(view, component, "topologySpreadConstraints", asked);
    }

    private static IEnumerable<Claim> Environment(View view, string component)
    {
        static bool IsOurs(string? name) => name is null || OursInEnvironment.Contains(name)
            || name.StartsWith("TIDEKEEPER_", StringComparison.Ordinal);
        var asked = Copies(view.Spec[component].ObjectsAt("env").Concat(Merged(view, component).ObjectsAt("env"))
            .Where(one => !IsOurs(one.Text("name"))));
        yield return new($"{component}: container.env", asked,
            Copies(view.Main(component).ObjectsAt("env").Where(one => !IsOurs(one.Text("name")))));
        yield return new(
            $"{component}: container.env TZ", view.Spec["timezone"] ?? "UTC", view.Variable(component, "TZ"));
    }

    // What the user lays over the main container.
    private static JsonObject? Merged(View view, string component) => view.Spec[component]
        .ObjectsAt("additionalContainers").FirstOrDefault(one => one.Text("name") == component);

    private static Claim Named(View view, string component, string list, string[] ours, JsonNode? asked)
    {
        var wanted = (asked as JsonArray ?? []).OfType<JsonObject>().ToList();
        var found = view.Pod(component).ObjectsAt(list).Where(one =>
            !ours.Contains(one.Text("name")) || wanted.Exists(w => w.Text("name") == one.Text("name")));
        return new($"{component}: pod.{list}", new JsonArray([.. wanted.OrderBy(One).Select(Strip)]),
            new JsonArray([.. found.OrderBy(One).Select(one => one.DeepClone())]));

        // Lists of a container that is merged have our elements as well: those have mappings of their own.
        JsonNode Strip(JsonObject one)
        {
            var copy = (JsonObject)one.DeepClone();
            if (ours.Contains(one.Text("name")))
                copy.Remove("env");
            return copy;
        }

        static string One(JsonObject item) => item.Text("name") ?? "";
    }

    private static IEnumerable<Claim> Mounts(View view, string component)
    {
        foreach (var mount in view.Spec[component].ObjectsAt("additionalVolumeMounts"))
        {
            yield return new($"{component}: container.volumeMounts", mount, view.Main(component)
                .ObjectsAt("volumeMounts").FirstOrDefault(one => one.Text("mountPath") == mount.Text("mountPath")));
        }

        var asked = view.Spec[component].ObjectsAt("additionalVolumes").Select(one => one.Text("name")).ToList();
        var users = view.Main(component).ObjectsAt("volumeMounts").Where(one => asked.Contains(one.Text("name")));
        yield return new($"{component}: mounts of additional volumes",
            view.Spec[component].ObjectsAt("additionalVolumeMounts").Count(one => asked.Contains(one.Text("name"))),
            users.Count());
    }

    private static IEnumerable<Claim> Readiness(View view, string component)
    {
        var probe = view.Main(component).At("readinessProbe");
        var wanted = view.Spec[component]?["readinessProbe"];
        // The API server leaves out a delay of 0.
        yield return new($"{component}: readinessProbe.initialDelaySeconds",
            wanted is null ? 0 : wanted["initialDelaySeconds"] ?? 10, probe?["initialDelaySeconds"] ?? 0);
        yield return new($"{component}: readinessProbe.periodSeconds",
            wanted is null ? 3 : wanted["periodSeconds"] ?? 10, probe?["periodSeconds"]);
        var isCommand = component == "tidb" && wanted.Text("type") == "command";
        yield return new($"{component}: readinessProbe's way", isCommand ? "exec" : "tcpSocket",
            probe?["exec"] is not null ? "exec" : probe?["tcpSocket"] is not null ? "tcpSocket" : null);
    }

    private static IEnumerable<Claim> Resources(View view, string component)
    {
        foreach (var part in (string[])["requests", "limits"])
        {
            var asked = Others(view.Spec[component]?[part] as JsonObject, key => key == "storage");
            var found = view.Main(component).ObjectAt("resources", part);
            // A limit is a request where there is none.
            var filled = part == "requests" ? view.Spec[component]?["limits"] as JsonObject : null;
            foreach (var claim in Both($"{component}: resources.{part}", asked,
                Others(found, key => filled?.ContainsKey(key) == true && !asked.ContainsKey(key))))
                yield return claim;
        }
    }

    private static JsonArray Copies(IEnumerable<JsonObject> items) => [.. items.Select(one => one.DeepClone())];

    // Discovery has no data: it leaves a failed node after ten seconds.
    private static JsonNode? Tolerations(View view, string component)
    {
        var own = view.Spec[component]?["tolerations"] is JsonArray { Count: > 0 } list
            ? list : view.Spec["tolerations"];
        if (component != "discovery")
            return own;
        var all = own?.DeepClone() as JsonArray ?? [];
        foreach (var taint in (string[])["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (all.All(one => (string?)one?["key"] != taint))
            {
                all.Add(new JsonObject
                {
                    ["key"] = taint,
                    ["operator"] = "Exists",
                    ["effect"] = "NoExecute",
                    ["tolerationSeconds"] = 10,
                });
            }
        }

        return all;
    }
}
