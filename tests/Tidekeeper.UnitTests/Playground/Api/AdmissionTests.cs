using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Api;

/// <summary>Quotas, limits, priorities, and what is filled in.</summary>
public sealed class AdmissionTests
{
    private const string Core = "/api/v1/namespaces/n/";
    private const string Pod = """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""";
    private readonly ApiBench _bench = new();

    [Fact]
    public void A_pod_over_the_quota_is_refused_and_one_within_it_is_charged()
    {
        _bench.Post(Core + "resourcequotas",
            """{"metadata":{"name":"q"},"spec":{"hard":{"pods":"1","requests.cpu":"1"}}}""");
        var silent = _bench.Post(Core + "pods", Pod);
        Assert.Equal("pods \"p\" is forbidden: failed quota: q: must specify requests.cpu for: c",
            silent.Text("message"));
        var greedy = _bench.Post(Core + "pods", Asking("2"));
        Assert.Equal("pods \"p\" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0,"
            + " limited: requests.cpu=1", greedy.Text("message"));
        _bench.Post(Core + "pods", Asking("500m"));
        Assert.Equal(201, _bench.Status);
        var second = _bench.Post(Core + "pods", Asking("1m").Replace("\"p\"", "\"p2\"", StringComparison.Ordinal));
        Assert.Equal("pods \"p2\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1",
            second.Text("message"));
    }

    [Fact]
    public void Containers_get_the_limits_of_their_namespace_and_have_to_keep_to_them()
    {
        _bench.Post(Core + "limitranges", """
            {"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","default":{"cpu":"200m"},
            "defaultRequest":{"memory":"10Mi"},"max":{"cpu":"1"},"min":{"cpu":"50m"}}]}}
            """);
        var pod = _bench.Post(Core + "pods", Pod);
        Assert.Equal("LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c",
            pod.Text("metadata", "annotations", "kubernetes.io/limit-ranger"));
        Assert.Equal("Burstable", pod.Text("status", "qosClass"));
        var big = _bench.Post(Core + "pods", """
            {"metadata":{"name":"b"},"spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"3"},
            "requests":{"cpu":"2"}}}]}}
            """);
        Assert.Equal("pods \"b\" is forbidden: maximum cpu usage per Container is 1, but limit is 3",
            big.Text("message"));
    }

    [Fact]
    public void A_pod_takes_its_priority_from_its_class()
    {
        _bench.Post("/apis/scheduling.k8s.io/v1/priorityclasses", """{"metadata":{"name":"high"},"value":1000}""");
        var pod = _bench.Post(Core + "pods",
            Pod.Replace("\"containers\"", "\"priorityClassName\":\"high\",\"containers\"", StringComparison.Ordinal));
        Assert.Equal(1000, pod.Number("spec", "priority"));
        var unknown = _bench.Post(Core + "pods",
            Pod.Replace("\"containers\"", "\"priorityClassName\":\"no\",\"containers\"", StringComparison.Ordinal));
        Assert.Equal("pods \"p\" is forbidden: no PriorityClass with name no was found", unknown.Text("message"));
    }

    [Fact]
    public void Quantities_are_kept_in_their_shortest_form()
    {
        var pod = _bench.Post(Core + "pods", """
            {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","resources":{"limits":
            {"cpu":"1000m","memory":"1024Mi","ephemeral-storage":5}}}]}}
            """);
        Assert.Equal("""{"cpu":"1","memory":"1Gi","ephemeral-storage":"5"}""",
            pod["spec"]!["containers"]![0]!["resources"]!["limits"]!.ToJsonString());
    }

    [Fact]
    public void A_token_of_a_service_account_says_whose_it_is_and_until_when()
    {
        _bench.Post(Core + "serviceaccounts", """{"metadata":{"name":"a"}}""");
        var answer = _bench.Post(Core + "serviceaccounts/a/token", """{"spec":{"expirationSeconds":600}}""");
        Assert.Equal(201, _bench.Status);
        Assert.Equal("2026-01-01T00:10:00Z", answer.Text("status", "expirationTimestamp"));
        Assert.Equal(3, answer.Text("status", "token")!.Split('.').Length);
        var brief = _bench.Post(Core + "serviceaccounts/a/token", """{"spec":{"expirationSeconds":6}}""");
        Assert.Equal("TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 6: may"
            + " not specify a duration less than 10 minutes", brief.Text("message"));
    }

    private static string Asking(string cpu) => """
        {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i",
        "resources":{"requests":{"cpu":"CPU"}}}]}}
        """.Replace("CPU", cpu, StringComparison.Ordinal);
}
