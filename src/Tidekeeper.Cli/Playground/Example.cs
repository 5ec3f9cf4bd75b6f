namespace Tidekeeper.Cli.Playground;

/// <summary>The manifest that <c>tide up</c> applies when it is given none.</summary>
internal static class Example
{
    /// <summary>examples/tidb/basic.yaml, copied beside the tool when it is built.</summary>
    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "examples", "tidb", "basic.yaml");
}
