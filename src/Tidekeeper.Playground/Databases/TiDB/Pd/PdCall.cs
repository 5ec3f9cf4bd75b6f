using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>One call of PD's HTTP API, taken apart.</summary>
/// <param name="Path">Segments after <c>/pd/api/v1</c>.</param>
internal sealed record PdCall(
    PdEnsemble Ensemble, PdReplica Leader, string Method, string[] Path, SortedDictionary<string, string> Query,
    string Body, DateTimeOffset Now)
{
    public PdState State => Ensemble.State;

    public bool IsBootstrapped => State.BootstrappedAt is not null;

    public ulong? Id(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public JsonObject? BodyObject()
    {
        try
        {
            return JsonNode.Parse(Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// Answers in the forms that PD uses: indented JSON, a bare JSON string, or an object with code and message.
/// </summary>
internal static class PdReply
{
    private static readonly PdJson Json = new(new JsonSerializerOptions(PdJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static HttpReply Ok<T>(T value, Func<PdJson, JsonTypeInfo<T>> type) =>
        new(200, JsonSerializer.Serialize(value, type(Json)) + "\n");

    public static HttpReply Ok(JsonNode value) => new(200, value.ToJsonString(Json.Options) + "\n");

    /// <summary>What v2.1 answers to a change that succeeded.</summary>
    public static HttpReply Null => new(200, "null\n");

    public static HttpReply Text(int status, string text) =>
        new(status, JsonSerializer.Serialize(text, Json.String) + "\n");

    public static HttpReply NotBootstrapped => Text(500, PdErrors.NotBootstrapped);

    public static HttpReply Fault(int status, string code, string message, JsonObject? data = null) =>
        new(status, new JsonObject { ["data"] = data ?? [], ["msg"] = message, ["code"] = code }
            .ToJsonString(Json.Options) + "\n");

    /// <summary>No majority: the change did not happen.</summary>
    public static HttpReply NotCommitted =>
        Text(500, "[PD:etcd:ErrEtcdTxnConflict]etcd transaction failed, conflicted and rolled back");

    public static HttpReply NotFound => new(404, "404 page not found\n", "text/plain; charset=utf-8");

    public static HttpReply NoLeader => new(503, PdErrors.NoLeader + "\n", "text/plain; charset=utf-8");

    public static HttpReply NotAllowed => new(405, "", "text/plain; charset=utf-8");
}
