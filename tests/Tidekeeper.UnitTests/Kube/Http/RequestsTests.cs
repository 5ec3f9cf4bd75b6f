using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.UnitTests.Kube.Http;

public class RequestsTests
{
    private static readonly JsonObject Body = new() { ["a"] = 1 };

    private static string Print(KubeRequest request) =>
        request.Body.Length == 0
            ? $"{request}"
            : $"{request} {request.ContentType} {Encoding.UTF8.GetString(request.Body)}";

    [Fact]
    public void A_core_object_is_read_below_api() =>
        Assert.Equal("GET /api/v1/namespaces/shop/pods/basic-pd-0",
            Print(Requests.Get(Resource.Pods, "shop", "basic-pd-0")));

    [Fact]
    public void An_object_of_a_group_is_read_below_apis() =>
        Assert.Equal("GET /apis/apps/v1/namespaces/shop/statefulsets/s",
            Print(Requests.Get(Resource.StatefulSets, "shop", "s")));

    [Fact]
    public void A_cluster_scoped_object_has_no_namespace() =>
        Assert.Equal("GET /api/v1/nodes/n1", Print(Requests.Get(Resource.Nodes, "ignored", "n1")));

    [Fact]
    public void A_namespaced_object_without_a_namespace_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => Requests.Get(Resource.Pods, "", "p"));

    [Fact]
    public void A_list_asks_for_pages_and_escapes_its_selector() =>
        Assert.Equal("GET /api/v1/pods?labelSelector=a%3Db%2Cc%20in%20%28d%29&limit=500",
            Print(Requests.List(Resource.Pods, null, new() { LabelSelector = "a=b,c in (d)", Limit = 500 })));

    [Fact]
    public void A_next_page_does_not_name_a_version_again() =>
        Assert.Equal("GET /api/v1/pods?limit=2&continue=t",
            Print(Requests.List(Resource.Pods, null, new()
            {
                Limit = 2,
                Continue = "t",
                ResourceVersion = "7",
                ResourceVersionMatch = "Exact",
            })));

    [Fact]
    public void A_watch_goes_on_from_a_version_with_bookmarks_and_an_end() =>
        Assert.Equal("GET /api/v1/namespaces/shop/pods?watch=true&allowWatchBookmarks=true&resourceVersion=42"
            + "&timeoutSeconds=300",
            Print(Requests.Watch(Resource.Pods, "shop", new("42", TimeSpan.FromMinutes(5)))));

    [Fact]
    public void An_apply_is_forced_and_says_who_applies() =>
        Assert.Equal("PATCH /api/v1/namespaces/n/services/s?fieldManager=me&force=true "
            + """application/apply-patch+yaml {"a":1}""",
            Print(Requests.Apply(Resource.Services, "n", "s", Body, "me")));

    [Fact]
    public void A_status_is_patched_by_itself() =>
        Assert.Equal("PATCH /api/v1/namespaces/n/pods/p/status?fieldManager=me "
            + """application/merge-patch+json {"a":1}""",
            Print(Requests.Patch(Resource.Pods, "n", "p", Body, "me", "status")));

    [Fact]
    public void An_array_is_a_json_patch() =>
        Assert.Equal("application/json-patch+json",
            Requests.Patch(Resource.Pods, "n", "p", new JsonArray(), "me").ContentType);

    [Fact]
    public void Scaling_is_conditional_on_the_version_seen() =>
        Assert.EndsWith("""{"spec":{"replicas":3},"metadata":{"resourceVersion":"7"}}""",
            Print(Requests.Scale(Resource.StatefulSets, "n", "s", 3, "7", "me")));

    [Fact]
    public void A_delete_names_the_very_object() =>
        Assert.Equal("DELETE /api/v1/namespaces/n/pods/p application/json "
            + """{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"u","resourceVersion":"7"},"""
            + "\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Background\"}",
            Print(Requests.Delete(Resource.Pods, "n", "p",
                new() { Uid = "u", ResourceVersion = "7", GraceSeconds = 0 })));

    [Fact]
    public void An_eviction_names_the_very_pod() =>
        Assert.Equal("POST /api/v1/namespaces/n/pods/p/eviction application/json "
            + """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p","namespace":"n"},"""
            + "\"deleteOptions\":{\"preconditions\":{\"uid\":\"u\"}}}",
            Print(Requests.Evict("n", "p", new() { Uid = "u" })));
}
