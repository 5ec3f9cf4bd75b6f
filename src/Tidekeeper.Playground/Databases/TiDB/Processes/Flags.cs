namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// The flags that a start script gave to a binary: <c>--name=value</c>, <c>--name value</c>, one dash or two. What the
/// binary does not know ends its start, as with the real ones.
/// </summary>
internal sealed class Flags
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <param name="words">Without the binary's name.</param>
    /// <param name="known">Names with blanks between; one with a <c>!</c> after it takes no value.</param>
    public Flags(IReadOnlyList<string> words, string known)
    {
        var names = known.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith('-'))
                throw new ConfigFault($"unexpected argument '{words[i]}'");
            var (name, value) = words[i].TrimStart('-').Split('=', 2) is [var key, var given] ? (key, given)
                : (words[i].TrimStart('-'), null);
            var isSwitch = names.Contains(name + "!", StringComparer.Ordinal);
            if (!isSwitch && !names.Contains(name, StringComparer.Ordinal))
                throw new ConfigFault($"flag provided but not defined: -{name}");
            if (value is null && !isSwitch)
                value = ++i < words.Count ? words[i] : throw new ConfigFault($"flag needs an argument: -{name}");
            _values[name] = value ?? "true";
        }
    }

    public static Flags None { get; } = new([], "");

    /// <summary>Null when it was not given, or given without a text.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public bool Has(string name) => this[name] == "true";

    /// <summary>Of an address with or without a scheme, the host.</summary>
    public string? Host(string name) => this[name] is { } address ? Parse(address)?.Host ?? address : null;

    /// <summary>Of an address or of a bare number, the port.</summary>
    public int? Port(string name) => this[name] switch
    {
        null => null,
        var text when int.TryParse(text, out var number) => number,
        var text => Parse(text)?.Port ?? throw new ConfigFault($"--{name} {text}: no port in it"),
    };

    private static Uri? Parse(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
    }
}
