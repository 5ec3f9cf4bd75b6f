using System.Globalization;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>A field of a type in protocol buffers.</summary>
/// <param name="Name">Its name in JSON; for an inline one the type whose fields it brings.</param>
/// <param name="IsPointer">True when the zero value differs from none.</param>
public sealed record ProtobufField(string Name, bool IsInline, bool IsPointer);

/// <summary>
/// Field numbers of the builtin types, from the embedded <c>protobuf-fields.txt</c>: on each line a type and its
/// fields,
/// <c>3=name</c>, <c>4=*pointer</c>, <c>2&gt;inline.Type</c>.
/// </summary>
public static class ProtobufFields
{
    private static readonly Lazy<SortedDictionary<string, SortedDictionary<int, ProtobufField>>> _types = new(Load);

    public static ProtobufField? Find(string definition, int number) =>
        _types.Value.GetValueOrDefault(definition)?.GetValueOrDefault(number);

    private static SortedDictionary<string, SortedDictionary<int, ProtobufField>> Load()
    {
        using var stream = typeof(ProtobufFields).Assembly.GetManifestResourceStream("protobuf-fields.txt")
            ?? throw new InvalidOperationException("the embedded resource protobuf-fields.txt is missing");
        using var reader = new StreamReader(stream);
        var types = new SortedDictionary<string, SortedDictionary<int, ProtobufField>>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var fields = new SortedDictionary<int, ProtobufField>();
            foreach (var word in words.Skip(1))
            {
                var at = word.IndexOfAny(['=', '>']);
                var name = word[(at + 1)..];
                fields[int.Parse(word.AsSpan(0, at), CultureInfo.InvariantCulture)] =
                    new ProtobufField(name.TrimStart('*'), word[at] == '>', name.StartsWith('*'));
            }

            types[words[0]] = fields;
        }

        return types;
    }
}
