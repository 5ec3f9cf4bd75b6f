using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd.Cel;

internal sealed record CelType(string Name);

internal sealed record CelOptional(bool HasValue, object? Value)
{
    public static CelOptional None { get; } = new(false, null);
}

/// <summary>A map, or an object of the API; entries in the order in which they were written.</summary>
internal sealed class CelObject(IReadOnlyList<(object? Key, object? Value)> entries)
{
    public IReadOnlyList<(object? Key, object? Value)> Entries => entries;

    public bool TryGet(object? key, out object? value)
    {
        foreach (var entry in entries)
        {
            if (CelValues.AreEqual(entry.Key, key))
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }
}

/// <summary>What values are: made from JSON by its schema, compared, indexed, shown.</summary>
internal static class CelValues
{
    private static readonly string[] Reserved =
        ["true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
            "let", "loop", "package", "namespace", "return", "var", "void", "while"];

    public static object? From(JsonNode? node, Schema? schema) => node switch
    {
        null => null,
        JsonArray list => list.Select(item => From(item, schema?.Items)).ToArray(),
        JsonObject o => new CelObject([.. o.Select(p => Entry(p.Key, p.Value, schema))]),
        _ => Scalar((JsonValue)node, schema),
    };

    public static bool TryField(object? target, string field, out object? value)
    {
        value = null;
        return target switch
        {
            CelObject o => o.TryGet(field, out value),
            _ => throw new CelFault($"no such overload: type '{TypeName(target)}' does not support field selection"),
        };
    }

    public static bool TryIndex(object? target, object? index, out object? value)
    {
        value = null;
        switch (target)
        {
            case IReadOnlyList<object?> list:
                var at = index switch
                {
                    long whole => whole,
                    ulong natural => (long)natural,
                    double real when Math.Floor(real) == real => (long)real,
                    _ => throw CelFault.NoOverload,
                };
                if (at < 0 || at >= list.Count)
                    return false;
                value = list[(int)at];
                return true;
            case CelObject o:
                return o.TryGet(index, out value);
            default:
                throw CelFault.NoOverload;
        }
    }

    /// <summary>Index or key, and value.</summary>
    public static IEnumerable<(object? Key, object? Value)> Entries(object? range) => range switch
    {
        IReadOnlyList<object?> list => list.Select((value, i) => ((object?)(long)i, value)),
        CelObject o => o.Entries,
        _ => throw CelFault.NoOverload,
    };

    public static bool Truth(object? value) => value is bool truth ? truth : throw CelFault.NoOverload;

    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (long or ulong or double, long or ulong or double) => Compare(left, right) == 0,
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) =>
            a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (CelObject a, CelObject b) => a.Entries.Count == b.Entries.Count
            && a.Entries.All(e => b.TryGet(e.Key, out var other) && AreEqual(e.Value, other)),
        _ => left.Equals(right),
    };

    public static int Compare(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => a.CompareTo(b),
        (ulong a, ulong b) => a.CompareTo(b),
        (long a, ulong b) => a < 0 ? -1 : ((ulong)a).CompareTo(b),
        (ulong a, long b) => b < 0 ? 1 : a.CompareTo((ulong)b),
        (long or ulong or double, long or ulong or double) => ToDouble(left).CompareTo(ToDouble(right)),
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (TimeSpan a, TimeSpan b) => a.CompareTo(b),
        _ => throw CelFault.NoOverload,
    };

    public static double ToDouble(object? value) => value switch
    {
        long whole => whole,
        ulong natural => natural,
        double real => real,
        _ => throw CelFault.NoOverload,
    };

    public static string Show(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        IFormattable other and not DateTimeOffset and not TimeSpan =>
            other.ToString(null, CultureInfo.InvariantCulture),
        DateTimeOffset time =>
            time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        TimeSpan span => span.TotalSeconds.ToString("R", CultureInfo.InvariantCulture) + "s",
        byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
        _ => value.ToString() ?? "",
    };

    public static string TypeName(object? value) => value switch
    {
        null => "null_type",
        long => "int",
        ulong => "uint",
        double => "double",
        string => "string",
        bool => "bool",
        byte[] => "bytes",
        CelObject => "map",
        IReadOnlyList<object?> => "list",
        DateTimeOffset => "google.protobuf.Timestamp",
        TimeSpan => "google.protobuf.Duration",
        CelType => "type",
        _ => value.GetType().Name,
    };

    /// <summary>Field names that are no identifiers are written with escapes: <c>__dash__</c> and so on.</summary>
    public static string Escape(string name) => Reserved.Contains(name)
        ? $"__{name}__"
        : name.Replace("__", "__underscores__", StringComparison.Ordinal)
            .Replace(".", "__dot__", StringComparison.Ordinal)
            .Replace("-", "__dash__", StringComparison.Ordinal)
            .Replace("/", "__slash__", StringComparison.Ordinal);

    private static (object? Key, object? Value) Entry(string name, JsonNode? value, Schema? schema) =>
        schema?.Property(name) is { } field
            ? (Escape(name), From(value, field))
            : (name, From(value, schema?.AdditionalProperties));

    private static object? Scalar(JsonValue value, Schema? schema)
    {
        var text = value.ToJsonString();
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.Number when schema?.Type != "number"
                && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                return whole;
            case JsonValueKind.Number:
                return double.Parse(text, CultureInfo.InvariantCulture);
        }

        var read = value.GetValue<string>();
        return schema?.Format switch
        {
            "date-time" when DateTimeOffset.TryParse(
                read, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
            "duration" when CelTime.TryDuration(read, out var span) => span,
            "byte" => Convert.TryFromBase64String(read, new byte[read.Length], out _)
                ? Convert.FromBase64String(read) : read,
            _ => read,
        };
    }
}
