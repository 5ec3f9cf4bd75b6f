using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>Checks the query of a write: what the server does not understand it must not pass over.</summary>
internal static class WriteOptions
{
    public const int LongestManager = 128;

    public static void Check(ApiRequest request)
    {
        var errors = new FieldErrors();
        if (request.Option("dryRun") is { } dryRun and not "All")
            errors.Unsupported("dryRun", new JsonArray(dryRun), "All");
        if (request.Option("fieldManager") is { Length: > LongestManager })
            errors.TooLong("fieldManager", LongestManager);
        if (request.Option("fieldManager") is { } manager)
            CheckPrintable(manager, errors);
        if (request.Option("fieldValidation") is { } validation and not ("Ignore" or "Strict" or "Warn"))
            errors.Unsupported("fieldValidation", validation, "Ignore", "Strict", "Warn");
        errors.ThrowIfAny("meta.k8s.io", request.Method switch
        {
            "POST" => "CreateOptions",
            "PUT" => "UpdateOptions",
            "DELETE" => "DeleteOptions",
            _ => "PatchOptions",
        }, "");
    }

    private static void CheckPrintable(string manager, FieldErrors errors)
    {
        foreach (var (at, letter) in manager.Index())
        {
            if (!char.IsControl(letter))
                continue;
            errors.Invalid("fieldManager", manager, $"invalid character U+{(int)letter:X4} (at position {at})");
            return;
        }
    }
}
