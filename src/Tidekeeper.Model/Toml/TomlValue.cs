using System.Globalization;

namespace Tidekeeper.Model.Toml;

/// <summary>A value of TOML 1.0. The set is closed.</summary>
public abstract record TomlValue
{
    private protected TomlValue() { }

    /// <summary>The value as TOML, on one line.</summary>
    public sealed override string ToString() => TomlWriter.Inline(this);

    public static implicit operator TomlValue(string text) => new TomlString(text);
    public static implicit operator TomlValue(long number) => new TomlInteger(number);
    public static implicit operator TomlValue(bool truth) => new TomlBoolean(truth);
}

public sealed record TomlString(string Value) : TomlValue;

public sealed record TomlInteger(long Value) : TomlValue;

public sealed record TomlFloat(double Value) : TomlValue;

public sealed record TomlBoolean(bool Value) : TomlValue;

/// <summary>
/// A date, a time or both, with or without an offset. It is kept as written: no configuration of TiDB's components has
/// one, so that nothing needs to be calculated with it.
/// </summary>
public sealed record TomlTime(string Value) : TomlValue;

public sealed record TomlArray(IReadOnlyList<TomlValue> Items) : TomlValue
{
    /// <summary>A list that is written as <c>[[name]]</c> tables.</summary>
    internal bool IsOfTables => Items.Count > 0 && Items.All(item => item is TomlTable);

    public bool Equals(TomlArray? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Count;
}

/// <summary>TOML that cannot be read: where and why.</summary>
public sealed class TomlException(int line, int column, string message)
    : FormatException(string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}: {message}"))
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Counted from 1, in characters.</summary>
    public int Column { get; } = column;
}
