using System.Text.Json;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>
/// What is wrong with a text that should be JSON, in the words of Go's decoder as far as they are simple.
/// </summary>
internal static class JsonSyntax
{
    public static string? Problem(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        var last = JsonTokenType.None;
        try
        {
            while (reader.Read())
                last = reader.TokenType;
            return body.Length == 0 ? "unexpected end of JSON input" : null;
        }
        catch (JsonException problem)
        {
            var at = (int)Math.Min(Offset(body, problem), body.Length);
            while (at < body.Length && body[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                at++;
            if (at >= body.Length)
                return "unexpected end of JSON input";
            return $"invalid character '{(char)body[at]}' {Where(last, body, at)}";
        }
    }

    private static string Where(JsonTokenType last, byte[] body, int at) => last switch
    {
        JsonTokenType.StartObject => "looking for beginning of object key string",
        JsonTokenType.PropertyName when Previous(body, at) != ':' => "after object key",
        JsonTokenType.None or JsonTokenType.PropertyName or JsonTokenType.StartArray =>
            "looking for beginning of value",
        _ when Previous(body, at) == ',' => "looking for beginning of object key string",
        JsonTokenType.EndObject or JsonTokenType.EndArray => "after top-level value",
        _ => "after object key:value pair",
    };

    private static char Previous(byte[] body, int at)
    {
        for (at--; at >= 0; at--)
        {
            if (!char.IsWhiteSpace((char)body[at]))
                return (char)body[at];
        }

        return '\0';
    }

    private static long Offset(byte[] body, JsonException problem)
    {
        long offset = problem.BytePositionInLine ?? 0;
        var line = problem.LineNumber ?? 0;
        for (var at = 0; at < body.Length && line > 0; at++)
        {
            offset++;
            if (body[at] == '\n' && --line == 0)
                break;
        }

        return line > 0 ? body.Length : offset;
    }
}
