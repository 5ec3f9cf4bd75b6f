using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>How two texts compare.</summary>
internal enum TextOrder
{
    /// <summary>Byte by byte; a trailing space counts.</summary>
    Bytes,

    /// <summary>Byte by byte; trailing spaces do not count: utf8mb4_bin, TiDB's default.</summary>
    Binary,

    /// <summary>
    /// Without case: what the _ci collations do to letters. Accents stay different, which general_ci and
    /// 0900_ai_ci of a real server would ignore.
    /// </summary>
    IgnoreCase,
}

/// <summary>The collations that are known, and what they do to comparison, keys and sorting.</summary>
internal static class Collations
{
    public const string Default = "utf8mb4_bin";

    /// <summary>Name, character set, number, default of its set.</summary>
    public static IReadOnlyList<(string Name, string Charset, int Id, bool Default)> All { get; } =
    [
        ("ascii_bin", "ascii", 65, true),
        ("binary", "binary", 63, true),
        ("gbk_chinese_ci", "gbk", 28, true),
        ("latin1_bin", "latin1", 47, true),
        ("utf8_bin", "utf8", 83, true),
        ("utf8_general_ci", "utf8", 33, false),
        ("utf8_unicode_ci", "utf8", 192, false),
        ("utf8mb4_0900_ai_ci", "utf8mb4", 255, false),
        ("utf8mb4_0900_bin", "utf8mb4", 309, false),
        ("utf8mb4_bin", "utf8mb4", 46, true),
        ("utf8mb4_general_ci", "utf8mb4", 45, false),
        ("utf8mb4_unicode_ci", "utf8mb4", 224, false),
    ];

    public static string CharsetOf(string collation) =>
        collation == "binary" ? "binary" : collation.Split('_')[0];

    /// <summary>The collation as known, in lower case; error 1273 for another.</summary>
    public static string Known(string collation)
    {
        var name = collation.ToLowerInvariant().Replace("utf8mb3_", "utf8_", StringComparison.Ordinal);
        return All.Any(c => c.Name == name)
            ? name
            : throw new SqlFault(1273, "HY000", $"Unknown collation: '{collation}'");
    }

    /// <summary>The default collation of a character set; error 1115 for an unknown set.</summary>
    public static string OfCharset(string charset)
    {
        var name = charset.ToLowerInvariant().Replace("utf8mb3", "utf8", StringComparison.Ordinal);
        foreach (var collation in All)
            if (collation.Charset == name && collation.Default)
                return collation.Name;
        throw new SqlFault(1115, "42000", $"Unknown character set: '{charset}'");
    }

    public static TextOrder Order(ColumnType type) =>
        type.IsBinary || type.Name == TypeName.Json ? TextOrder.Bytes : Order(type.Collation);

    public static TextOrder Order(string collation) =>
        collation == "binary" || collation == "utf8mb4_0900_bin" ? TextOrder.Bytes
        : collation.EndsWith("_ci", StringComparison.Ordinal) ? TextOrder.IgnoreCase
        : TextOrder.Binary;

    /// <summary>The order for comparing two expressions: bytes win over no case, no case over the default.</summary>
    public static TextOrder Of(ColumnType left, ColumnType right)
    {
        if (left.IsBinary || right.IsBinary)
            return TextOrder.Bytes;
        var a = left.IsCharacters ? Order(left.Collation) : TextOrder.Binary;
        var b = right.IsCharacters ? Order(right.Collation) : TextOrder.Binary;
        return a == TextOrder.IgnoreCase || b == TextOrder.IgnoreCase ? TextOrder.IgnoreCase
            : a == TextOrder.Bytes ? a : b;
    }

    public static int Compare(string a, string b, TextOrder order) =>
        order == TextOrder.Bytes ? ByteText.Compare(a, b) : ByteText.Compare(Fold(a, order), Fold(b, order));

    /// <summary>A text such that equal texts fold to the same one, and the order of bytes is the order.</summary>
    public static string Fold(string text, TextOrder order) => order switch
    {
        TextOrder.Bytes => text,
        TextOrder.Binary => text.Length > 0 && text[^1] == ' ' ? text.TrimEnd(' ') : text,
        _ => text.TrimEnd(' ').ToUpperInvariant(),
    };
}
