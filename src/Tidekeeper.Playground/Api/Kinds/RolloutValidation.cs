using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Bounds that are a count or a share of all, such as <c>maxSurge: 25%</c>.</summary>
internal static class RolloutValidation
{
    private const string PercentText = "a valid percent string must be a numeric string followed by an ending '%'"
        + " (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    public static void CheckCountOrShare(JsonNode? bound, string path, FieldErrors errors)
    {
        if (bound.Text() is { } share)
        {
            if (!IsShare(share))
                errors.Invalid(path, share, PercentText);
        }
        else if (bound.Number() is < 0 and var count)
            errors.Invalid(path, count, "must be greater than or equal to 0");
    }

    public static void CheckAtMostAll(JsonNode? bound, string path, FieldErrors errors)
    {
        if (bound.Text() is { } share && IsShare(share) && Share(share) > 100)
            errors.Invalid(path, share, "must not be greater than 100%");
    }

    /// <summary>The count, or the percentage; 0 when there is none.</summary>
    public static long Size(JsonNode? bound) =>
        bound.Text() is { } share ? IsShare(share) ? Share(share) : 0 : bound.Number() ?? 0;

    private static bool IsShare(string text) =>
        text.Length is > 1 and < 10 && text[^1] == '%' && text[..^1].All(char.IsAsciiDigit);

    private static long Share(string text) => long.Parse(text[..^1], CultureInfo.InvariantCulture);
}
