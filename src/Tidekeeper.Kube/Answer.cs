using System.Text.Json;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.Kube;

/// <summary>
/// What the API server said: a value, or a refusal that the caller must judge. Faults that no caller can settle
/// (no answer, 5xx, an answer that is not JSON) are <see cref="KubeException"/>s instead.
/// </summary>
public sealed class Answer<T>
{
    private readonly T? _value;
    private readonly KubeRequest _request;

    internal Answer(KubeRequest request, T? value, Refusal? refusal) =>
        (_request, _value, Refusal) = (request, value, refusal);

    /// <summary>Null when the server did as asked.</summary>
    public Refusal? Refusal { get; }

    public bool Succeeded => Refusal is null;
    public bool IsNotFound => Refusal?.Status == 404;
    public bool IsConflict => Refusal?.IsConflict == true;

    /// <summary>The answer to <see cref="KubeApi.ApplyNew"/> where there is an object of that name.</summary>
    public bool IsNotNew => Refusal?.Fields.Contains(Requests.NewField, StringComparer.Ordinal) == true;

    /// <summary>The value; a refusal is thrown as a <see cref="KubeException"/>.</summary>
    public T Value => Refusal is null ? _value! : throw KubeException.Of(_request, Refusal);

    /// <summary>The value, or the default when there is no such object; other refusals are thrown.</summary>
    public T? ValueOrAbsent => IsNotFound ? default : Value;
}

/// <summary>Makes answers.</summary>
public static class Answer
{
    public static Answer<T> Of<T>(KubeRequest request, T value) => new(request, value, null);

    public static Answer<T> Refused<T>(KubeRequest request, Refusal refusal) => new(request, default, refusal);
}

/// <summary>A 4xx answer.</summary>
/// <param name="Status">HTTP status, for example 409.</param>
/// <param name="Reason">Machine-readable, for example <c>AlreadyExists</c>.</param>
/// <param name="Message">What the server said, for people.</param>
public sealed record Refusal(int Status, string Reason, string Message)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The fields that the server complains about.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    public bool IsNotFound => Status == 404;
    public bool IsConflict => Status == 409 || IsAnotherObject;
    public bool AlreadyExists => Status == 409 && Reason == "AlreadyExists";

    /// <summary>The version or the continue token is too old: start over with a list.</summary>
    public bool IsGone => Status == 410;

    /// <summary>The object is not acceptable; sending it again will not help.</summary>
    public bool IsInvalid => (Status is 400 or 422 && !IsAnotherObject)
        // Server-side apply says it so of a field of the wrong type.
        || (Status == 500 && Message.StartsWith("failed to create typed patch object", StringComparison.Ordinal));

    /// <summary>
    /// The object that was meant is gone and has a namesake: an apply with the UID of the one would change that of the
    /// other, which the server calls invalid.
    /// </summary>
    private bool IsAnotherObject =>
        Status == 422 && Fields.Count > 0 && Fields.All(name => name == "metadata.uid");

    /// <summary>Somebody's webhook does not answer: no fault of the server itself, and it may last.</summary>
    public bool IsOfWebhook => Status >= 500 && Message.Contains("failed calling webhook", StringComparison.Ordinal);

    public bool IsForbidden => Status is 401 or 403;
    public bool IsThrottled => Status == 429;

    /// <summary>Reads a refusal from its Status object, or from whatever a proxy sent instead.</summary>
    public static Refusal Read(KubeResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return FromStatus(document.RootElement, response.Status) with { RetryAfter = response.RetryAfter };
        }
        catch (JsonException)
        {
            var shown = Math.Min(300, response.Body.Length);
            var text = System.Text.Encoding.UTF8.GetString(response.Body.AsSpan(0, shown));
            return new(response.Status, "", text.Trim()) { RetryAfter = response.RetryAfter };
        }
    }

    /// <summary>Reads a Status object, as in an answer or in an ERROR event of a watch.</summary>
    public static Refusal FromStatus(JsonElement status, int httpStatus)
    {
        if (status.ValueKind != JsonValueKind.Object)
            return new(httpStatus, "", status.ToString());
        var code = status.TryGetProperty("code", out var c) && c.TryGetInt32(out var n) ? n : httpStatus;
        return new(code, Text(status, "reason"), Text(status, "message")) { Fields = FieldsOf(status) };
    }

    private static IReadOnlyList<string> FieldsOf(JsonElement status) =>
        status.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
            && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array
            ? [.. causes.EnumerateArray().Select(cause => Text(cause, "field"))]
            : [];

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}

/// <summary>How a request failed for good, as far as this attempt goes.</summary>
public enum Fault
{
    /// <summary>It never reached the server; nothing happened.</summary>
    NotSent,

    /// <summary>It was sent and no answer came: a write may or may not have happened.</summary>
    NoAnswer,

    /// <summary>The server answered with 5xx: a write may or may not have happened.</summary>
    ServerFault,

    /// <summary>The server refused, and the caller had no use for a refusal.</summary>
    Refused,

    /// <summary>The answer cannot be read.</summary>
    Unreadable,

    /// <summary>This client may not write any more, since it no longer holds the lease.</summary>
    Fenced,
}

/// <summary>What was tried, on what, and what the other side said.</summary>
public sealed class KubeException(Fault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public Fault Fault { get; } = fault;

    /// <summary>Null when the server gave no usable Status object.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>A write of which nobody knows whether it happened: read before writing again.</summary>
    public bool IsAmbiguous => Fault is Fault.NoAnswer or Fault.ServerFault;

    public static KubeException Of(KubeRequest request, Refusal refusal) =>
        new(refusal.Status >= 500 ? Fault.ServerFault : Fault.Refused,
            $"{request}: the API server answered {refusal.Status} {refusal.Reason}: {refusal.Message}")
        { Refusal = refusal };
}
