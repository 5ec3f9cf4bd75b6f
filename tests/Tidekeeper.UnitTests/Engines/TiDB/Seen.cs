using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>
/// Observations in words: <c>Seen.Of(cluster).Applied().WithPods("pd").WithPd(3)</c>. Each call gives the next
/// observation, as if the operator, Kubernetes or the database had done its part in between.
/// </summary>
internal sealed record Seen(TidbSeen Now)
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Seen Of(TidbCluster cluster) => new(new TidbSeen
    {
        Now = Start,
        Cluster = cluster,
        Platform = new Platform { OperatorImage = "tidekeeper/tidekeeper:test" }
    });

    /// <summary>A cluster from the YAML of its spec.</summary>
    public static Seen Of(string spec, string name = "basic") => Of(Cluster(spec, name));

    public static TidbCluster Cluster(string spec, string name = "basic")
    {
        var item = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "shop",
                ["uid"] = "uid-of-cluster",
                ["generation"] = 1,
                ["creationTimestamp"] = "2026-01-01T00:00:00Z"
            },
            ["spec"] = Model.YamlAsJson.Read(spec)
        };
        var (cluster, problems) = TidbClusterReader.Read(JsonSerializer.SerializeToElement(item, JsonTestContext.Node));
        Assert.Empty(problems);
        return cluster!;
    }

    public Plan Plan() => TidbPlan.Plan(Now);

    public TidbClusterStatus Status() => TidbStatus.Of(Now, Plan());

    public ClusterCondition Condition(string type) => Status().Conditions!.Single(one => one.Type == type);

    /// <summary>Time passes.</summary>
    public Seen After(TimeSpan time) => new(Now with { Now = Now.Now + time });

    /// <summary>The user edits the spec.</summary>
    public Seen Edited(Func<TidbClusterSpec, TidbClusterSpec> edit) => new(Now with
    {
        Cluster = Now.Cluster with
        {
            Spec = edit(Now.Cluster.Spec),
            Metadata = Now.Cluster.Metadata with { Generation = Now.Cluster.Metadata.Generation + 1 }
        }
    });

    /// <summary>The user annotates the cluster.</summary>
    public Seen Annotated(string key, string value) => new(Now with
    {
        Cluster = Now.Cluster with
        {
            Metadata = Now.Cluster.Metadata with
            {
                Annotations = new(Now.Cluster.Metadata.Annotations ?? [], StringComparer.Ordinal) { [key] = value }
            }
        }
    });

    public Seen With(params Problem[] problems) => new(Now with { Problems = problems });

    /// <summary>The plan is carried out and the status written.</summary>
    public Seen Applied() => Applied(Plan());

    public Seen Applied(Plan plan)
    {
        var seen = Now with { Cluster = Now.Cluster with { Status = TidbStatus.Of(Now, plan) } };
        foreach (var act in plan.Acts)
            seen = act is Act.Apply apply ? Store(seen, apply.Object) : Drop(seen, act);
        return new(seen);
    }

    /// <summary>Kubernetes has made the pods and claims of a component; the pods are ready.</summary>
    public Seen WithPods(string component) => WithPods(component, pod => pod with { Ready = true });

    public Seen WithPods(string component, Func<ObservedPod, ObservedPod> how)
    {
        var set = Now.StatefulSets.Single(one => one.Component == component);
        var pods = Enumerable.Range(0, set.Replicas).Select(ordinal => how(Pod(set, ordinal))).ToList();
        var others = Now.Pods.Where(pod => pod.Component != component);
        var sets = Now.StatefulSets.Where(one => one.Component != component).Append(set with
        {
            ObservedGeneration = set.Generation,
            StatusReplicas = set.Replicas,
            ReadyReplicas = pods.Count(pod => pod.Ready),
            CurrentRevision = "r1",
            UpdateRevision = "r1"
        });
        return new(Now with
        {
            Pods = [.. others, .. pods],
            StatefulSets = [.. sets.OrderBy(one => one.Name, StringComparer.Ordinal)]
        });
    }

    public Seen WithPd(int healthy, string clusterId = "7000000000000000001", string name = "basic") => new(Now with
    {
        Pd = Known.Of(new PdSeen
        {
            ClusterId = clusterId,
            Leader = healthy > 0 ? Member(name, 0) : "",
            PlacementRules = true,
            Members =
            [
                .. Enumerable.Range(0, Now.Cluster.Spec.Pd!.Replicas).Select(ordinal => new PdMemberSeen(
                    Member(name, ordinal), $"{100 + ordinal}",
                    [$"http://{name}-pd-{ordinal}.{name}-pd-peer.shop.svc:2380"],
                    [$"http://{name}-pd-{ordinal}.{name}-pd-peer.shop.svc:2379"], ordinal < healthy))
            ]
        })
    });

    private string Member(string name, int ordinal) => TidbNames.Member(Now.Cluster, $"{name}-pd-{ordinal}");

    public Seen WithSilentPd(string why = "GET http://basic-pd.shop.svc:2379: refused") =>
        new(Now with { Pd = Known.Unknown<PdSeen>(why) });

    public Seen WithStores(string component, int up, string name = "basic") => Pd(pd => pd with
    {
        Bootstrapped = true,
        Stores =
        [
            .. pd.Stores.Where(store => !store.PodName.StartsWith($"{name}-{component}-", StringComparison.Ordinal)),
            .. Enumerable.Range(0, up).Select(ordinal => new StoreSeen
            {
                Id = $"{(component == "tiflash" ? 50 : 1) + ordinal}",
                Address = $"{name}-{component}-{ordinal}.{name}-{component}-peer.shop.svc:20160",
                State = "Up"
            })
        ]
    });

    public Seen Pd(Func<PdSeen, PdSeen> change) =>
        Now.Pd.Is(out var pd)
            ? new(Now with { Pd = Known.Of(change(pd)) })
            : throw new InvalidOperationException("no PD");

    public Seen WithTidb(int healthy)
    {
        var health = new SortedDictionary<string, Known<TidbPodHealth>>(StringComparer.Ordinal);
        for (var ordinal = 0; ordinal < Now.Cluster.Spec.Tidb!.Replicas; ordinal++)
        {
            health[TidbNames.Pod(Now.Cluster, "tidb", ordinal)] =
                Known.Of(new TidbPodHealth(ordinal < healthy, "no answer"));
        }

        return new(Now with { TidbHealth = health });
    }

    /// <summary>A whole cluster that serves, with nothing left to do.</summary>
    public static Seen Running(string spec) => Of(spec).Applied().WithPods("pd").WithPd(3).Applied()
        .WithPods("tikv").WithStores("tikv", 3).Applied().WithPods("tidb").WithTidb(2).Applied();

    private static TidbSeen Store(TidbSeen seen, JsonObject document)
    {
        var name = (string)document["metadata"]!["name"]!;
        var kind = (string)document["kind"]!;
        var stored = (JsonObject)document.DeepClone();
        var old = seen.StatefulSets.FirstOrDefault(one => one.Kind == kind && one.Name == name);
        stored["metadata"]!["uid"] = $"uid-of-{kind}-{name}";
        stored["metadata"]!["generation"] = (old?.Generation ?? 0) + 1;
        if (old is not null)
        {
            stored["status"] = new JsonObject
            {
                ["replicas"] = old.StatusReplicas,
                ["readyReplicas"] = old.ReadyReplicas,
                ["observedGeneration"] = old.ObservedGeneration
            };
        }

        var item = JsonSerializer.SerializeToElement(stored, JsonTestContext.Node);
        return kind switch
        {
            "StatefulSet" => seen with
            {
                StatefulSets = [.. seen.StatefulSets.Where(one => one.Name != name), ObservedStatefulSet.Read(item)]
            },
            "Deployment" => seen with
            {
                Deployments = [.. seen.Deployments.Where(one => one.Name != name), ObservedDeployment.Read(item)]
            },
            "PersistentVolumeClaim" => seen with
            {
                Claims =
                [
                    .. seen.Claims.Select(claim => claim.Name == name
                        ? claim with { DeferDeleting = ObservedClaim.Read(item).DeferDeleting }
                        : claim)
                ]
            },
            "Pod" => seen with
            {
                Pods =
                [
                    .. seen.Pods.Select(pod => pod.Name != name
                        ? pod
                        : pod with
                        {
                            Intent = ObservedPod.Read(item).Intent,
                            IsAdopted = ObservedPod.Read(item).IsAdopted,
                            AdoptedWith = ObservedPod.Read(item).AdoptedWith
                        })
                ]
            },
            _ => seen with
            {
                Objects = [.. seen.Objects.Where(one => one.Kind != kind || one.Name != name), Observed.Read(item)]
            }
        };
    }

    private static TidbSeen Drop(TidbSeen seen, Act act) => act is Act.Delete delete
        ? seen with
        {
            Objects = [.. seen.Objects.Where(one => one.Uid != delete.Uid)],
            StatefulSets = [.. seen.StatefulSets.Where(one => one.Uid != delete.Uid)],
            Pods = [.. seen.Pods.Where(one => one.Uid != delete.Uid)],
            Claims = [.. seen.Claims.Where(one => one.Uid != delete.Uid)]
        }
        : seen;

    public static ObservedPod Pod(ObservedStatefulSet set, int ordinal) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Namespace = set.Namespace,
        Name = $"{set.Name}-{ordinal}",
        Uid = $"uid-of-{set.Name}-{ordinal}",
        ResourceVersion = "7",
        Labels = set.Labels,
        OwnerUid = set.Uid,
        Phase = "Running",
        Node = $"node-{ordinal}",
        Intent = set.TemplateIntent,
        TemplateVersion = set.TemplateVersion,
        ConfigMaps = set.ConfigMaps,
        Images = [new ContainerImage(set.Component, set.Image)]
    };
}
