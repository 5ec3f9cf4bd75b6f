namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal enum TypeName
{
    TinyInt, SmallInt, MediumInt, Int, BigInt, Decimal, Float, Double, Bit, Year,
    Char, VarChar, Binary, VarBinary, TinyText, Text, MediumText, LongText,
    TinyBlob, Blob, MediumBlob, LongBlob, Enum, Json, Date, DateTime, Timestamp, Time, Null,
}

/// <summary>The type of a column or of an expression.</summary>
/// <param name="Length">Characters, bytes, digits or bits; -1 when it was not said.</param>
/// <param name="Scale">Digits after the point of a decimal, or of the seconds; -1 when it was not said.</param>
internal sealed record ColumnType(TypeName Name, int Length = -1, int Scale = -1)
{
    public bool Unsigned { get; init; }
    public bool ZeroFill { get; init; }

    /// <summary>Collation of a text; ignored by others.</summary>
    public string Collation { get; init; } = Collations.Default;

    /// <summary>What an enum may be.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public static ColumnType BigInt { get; } = new(TypeName.BigInt, 20);
    public static ColumnType UnsignedBigInt { get; } = new(TypeName.BigInt, 20) { Unsigned = true };
    public static ColumnType Boolean { get; } = new(TypeName.BigInt, 1);
    public static ColumnType Double { get; } = new(TypeName.Double);
    public static ColumnType Text { get; } = new(TypeName.VarChar, 1024);
    public static ColumnType Blob { get; } = new(TypeName.LongBlob);
    public static ColumnType DateTime { get; } = new(TypeName.DateTime);
    public static ColumnType Nothing { get; } = new(TypeName.Null);

    public static ColumnType Decimal(int scale) => new(TypeName.Decimal, 28, Math.Min(scale, 28));

    public bool IsInteger => Name <= TypeName.BigInt || Name is TypeName.Year or TypeName.Bit;
    public bool IsNumber => Name <= TypeName.Year;
    public bool IsBlob => Name is TypeName.TinyBlob or TypeName.Blob or TypeName.MediumBlob or TypeName.LongBlob;
    public bool IsBinary => IsBlob || Name is TypeName.Binary or TypeName.VarBinary;
    public bool IsTextBlob => Name is >= TypeName.TinyText and <= TypeName.LongText;
    public bool IsCharacters => Name is TypeName.Char or TypeName.VarChar or TypeName.Enum || IsTextBlob;
    public bool IsString => IsCharacters || IsBinary || Name == TypeName.Json;
    public bool IsTemporal => Name is >= TypeName.Date and <= TypeName.Time;

    /// <summary>Digits after the point when that can be told, else 0.</summary>
    public int Digits => Name == TypeName.Decimal ? Math.Max(Scale, 0) : 0;

    /// <summary>
    /// How it is written in SHOW CREATE TABLE and information_schema, without the character set. Since v8.5 TiDB shows
    /// the display width of integers only for tinyint(1) and ZEROFILL.
    /// </summary>
    public string Describe()
    {
        var sign = (Unsigned ? " unsigned" : "") + (ZeroFill ? " zerofill" : "");
        var name = TypeNames.Of(Name);
        return Name switch
        {
            TypeName.TinyInt or TypeName.SmallInt or TypeName.MediumInt or TypeName.Int or TypeName.BigInt =>
                name + (ZeroFill || (Name == TypeName.TinyInt && Length == 1) ? $"({Length})" : "") + sign,
            TypeName.Decimal => $"{name}({Length},{Math.Max(Scale, 0)}){sign}",
            TypeName.Float or TypeName.Double => name + (Scale >= 0 ? $"({Length},{Scale})" : "") + sign,
            TypeName.Year => "year(4)",
            TypeName.Bit or TypeName.Char or TypeName.Binary => $"{name}({Math.Max(Length, 1)})",
            TypeName.VarChar or TypeName.VarBinary => $"{name}({Length})",
            TypeName.Enum => $"enum({string.Join(',', Values.Select(v => "'" + v.Replace("'", "''") + "'"))})",
            TypeName.DateTime or TypeName.Timestamp or TypeName.Time => name + (Scale > 0 ? $"({Scale})" : ""),
            _ => name,
        };
    }

    /// <summary>Longest value: characters of a text, bytes of a binary; null when only memory limits it.</summary>
    public long? MaxLength => Name switch
    {
        TypeName.Char or TypeName.Binary => Math.Max(Length, 1),
        TypeName.VarChar or TypeName.VarBinary => Length,
        TypeName.TinyText or TypeName.TinyBlob => 255,
        TypeName.Text or TypeName.Blob => 65535,
        TypeName.MediumText or TypeName.MediumBlob => 16777215,
        TypeName.LongText or TypeName.LongBlob => 4294967295,
        TypeName.Enum => Values.Count == 0 ? 0 : Values.Max(v => v.Length),
        _ => null,
    };

    /// <summary>The number of the type in the MySQL protocol.</summary>
    public byte Protocol => Name switch
    {
        TypeName.TinyInt => 1,
        TypeName.SmallInt => 2,
        TypeName.MediumInt => 9,
        TypeName.Int => 3,
        TypeName.BigInt => 8,
        TypeName.Decimal => 246,
        TypeName.Float => 4,
        TypeName.Double => 5,
        TypeName.Bit => 16,
        TypeName.Year => 13,
        TypeName.Date => 10,
        TypeName.DateTime => 12,
        TypeName.Timestamp => 7,
        TypeName.Time => 11,
        TypeName.Json => 245,
        TypeName.Null => 6,
        TypeName.Char or TypeName.Binary or TypeName.Enum => 254,
        TypeName.VarChar or TypeName.VarBinary => 253,
        _ => 252,
    };
}
