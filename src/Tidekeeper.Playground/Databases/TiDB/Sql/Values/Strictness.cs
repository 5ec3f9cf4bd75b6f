using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// What becomes of a value that does not fit its column: an error, or the nearest value and a warning.
/// </summary>
internal abstract class Strictness
{
    /// <summary>Returns when the value is to be adjusted; throws when it is refused.</summary>
    public abstract void Report(SqlFault fault);
}

internal sealed class Strict : Strictness
{
    public static Strict Instance { get; } = new();

    public override void Report(SqlFault fault) => throw fault;
}

internal sealed class Lenient(Action<SqlFault>? warn) : Strictness
{
    public static Lenient Instance { get; } = new(null);

    public override void Report(SqlFault fault) => warn?.Invoke(fault);
}
