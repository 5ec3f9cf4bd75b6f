using System.Text.Json.Nodes;

namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Objects that were stored under a laxer definition than the one that is installed now.</summary>
public sealed class StoredBeforeTests
{
    private const string Storage = "{ replicas: 1, requests: { storage: 1Gi } }";

    /// <summary>A name, what is written in place of what, and the field and value that are named.</summary>
    private static readonly (string Name, string Good, string Bad, string Message)[] Clusters =
    [
        ("type", "pd: { replicas: 1", "pd: { replicas: three",
            "spec.pd.replicas: \"three\" is no whole number"),
        ("enum", "version: v8.5.1", "version: v8.5.1\n  pvReclaimPolicy: Burn",
            "spec.pvReclaimPolicy: \"Burn\" is not known"),
        ("quantity", $"tikv: {Storage}", "tikv: { replicas: 1, requests: { storage: 1 gigabyte } }",
            "1 gigabyte"),
        ("toml", "tidb: { replicas: 1 }", "tidb: { replicas: 1, config: \"[a\" }", "spec.tidb.config: [a is no TOML"),
        ("storage", $"tikv: {Storage}", "tikv: { replicas: 1 }", "spec.tikv.requests.storage is missing"),
        ("limits", "tidb: { replicas: 1 }", "tidb: { replicas: 1, requests: {memory: 2Gi}, limits: {memory: 1Gi} }",
            "spec.tidb.requests.memory: 2Gi"),
        ("version", "v8.5.1", "banana", "spec.version: banana"),
    ];

    [PlaygroundFact("kubectl")]
    public async Task Each_is_named_with_its_field_and_value_and_disturbs_nobody()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--no-operator", "--data-dir", tide.DataDirectory);
        await tide.Kubectl("replace -f -", Lax(await tide.Tide("crd"), await tide.Get("default", "crd")));
        await tide.Kubectl("create namespace old");
        foreach (var (name, good, bad, _) in Clusters.Append(("good", "x", "x", "")))
        {
            Assert.Contains(good == "x" ? "spec" : good, Manifests.Small);
            await tide.Kubectl("create -n old -f -",
                Manifests.Small.Replace(good, bad).Replace("name: basic", $"name: {name}"));
        }

        await tide.Tide("down");
        await tide.Up("--data-dir", tide.DataDirectory);
        await tide.Kubectl("wait -n old tc/good --for=condition=Ready --timeout=60s");
        var events = await tide.Kubectl("events -n old --types=Warning --no-headers");
        foreach (var (name, _, _, message) in Clusters)
        {
            await tide.Kubectl($"wait -n old tc/{name} --for=condition=Accepted=false --timeout=30s");
            Assert.Contains(message, await tide.Tide("why", name, "-n", "old"));
            Assert.Contains(events.Split('\n'), line => line.Contains($"TidbCluster/{name} ", StringComparison.Ordinal)
                && line.Contains(message, StringComparison.Ordinal));
        }

        var made = (await tide.Get("old", "sts,svc,deploy,pvc,pods,cm"))["items"]!.AsArray();
        Assert.All(made, item => Assert.Matches("^(pd-|tikv-)?(good|kube-root)", (string)item!["metadata"]!["name"]!));

        // Whoever mends it gets a cluster.
        await tide.Kubectl("apply -n old -f -", Manifests.Small.Replace("name: basic", "name: quantity"));
        await tide.Kubectl("wait -n old tc/quantity --for=condition=Ready --timeout=60s");
    }

    /// <summary>The definition as it is stored, with a schema that knows no field.</summary>
    private static string Lax(string now, JsonNode stored)
    {
        Assert.Contains("openAPIV3Schema", now);
        var crd = stored["items"]!.AsArray().Single(c => (string)c!["spec"]!["names"]!["kind"]! == "TidbCluster")!;
        foreach (var version in crd["spec"]!["versions"]!.AsArray())
        {
            version!["schema"]!["openAPIV3Schema"] = JsonNode.Parse(
                """{ "type": "object", "x-kubernetes-preserve-unknown-fields": true }""");
        }

        return crd.ToJsonString();
    }
}
