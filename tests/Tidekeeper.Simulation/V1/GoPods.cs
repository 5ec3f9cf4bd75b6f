using System.Text.Json.Nodes;
using Tidekeeper.Model;

namespace Tidekeeper.Simulation.V1;

/// <summary>The pod templates of version 1 of the Go operator.</summary>
internal sealed class GoPods(GoCluster cluster, string component, string configMap)
{
    private const string Helper = "busybox:1.26.2";

    private JsonObject Spec => cluster.Spec[component]!.AsObject();

    public JsonObject Template()
    {
        var port = component switch { "pd" => 2379, "tikv" => 20180, "tidb" => 10080, _ => 8234 };
        var annotations = new JsonObject
        {
            ["prometheus.io/path"] = "/metrics",
            ["prometheus.io/port"] = $"{port}",
            ["prometheus.io/scrape"] = "true"
        };
        if (component == "tiflash")
            annotations["tiflash.proxy.prometheus.io/port"] = "20292";
        foreach (var (key, value) in (cluster.Spec["annotations"] as JsonObject ?? [])
            .Concat(Spec["annotations"] as JsonObject ?? []))
            annotations[key] = value!.DeepClone();
        var pod = new JsonObject
        {
            ["containers"] = new JsonArray([.. Containers()]),
            ["volumes"] = Volumes(),
            ["restartPolicy"] = "Always",
            ["dnsPolicy"] = "ClusterFirst",
            ["securityContext"] = new JsonObject(),
            ["schedulerName"] = "default-scheduler"
        };
        if (component == "tiflash")
            pod["initContainers"] = new JsonArray(Initializer());
        foreach (var field in (string[])["affinity", "tolerations", "nodeSelector"])
        {
            if ((Spec[field] ?? cluster.Spec[field]) is { } wanted)
                pod[field] = wanted.DeepClone();
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = cluster.Labels(component), ["annotations"] = annotations },
            ["spec"] = pod
        };
    }

    public JsonArray Claims()
    {
        var claims = new JsonArray();
        if (component is "pd" or "tikv")
            claims.Add(Claim(component, (string)Spec["requests"]!["storage"]!));
        if (component == "tiflash")
        {
            foreach (var claim in Spec["storageClaims"]!.AsArray())
                claims.Add(Claim($"data{claims.Count}", (string)claim!["resources"]!["requests"]!["storage"]!));
        }

        return claims;

        JsonObject Claim(string name, string size)
        {
            var spec = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } }
            };
            if (Spec["storageClassName"] is { } storageClass)
                spec["storageClassName"] = storageClass.DeepClone();
            return new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
        }
    }

    public static JsonObject OfDiscovery(GoCluster cluster) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = cluster.Labels("discovery") },
        ["spec"] = new JsonObject
        {
            ["serviceAccountName"] = $"{cluster.Name}-discovery",
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "discovery",
                ["image"] = GoCluster.Image,
                ["imagePullPolicy"] = "IfNotPresent",
                ["command"] = new JsonArray("/usr/local/bin/tidb-discovery"),
                ["env"] = new JsonArray(
                    Field("MY_POD_NAMESPACE", "metadata.namespace"), Value("TZ", "UTC"), Value("TC_NAME", cluster.Name))
            })
        }
    };

    private IEnumerable<JsonObject> Containers()
    {
        if (component == "tidb" && (bool?)Spec["separateSlowLog"] != false)
            yield return Tail("slowlog", "/var/log/tidb/slowlog", "slowlog", "/var/log/tidb");
        yield return Main();
        if (component != "tiflash")
            yield break;
        yield return Tail("serverlog", "/data0/logs/server.log", "data0", "/data0");
        yield return Tail("errorlog", "/data0/logs/error.log", "data0", "/data0");
        yield return Tail("clusterlog", "/data0/logs/flash_cluster_manager.log", "data0", "/data0");
    }

    private JsonObject Main()
    {
        var version = (string?)Spec["version"] ?? (string?)cluster.Spec["version"];
        var container = new JsonObject
        {
            ["name"] = component,
            ["image"] = $"{(string?)Spec["baseImage"] ?? $"pingcap/{component}"}:{version}",
            ["imagePullPolicy"] = "IfNotPresent",
            ["command"] = component == "tiflash"
                ? new JsonArray("/bin/sh", "-c", "/tiflash/tiflash server --config-file /data0/config.toml")
                : new JsonArray("/bin/sh", $"/usr/local/bin/{component}_start_script.sh"),
            ["env"] = Environment(),
            ["ports"] = PodPorts(),
            ["resources"] = Resources(),
            ["volumeMounts"] = Mounts()
        };
        if (component is "tikv" or "tiflash")
            container["securityContext"] = new JsonObject { ["privileged"] = false };
        if (component == "tidb")
        {
            container["readinessProbe"] = new JsonObject
            {
                ["tcpSocket"] = new JsonObject { ["port"] = 4000 },
                ["initialDelaySeconds"] = 10
            };
        }

        return container;
    }

    private JsonArray Environment()
    {
        var peer = $"{cluster.Name}-{component}-peer";
        var capacity = (string?)Spec["limits"]?["storage"] is { } limit
            && Quantity.TryParse(limit, out var bytes) ? $"{bytes.ToInt64() >> 30}GB" : "0";
        JsonArray all = component switch
        {
            "pd" =>
            [
                Field("NAMESPACE", "metadata.namespace"), Value("PEER_SERVICE_NAME", peer),
                Value("SERVICE_NAME", $"{cluster.Name}-pd"), Value("SET_NAME", $"{cluster.Name}-pd"), Value("TZ", "UTC")
            ],
            "tidb" =>
            [
                Value("CLUSTER_NAME", cluster.Name), Value("TZ", "UTC"), Value("BINLOG_ENABLED", "false"),
                Value("SLOW_LOG_FILE", "/var/log/tidb/slowlog"), Field("POD_NAME", "metadata.name"),
                Field("NAMESPACE", "metadata.namespace"), Value("HEADLESS_SERVICE_NAME", peer)
            ],
            _ =>
            [
                Field("NAMESPACE", "metadata.namespace"), Value("CLUSTER_NAME", cluster.Name),
                Value("HEADLESS_SERVICE_NAME", peer), Value("CAPACITY", capacity), Value("TZ", "UTC")
            ]
        };
        if (component == "tiflash")
            all.Add(Field("POD_NAME", "metadata.name"));
        foreach (var variable in Spec["env"] as JsonArray ?? [])
            all.Add(variable!.DeepClone());
        return all;
    }

    private JsonArray PodPorts()
    {
        (string, int)[] ports = component switch
        {
            "pd" => [("server", 2380), ("client", 2379)],
            "tikv" => [("server", 20160)],
            "tidb" => [("server", 4000), ("status", 10080)],
            _ =>
            [
                ("tiflash", 3930), ("proxy", 20170), ("tcp", 9000), ("http", 8123), ("internal", 9009),
                ("metrics", 8234)
            ]
        };
        return new JsonArray([.. ports.Select(port => new JsonObject
        {
            ["name"] = port.Item1,
            ["containerPort"] = port.Item2,
            ["protocol"] = "TCP"
        })]);
    }

    private JsonObject Resources()
    {
        var resources = new JsonObject();
        foreach (var list in (string[])["limits", "requests"])
        {
            var wanted = Spec[list]?.DeepClone().AsObject();
            wanted?.Remove("storage");
            if (wanted is { Count: > 0 })
                resources[list] = wanted;
        }

        return resources;
    }

    private JsonArray Mounts()
    {
        var mounts = new JsonArray(ReadOnly("annotations", "/etc/podinfo"));
        if (component == "tiflash")
        {
            for (var i = 0; i < Spec["storageClaims"]!.AsArray().Count; i++)
                mounts.Add(Mount($"data{i}", $"/data{i}"));
            mounts.Add(ReadOnly("config", "/etc/tiflash"));
            return mounts;
        }

        mounts.Add(ReadOnly("config", $"/etc/{component}"));
        mounts.Add(ReadOnly("startup-script", "/usr/local/bin"));
        if (component is "pd" or "tikv")
            mounts.Add(Mount(component, $"/var/lib/{component}"));
        if (component == "tidb")
            mounts.Add(Mount("slowlog", "/var/log/tidb"));
        return mounts;
    }

    private JsonArray Volumes()
    {
        var volumes = new JsonArray(new JsonObject
        {
            ["name"] = "annotations",
            ["downwardAPI"] = new JsonObject
            {
                ["items"] = new JsonArray(new JsonObject
                {
                    ["path"] = "annotations",
                    ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata.annotations" }
                })
            }
        });
        if (component == "tiflash")
        {
            volumes.Add(Files(
                "config", ("config_templ.toml", "config_templ.toml"), ("proxy_templ.toml", "proxy_templ.toml")));
            return volumes;
        }

        volumes.Add(Files("config", ("config-file", $"{component}.toml")));
        volumes.Add(Files("startup-script", ("startup-script", $"{component}_start_script.sh")));
        if (component == "tidb")
            volumes.Add(new JsonObject { ["name"] = "slowlog", ["emptyDir"] = new JsonObject() });
        return volumes;
    }

    private JsonObject Files(string volume, params (string Key, string Path)[] items) => new()
    {
        ["name"] = volume,
        ["configMap"] = new JsonObject
        {
            ["name"] = configMap,
            ["items"] = new JsonArray([.. items.Select(item =>
                new JsonObject { ["key"] = item.Key, ["path"] = item.Path })])
        }
    };

    private JsonObject Initializer() => new()
    {
        ["name"] = "init",
        ["image"] = Helper,
        ["command"] = new JsonArray("sh", "-c", GoFiles.TiflashInit(cluster.Name)),
        ["env"] = new JsonArray(Field("POD_NAME", "metadata.name")),
        ["volumeMounts"] = new JsonArray(Mount("data0", "/data0"), ReadOnly("config", "/etc/tiflash"))
    };

    private static JsonObject Tail(string name, string file, string volume, string path) => new()
    {
        ["name"] = name,
        ["image"] = Helper,
        ["imagePullPolicy"] = "IfNotPresent",
        ["command"] = new JsonArray("sh", "-c", $"touch {file}; tail -n0 -F {file};"),
        ["resources"] = new JsonObject(),
        ["volumeMounts"] = new JsonArray(Mount(volume, path))
    };

    private static JsonObject Value(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Field(string name, string path) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } }
    };

    private static JsonObject Mount(string volume, string path) => new() { ["name"] = volume, ["mountPath"] = path };

    private static JsonObject ReadOnly(string volume, string path) =>
        new() { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = path };
}
