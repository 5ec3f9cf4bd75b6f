using System.Globalization;

namespace Tidekeeper.Bench.Worlds;

/// <summary>Many small clusters (one PD, one TiKV, one TiDB) are created, upgraded and deleted at once.</summary>
public static class WorldRun
{
    private const string Namespace = "bench";

    public static IReadOnlyList<Measured> Run(bool isReal, params int[] sizes)
    {
        var name = isReal ? "real control plane" : "playground";
        var rows = new List<Measured>();
        foreach (var size in sizes)
        {
            using var world = BenchWorld.Start(Root(), isReal);
            world.Kubectl("create", "namespace", Namespace);
            foreach (var (what, act) in Phases(world, size))
            {
                var (cpu, requests) = (world.Operator().Cpu, world.Requests());
                var began = TimeProvider.System.GetTimestamp();
                act();
                var took = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
                var now = world.Operator();
                var told = Told(requests, world.Requests(), size);
                var used = now.Cpu - cpu;
                var megabytes = now.Memory / 1_000_000;
                var row = new Measured($"{name}, {size} clusters: {what}", "", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{took:0.0} s; a cluster: {told}; operator {used:0.0} s CPU, {megabytes} MB resident"));
                // What follows may take minutes, or fail.
                Console.Error.WriteLine($"bench: {row.What}: {row.Value}");
                rows.Add(row);
            }
        }

        return rows;
    }

    private static IEnumerable<(string What, Action Act)> Phases(BenchWorld world, int size)
    {
        yield return ("created until all are Ready", () =>
        {
            world.Apply(Manifests(size, "v8.5.0"));
            world.Kubectl("wait", "tc", "--all", "-n", Namespace, "--for=condition=Ready", "--timeout=900s");
        }
        );
        yield return ("upgraded until all are", () =>
        {
            world.Apply(Manifests(size, "v8.5.1"));
            world.Kubectl("wait", "tc", "--all", "-n", Namespace, "--timeout=900s",
                "--for=jsonpath={.status.versions.tidb}=v8.5.1");
            world.Kubectl("wait", "tc", "--all", "-n", Namespace, "--for=condition=Ready", "--timeout=900s");
        }
        );
        yield return ("deleted until all objects but claims are gone", () =>
        {
            world.Kubectl("delete", "tc", "--all", "-n", Namespace, "--cascade=foreground", "--timeout=900s");
            while (world.Kubectl("get", "pods,sts,svc,deploy", "-n", Namespace, "-o", "name").Length > 0)
            {
                // Each look takes a fifth of a second, which is pause enough.
            }
        }
        );
    }

    private static string Told(
        SortedDictionary<string, double> before, SortedDictionary<string, double> after, int size) =>
        string.Join(", ", after.Select(one => (one.Key, Count: (one.Value - before.GetValueOrDefault(one.Key)) / size))
            .Where(one => one.Count > 0.05)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Count:0.#} {one.Key}")));

    private static string Manifests(int size, string version) => string.Join("\n---\n", Enumerable.Range(0, size)
        .Select(number => $$"""
            apiVersion: pingcap.com/v1alpha1
            kind: TidbCluster
            metadata: { name: c{{number}}, namespace: {{Namespace}} }
            spec:
              version: {{version}}
              pd: { replicas: 1, requests: { storage: 1Gi } }
              tikv: { replicas: 1, requests: { storage: 1Gi } }
              tidb: { replicas: 1 }
            """));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tidekeeper.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("no Tidekeeper.slnx above the bench");
        return folder.FullName;
    }
}
