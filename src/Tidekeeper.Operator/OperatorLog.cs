using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Operator;

/// <summary>How much a line matters.</summary>
public enum LogLevel
{
    Info,
    Warning,
    Error,
}

/// <summary>One line: a constant message, and what varies as fields.</summary>
public sealed record LogLine(
    DateTimeOffset At, LogLevel Level, string Message, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>For people: time, level, message, then the fields.</summary>
    public string Plain()
    {
        var text = new StringBuilder();
        text.Append(Stamp).Append(' ').Append(Word.PadRight(5)).Append(' ').Append(Message);
        foreach (var (name, value) in Fields)
            text.Append("  ").Append(name).Append('=').Append(Quoted(value));
        return text.ToString();
    }

    /// <summary>For machines: one JSON object.</summary>
    public string Json()
    {
        var line = new JsonObject { ["time"] = Stamp, ["level"] = Word, ["message"] = Message };
        foreach (var (name, value) in Fields)
            line[name] = value;
        return line.ToJsonString(Readable);
    }

    private string Stamp => At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private string Word => Level switch { LogLevel.Info => "info", LogLevel.Warning => "warn", _ => "error" };

    private static string Quoted(string value)
    {
        var plain = value.Length > 0 && !value.Any(c => c is ' ' or '"' or '=' || char.IsControl(c));
        return plain ? value : JsonValue.Create(value).ToJsonString(Readable);
    }

    // What the API server says is full of quotation marks; nobody reads \u0022, and no log is part of a web page.
    private static JsonSerializerOptions Readable { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>Where the operator's lines go; the sink must not block and must not throw.</summary>
public sealed class OperatorLog(TimeProvider time, Action<LogLine> sink)
{
    public void Info(string message, params IReadOnlyList<(string, string)> fields) =>
        sink(new(time.GetUtcNow(), LogLevel.Info, message, fields));

    public void Warn(string message, params IReadOnlyList<(string, string)> fields) =>
        sink(new(time.GetUtcNow(), LogLevel.Warning, message, fields));

    public void Error(string message, params IReadOnlyList<(string, string)> fields) =>
        sink(new(time.GetUtcNow(), LogLevel.Error, message, fields));
}
