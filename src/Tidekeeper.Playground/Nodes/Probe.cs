using System.Text.Json.Nodes;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// One probe of a running container. tcpSocket and httpGet are asked over the pod network. An exec probe cannot be
/// run, since nothing in a simulated container is a real process: a curl or wget in it becomes the HTTP request that
/// it would make, anything else succeeds.
/// </summary>
internal sealed class Probe
{
    private readonly PodNetwork _network;
    private readonly JsonObject _container;
    private readonly string _address;
    private readonly JsonObject _spec;
    private readonly TimeSpan _period;
    private readonly TimeSpan _timeout;
    private DateTimeOffset _next;
    private DateTimeOffset? _askedAt;
    private int _serial;
    private long _inARow;
    private bool _lastGood;
    private (bool Good, string Why)? _answer;

    public Probe(PodNetwork network, JsonObject container, string address, JsonObject spec, DateTimeOffset startedAt)
    {
        (_network, _container, _address, _spec) = (network, container, address, spec);
        _period = TimeSpan.FromSeconds(Math.Max(1, spec.Number("periodSeconds") ?? 10));
        _timeout = TimeSpan.FromSeconds(Math.Max(1, spec.Number("timeoutSeconds") ?? 1));
        _next = startedAt.AddSeconds(spec.Number("initialDelaySeconds") ?? 0);
    }

    /// <summary>Null until the thresholds have been reached for the first time.</summary>
    public bool? Passes { get; private set; }

    /// <summary>Why the last attempt failed; taken once by whoever reports it.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Whether an answer has come since it was asked.</summary>
    public bool HasNews => _askedAt is not null && _answer is not null;

    /// <param name="eager">
    /// Asks every second instead of every period while it does not pass yet: the world is faster than real
    /// containers, and nobody gains from waiting ten seconds for the second look.
    /// </param>
    public DateTimeOffset Act(DateTimeOffset now, bool eager)
    {
        Complaint = null;
        if (_askedAt is null && now >= _next)
        {
            _askedAt = now;
            _answer = null;
            Ask(++_serial);
        }

        if (_askedAt is { } since)
        {
            if (_answer is null && now >= since + _timeout)
                _answer = (false, "context deadline exceeded (timeout while waiting for an answer)");
            if (_answer is not { } answer)
                return since + _timeout;
            _askedAt = null;
            _serial++;
            Count(answer.Good, answer.Why);
            var pause = eager && Passes != true ? TimeSpan.FromSeconds(1) : _period;
            _next = since + (pause < _period ? pause : _period);
            if (_next <= now)
                _next = now + pause;
        }

        return _next;
    }

    private void Count(bool good, string why)
    {
        _inARow = good == _lastGood ? _inARow + 1 : 1;
        _lastGood = good;
        if (!good)
            Complaint = why;
        var threshold = good ? _spec.Number("successThreshold") ?? 1 : _spec.Number("failureThreshold") ?? 3;
        if (_inARow >= threshold)
            Passes = good;
    }

    private void Ask(int serial)
    {
        if (_spec.ObjectAt("tcpSocket") is { } tcp)
            Connect(serial, Port(tcp), tcp.Text("host") ?? _address);
        else if (_spec.ObjectAt("httpGet") is { } http)
            Get(serial, http.Text("host") ?? _address, Port(http), http.Text("path") ?? "/");
        else if (_spec.ObjectAt("exec") is { } exec && CommandUrl(exec) is { } url)
            Get(serial, _address, url.Port, url.PathAndQuery);
        else
            Answer(serial, true, "");
    }

    private void Connect(int serial, int port, string host)
    {
        if (_network.At(host, port) is not null && _network.Reachable(_address, host, port))
            Answer(serial, true, "");
        else if (_network.Outside is not null)
            Get(serial, host, port, "/", anyAnswer: true);
        else
            Answer(serial, false, $"dial tcp {host}:{port}: connect: connection refused");
    }

    private void Get(int serial, string host, int port, string path, bool anyAnswer = false) =>
        _network.Send(_address, host, port, new HttpCall("GET", path), reply =>
        {
            if (reply is null)
                Answer(serial, false, $"Get \"http://{host}:{port}{path}\": dial tcp {host}:{port}: connect: "
                    + "connection refused");
            else if (anyAnswer || reply.Status is >= 200 and < 400)
                Answer(serial, true, "");
            else
                Answer(serial, false, $"HTTP probe failed with statuscode: {reply.Status}");
        });

    /// <summary>An answer to an attempt that has been given up is not listened to.</summary>
    private void Answer(int serial, bool good, string why)
    {
        if (serial == _serial)
            _answer = (good, why);
    }

    private int Port(JsonObject action)
    {
        if (action.Number("port") is { } number)
            return (int)number;
        var name = action.Text("port");
        if (int.TryParse(name, out var digits))
            return digits;
        return (int)(_container.ObjectsAt("ports").FirstOrDefault(p => p.Text("name") == name)
            .Number("containerPort") ?? 0);
    }

    private static Uri? CommandUrl(JsonObject exec)
    {
        var words = exec.TextsAt("command").SelectMany(w => w.Split([' ', '"', '\'', '`'],
            StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (!words.Exists(w => w is "curl" or "wget"))
            return null;
        var url = words.Find(w => w.StartsWith("http", StringComparison.Ordinal)
            || w.StartsWith("127.0.0.1", StringComparison.Ordinal)
            || w.StartsWith("localhost", StringComparison.Ordinal));
        if (url is not null && !url.StartsWith("http", StringComparison.Ordinal))
            url = "http://" + url;
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed : null;
    }
}
