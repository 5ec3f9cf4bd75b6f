namespace Tidekeeper.Model.Crds;

/// <summary>The values that a string may have; anything else is refused, never replaced by a default.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValuesAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>
/// Bounds of a number, of a string's length or of a list's length; a regular expression for a string.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LimitsAttribute : Attribute
{
    public long Minimum { get; init; } = long.MinValue;
    public long Maximum { get; init; } = long.MaxValue;
    public int MinLength { get; init; } = -1;
    public int MaxLength { get; init; } = -1;
    public int MinItems { get; init; } = -1;
    public int MaxItems { get; init; } = -1;
    public string? Pattern { get; init; }
}

/// <summary>The field must be there. C# reads an absent one as null or zero, and the schema check names it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MandatoryAttribute : Attribute;

/// <summary>What the API server fills in where the user wrote nothing, as JSON.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilledInAttribute(string json) : Attribute
{
    public string Json { get; } = json;
}

/// <summary>A rule in CEL that the API server checks, with what it says when the rule is broken.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class RuleAttribute(string expression, string message) : Attribute
{
    public string Expression { get; } = expression;
    public string Message { get; } = message;

    /// <summary>The field that the message is about, relative to where the rule stands.</summary>
    public string? FieldPath { get; init; }

    /// <summary>The message as an expression that names the values; the plain one stands in where it fails.</summary>
    public string? Says { get; init; }

    /// <summary>What kind of error clients are told, <c>FieldValueRequired</c> where something is missing.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a property of free JSON holds, since its C# type does not say.</summary>
internal enum Shape
{
    /// <summary>An object with any fields.</summary>
    AnyObject,

    /// <summary>A list of objects with any fields.</summary>
    AnyObjects,

    /// <summary>TOML text, or the same as an object.</summary>
    Toml,

    /// <summary>A map from a resource's name to a quantity, which may be a string or a number.</summary>
    Quantities,
}

/// <summary>The shape of a property of free JSON.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapeAttribute(Shape shape) : Attribute
{
    public Shape Shape { get; } = shape;
}

/// <summary>A list that is a map by these keys, so that several writers can each own their elements.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListMapAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys { get; } = keys;
}
