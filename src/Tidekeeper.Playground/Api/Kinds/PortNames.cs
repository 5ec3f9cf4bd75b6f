using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Names of ports (IANA service names), and fields that take a port's name or its number.</summary>
internal static class PortNames
{
    /// <summary>False when something was wrong.</summary>
    public static bool Check(string name, string path, FieldErrors errors)
    {
        var before = new List<string>();
        if (name.Length > 15)
            before.Add("must be no more than 15 characters");
        if (!name.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each == '-'))
            before.Add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        if (!name.Any(each => char.IsAsciiLetterLower(each)))
            before.Add("must contain at least one letter (a-z)");
        if (name.Contains("--", StringComparison.Ordinal))
            before.Add("must not contain consecutive hyphens");
        if (name.StartsWith('-') || name.EndsWith('-'))
            before.Add("must not begin or end with a hyphen");
        foreach (var problem in before)
            errors.Invalid(path, name, problem);
        return before.Count == 0;
    }

    public static void CheckEither(JsonNode? port, string path, FieldErrors errors)
    {
        if (port.Text() is { } name)
            Check(name, path, errors);
        else if (port.Number() is { } number and not (>= 1 and <= 65535))
            errors.Invalid(path, number, "must be between 1 and 65535, inclusive");
    }
}
