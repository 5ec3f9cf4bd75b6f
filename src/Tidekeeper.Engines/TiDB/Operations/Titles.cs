using Tidekeeper.Engines.TiDB.Objects;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>The components as people write them.</summary>
internal static class Titles
{
    public static string Of(string component) => component switch
    {
        Component.Pd => "PD",
        Component.Tikv => "TiKV",
        Component.Tiflash => "TiFlash",
        Component.Tidb => "TiDB",
        _ => component
    };
}
