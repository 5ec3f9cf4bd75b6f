using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>What ConfigMaps and Secrets have in common: their keys become file names, and they may be sealed.</summary>
internal static partial class ContentKeys
{
    private const int MostBytes = 1024 * 1024;

    public static void Check(string key, string field, FieldErrors errors)
    {
        var path = $"{field}[{key}]";
        if (key.Length > 253)
            errors.Invalid(path, key, "must be no more than 253 characters");
        if (!Shape().IsMatch(key))
        {
            errors.Invalid(path, key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
                + " (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
        }
        else if (key is "." or "..")
            errors.Invalid(path, key, $"must not be '{key}'");
        else if (key.StartsWith("..", StringComparison.Ordinal))
            errors.Invalid(path, key, "must not start with '..'");
    }

    public static void CheckSize(long size, string field, FieldErrors errors)
    {
        if (size > MostBytes)
            errors.TooLong(field, MostBytes);
    }

    public static void CheckImmutable(JsonObject item, JsonObject old, FieldErrors errors, params string[] fields)
    {
        if (old.Flag("immutable") != true)
            return;
        if (item.Flag("immutable") != true)
            errors.Forbidden("immutable", "field is immutable when `immutable` is set");
        foreach (var field in fields)
        {
            if (!ObjectFields.Same(item[field], old[field]))
                errors.Forbidden(field, "field is immutable when `immutable` is set");
        }
    }

    [GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial Regex Shape();
}
