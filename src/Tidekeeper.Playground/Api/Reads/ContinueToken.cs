using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>Where the next page of a list begins, and at which revision the list was begun.</summary>
internal sealed record ContinueToken(long Revision, string Start)
{
    private const string Version = "meta.k8s.io/v1";

    public override string ToString()
    {
        var json = new JsonObject { ["v"] = Version, ["rv"] = Revision, ["start"] = "/" + Start };
        return Convert.ToBase64String(JsonText.Bytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    public static ContinueToken Parse(string text)
    {
        var json = Decode(text);
        if (json.Length > 0 && !"{[\"tfn-0123456789 ".Contains((char)json[0]))
            throw Invalid($"invalid character '{(char)json[0]}' looking for beginning of value");
        try
        {
            var token = JsonNode.Parse(json) as JsonObject;
            if (token.Text("v") != Version)
                throw Invalid("server does not recognize this encoded version " + token.Text("v"));
            if (token.Text("start") is { Length: > 0 } start && token.Number("rv") is { } revision)
                return new ContinueToken(revision, start.TrimStart('/'));
            throw Invalid("encoded start key empty (version " + Version + ")");
        }
        catch (JsonException)
        {
            throw Invalid("unexpected end of JSON input");
        }
    }

    private static byte[] Decode(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsAsciiLetterOrDigit(text[at]) && text[at] is not ('-' or '_'))
                throw Invalid($"illegal base64 data at input byte {at}");
        }

        if (text.Length % 4 == 1)
            throw Invalid($"illegal base64 data at input byte {text.Length - 1}");
        var padded = text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - text.Length % 4) % 4);
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Convert.FromBase64String(padded)));
    }

    private static ApiFault Invalid(string why) =>
        ApiFault.BadRequest("invalid continue token: continue key is not valid: " + why);
}
