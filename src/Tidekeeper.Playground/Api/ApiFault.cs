using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>A refusal by the API, with the Status object that a client would get.</summary>
public sealed class ApiFault(int code, string reason, string message, JsonObject? details = null)
    : Exception(message)
{
    public int Code { get; } = code;
    public string Reason { get; } = reason;
    public JsonObject? Details { get; } = details;

    public JsonObject Status()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
            status["reason"] = Reason;
        if (Details is not null)
            status["details"] = Details.Copy();
        status["code"] = Code;
        return status;
    }

    public static ApiFault BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiFault BadVersion(string text) =>
        BadRequest("invalid resource version: " + Unparsable(text));

    /// <summary>What the real server did not foresee: 500, without a reason.</summary>
    public static ApiFault Unforeseen(string message) => new(500, "", message);

    public static string Unparsable(string version) =>
        $"resourceVersion: Invalid value: {RelaxedJson.Quote(version)}: strconv.ParseUint: parsing"
        + $" {RelaxedJson.Quote(version)}: invalid syntax";

    /// <summary>
    /// A body that must be of another form; <paramref name="found"/> and <paramref name="wanted"/> are Go's words.
    /// </summary>
    public static ApiFault BadPatch(string found, string wanted) =>
        BadRequest($"error decoding patch: json: cannot unmarshal {found} into Go value of type {wanted}");

    /// <summary>A patch whose result is no such object; the real server shows the result, or the patch.</summary>
    public static ApiFault UnusablePatch(string shown, string why)
    {
        var errors = new FieldErrors();
        errors.Invalid("patch", shown, why);
        return errors.Fault("", "", "");
    }

    public static ApiFault NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.GroupResource} \"{name}\" not found", About(type, name));

    public static ApiFault NamespaceNotFound(string name) =>
        new(404, "NotFound", $"namespaces \"{name}\" not found",
            new JsonObject { ["name"] = name, ["kind"] = "namespaces" });

    public static ApiFault AlreadyExists(ResourceType type, string name, bool isBeingDeleted) =>
        new(409, "AlreadyExists", (isBeingDeleted ? "object is being deleted: " : "")
            + $"{type.GroupResource} \"{name}\" already exists", About(type, name));

    /// <summary>A write that was based on an older version of the object.</summary>
    public static ApiFault Stale(ResourceType type, string name) => Conflict(type, name,
        "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiFault Conflict(ResourceType type, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.GroupResource} \"{name}\": {why}",
            About(type, name));

    /// <summary>
    /// A precondition of a delete that does not hold; the server names the kind here, not the resource.
    /// </summary>
    public static ApiFault Precondition(ResourceType type, string name, string why)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
            details["group"] = type.Group;
        details["kind"] = type.Kind;
        return new(409, "Conflict", $"Operation cannot be fulfilled on {type.GroupKind} \"{name}\": {why}", details);
    }

    public static ApiFault Forbidden(ResourceType type, string name, string why, params JsonNode[] causes)
    {
        var details = About(type, name);
        if (causes.Length > 0)
            details["causes"] = new JsonArray(causes);
        return new(403, "Forbidden", $"{type.GroupResource} \"{name}\" is forbidden: {why}", details);
    }

    public static ApiFault MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource",
            new JsonObject());

    public static ApiFault ResourceNotFound() =>
        new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    /// <summary>The history that a watch or a page of a list asks for is forgotten.</summary>
    public static ApiFault Expired(string message) => new(410, "Expired", message);

    public static ApiFault VersionAhead(long asked, long head) =>
        new(504, "Timeout", $"Timeout: Too large resource version: {asked}, current: {head}", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "ResourceVersionTooLarge",
                ["message"] = "Too large resource version",
            }),
            ["retryAfterSeconds"] = 1,
        });

    private static JsonObject About(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
            details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}
