namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Names of types as written in SQL.</summary>
internal static class TypeNames
{
    private static readonly SortedDictionary<string, TypeName> _byName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TINYINT"] = TypeName.TinyInt,
        ["BOOL"] = TypeName.TinyInt,
        ["BOOLEAN"] = TypeName.TinyInt,
        ["SMALLINT"] = TypeName.SmallInt,
        ["INT2"] = TypeName.SmallInt,
        ["MEDIUMINT"] = TypeName.MediumInt,
        ["INT"] = TypeName.Int,
        ["INTEGER"] = TypeName.Int,
        ["INT4"] = TypeName.Int,
        ["BIGINT"] = TypeName.BigInt,
        ["INT8"] = TypeName.BigInt,
        ["SERIAL"] = TypeName.BigInt,
        ["DECIMAL"] = TypeName.Decimal,
        ["NUMERIC"] = TypeName.Decimal,
        ["DEC"] = TypeName.Decimal,
        ["FIXED"] = TypeName.Decimal,
        ["FLOAT"] = TypeName.Float,
        ["DOUBLE"] = TypeName.Double,
        ["REAL"] = TypeName.Double,
        ["BIT"] = TypeName.Bit,
        ["YEAR"] = TypeName.Year,
        ["CHAR"] = TypeName.Char,
        ["CHARACTER"] = TypeName.Char,
        ["NCHAR"] = TypeName.Char,
        ["VARCHAR"] = TypeName.VarChar,
        ["NVARCHAR"] = TypeName.VarChar,
        ["VARCHARACTER"] = TypeName.VarChar,
        ["BINARY"] = TypeName.Binary,
        ["VARBINARY"] = TypeName.VarBinary,
        ["TINYTEXT"] = TypeName.TinyText,
        ["TEXT"] = TypeName.Text,
        ["MEDIUMTEXT"] = TypeName.MediumText,
        ["LONGTEXT"] = TypeName.LongText,
        ["LONG"] = TypeName.MediumText,
        ["TINYBLOB"] = TypeName.TinyBlob,
        ["BLOB"] = TypeName.Blob,
        ["MEDIUMBLOB"] = TypeName.MediumBlob,
        ["LONGBLOB"] = TypeName.LongBlob,
        ["ENUM"] = TypeName.Enum,
        ["JSON"] = TypeName.Json,
        ["DATE"] = TypeName.Date,
        ["DATETIME"] = TypeName.DateTime,
        ["TIMESTAMP"] = TypeName.Timestamp,
        ["TIME"] = TypeName.Time,
    };

    public static TypeName? Find(string word) => _byName.TryGetValue(word, out var name) ? name : null;

    /// <summary>The name as information_schema writes it.</summary>
    public static string Of(TypeName name) => name switch
    {
        TypeName.TinyInt => "tinyint",
        TypeName.SmallInt => "smallint",
        TypeName.MediumInt => "mediumint",
        TypeName.Int => "int",
        TypeName.BigInt => "bigint",
        TypeName.DateTime => "datetime",
        TypeName.VarChar => "varchar",
        TypeName.VarBinary => "varbinary",
        _ => name.ToString().ToLowerInvariant(),
    };
}
