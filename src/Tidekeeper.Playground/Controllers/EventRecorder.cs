using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Writes Kubernetes Events in the name of a component. The same sentence about the same object is counted, not
/// repeated. An event is a courtesy: a refused one is dropped.
/// </summary>
public sealed class EventRecorder(ApiClient api, string component, Func<DateTimeOffset> now, string? host = null)
{
    /// <summary>Sentences remembered for counting; the oldest is forgotten first, as client-go's cache does.</summary>
    private const int Remembered = 4096;

    private readonly Dictionary<string, Key> _known = [];
    private readonly Queue<string> _order = new();
    private long _serial;

    public void Normal(string apiVersion, string kind, JsonObject about, string reason, string message) =>
        Record(apiVersion, kind, about, "Normal", reason, message, null);

    public void Warning(string apiVersion, string kind, JsonObject about, string reason, string message) =>
        Record(apiVersion, kind, about, "Warning", reason, message, null);

    public void Pod(JsonObject pod, string type, string reason, string message, string? container = null) =>
        Record("v1", "Pod", pod, type, reason, message,
            container is null ? null : "spec.containers{" + container + "}");

    private void Record(string apiVersion, string kind, JsonObject about, string type, string reason,
        string message, string? fieldPath)
    {
        var sentence = string.Join('\n', about.Uid(), kind, about.Key(), type, reason, message, fieldPath);
        try
        {
            if (_known.TryGetValue(sentence, out var key) && CountAgain(key))
                return;
            var made = api.Create(Resources.Events, Home(about), Compose(apiVersion, kind, about, type, reason,
                message, fieldPath));
            Remember(sentence, made.Key());
        }
        catch (ApiFault)
        {
        }
    }

    private static string Home(JsonObject about) => about.Namespace() is { Length: > 0 } ns ? ns : "default";

    private bool CountAgain(Key key)
    {
        if (api.Get(Resources.Events, key.Namespace, key.Name) is not { } stored)
            return false;
        var again = stored.Copy();
        again["count"] = (stored.Number("count") ?? 1) + 1;
        again["lastTimestamp"] = now().Stamp();
        api.Update(Resources.Events, again);
        return true;
    }

    private void Remember(string sentence, Key key)
    {
        if (_known.ContainsKey(sentence) is false)
            _order.Enqueue(sentence);
        _known[sentence] = key;
        if (_order.Count > Remembered)
            _known.Remove(_order.Dequeue());
    }

    private JsonObject Compose(string apiVersion, string kind, JsonObject about, string type, string reason,
        string message, string? fieldPath)
    {
        var subject = new JsonObject { ["kind"] = kind };
        if (about.Namespace() is { Length: > 0 } ns)
            subject["namespace"] = ns;
        subject["name"] = about.Name();
        subject["uid"] = about.Uid();
        subject["apiVersion"] = apiVersion;
        if (about.Text("metadata", "resourceVersion") is { } version)
            subject["resourceVersion"] = version;
        if (fieldPath is not null)
            subject["fieldPath"] = fieldPath;
        var at = now();
        var source = new JsonObject { ["component"] = component };
        if (host is not null)
            source["host"] = host;

        // The real suffix is the time in nanoseconds; the serial keeps two sentences of one moment apart.
        var suffix = (at.ToUnixTimeMilliseconds() * 1_000_000 + ++_serial).ToString("x", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = $"{about.Name()}.{suffix}", ["namespace"] = Home(about) },
            ["involvedObject"] = subject,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = source,
            ["firstTimestamp"] = at.Stamp(),
            ["lastTimestamp"] = at.Stamp(),
            ["count"] = 1L,
            ["type"] = type,
            ["eventTime"] = null,
            ["reportingComponent"] = component,
            ["reportingInstance"] = host ?? "",
        };
    }
}
