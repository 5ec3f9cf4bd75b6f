namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>
/// An expression that cannot be read or cannot be evaluated; the text is what the real server would say.
/// </summary>
public sealed class CelFault(string message, int position = -1) : Exception(message)
{
    /// <summary>Where in the expression, from 0; -1 when it only showed at evaluation.</summary>
    public int Position { get; } = position;

    public static CelFault NoOverload => new("no such overload");
}
