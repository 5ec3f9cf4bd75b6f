namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>A parsed statement.</summary>
internal abstract record Statement;

/// <summary>Anything that answers rows: a SELECT or a UNION of them.</summary>
internal abstract record Query : Statement
{
    public IReadOnlyList<OrderItem> OrderBy { get; init; } = [];
    public Expr? Limit { get; init; }
    public Expr? Offset { get; init; }
}

internal sealed record Select(IReadOnlyList<SelectItem> Items, FromItem? From) : Query
{
    public bool Distinct { get; init; }
    public Expr? Where { get; init; }
    public IReadOnlyList<Expr> GroupBy { get; init; } = [];
    public Expr? Having { get; init; }
    public bool ForUpdate { get; init; }
}

internal sealed record Union(Query Left, Query Right, bool All) : Query;

/// <summary>One output column; a null expression is <c>*</c>, or <c>table.*</c>.</summary>
internal sealed record SelectItem(Expr? Value, string Label, bool Aliased, string? StarTable = null);

internal sealed record OrderItem(Expr Value, bool Descending);

internal abstract record FromItem;

internal sealed record TableRef(TableName Name, string? Alias) : FromItem;

internal sealed record DerivedTable(Query Query, string Alias) : FromItem;

internal sealed record Join(FromItem Left, FromItem Right, JoinKind Kind, Expr? On, IReadOnlyList<string> Using)
    : FromItem;

internal enum JoinKind { Inner, Left, Right }

internal sealed record TableName(string? Database, string Name);

internal sealed record Insert(TableName Table, IReadOnlyList<string>? Columns, IReadOnlyList<IReadOnlyList<Expr>> Rows)
    : Statement
{
    public Query? Source { get; init; }
    public bool Ignore { get; init; }
    public bool Replace { get; init; }
    public IReadOnlyList<Assignment> OnDuplicate { get; init; } = [];
}

internal sealed record Assignment(ColumnName Column, Expr Value);

internal sealed record Update(TableRef Table, IReadOnlyList<Assignment> Assignments, Expr? Where) : Statement
{
    public IReadOnlyList<OrderItem> OrderBy { get; init; } = [];
    public Expr? Limit { get; init; }
    public bool Ignore { get; init; }
}

internal sealed record Delete(TableRef Table, Expr? Where) : Statement
{
    public IReadOnlyList<OrderItem> OrderBy { get; init; } = [];
    public Expr? Limit { get; init; }
}

internal sealed record CreateDatabase(string Name, bool IfNotExists, string? Charset, string? Collation) : Statement;

internal sealed record AlterDatabase(string? Name, string? Charset, string? Collation) : Statement;

internal sealed record DropDatabase(string Name, bool IfExists) : Statement;

internal sealed record CreateTable(TableName Name, bool IfNotExists) : Statement
{
    public IReadOnlyList<ColumnDefinition> Columns { get; init; } = [];
    public IReadOnlyList<IndexDefinition> Indexes { get; init; } = [];
    public TableOptions Options { get; init; } = new();
    public TableName? Like { get; init; }
}

internal sealed record TableOptions(
    string? Charset = null, string? Collation = null, long? AutoIncrement = null, string? Comment = null);

internal sealed record ColumnDefinition(string Name, ColumnType Type)
{
    public bool NotNull { get; init; }
    public bool AutoIncrement { get; init; }
    public Expr? Default { get; init; }
    public Expr? OnUpdate { get; init; }
    public string Comment { get; init; } = "";

    /// <summary>PRIMARY or UNIQUE when it is written with the column.</summary>
    public IndexKind? Key { get; init; }

    /// <summary>Empty: as the table's.</summary>
    public string Charset { get; init; } = "";
}

internal enum IndexKind { Primary, Unique, Plain }

internal sealed record IndexDefinition(string? Name, IndexKind Kind, IReadOnlyList<IndexPart> Parts);

/// <summary>A column of an index; a length of 0 means the whole column.</summary>
internal sealed record IndexPart(string Column, int Length = 0);

internal sealed record AlterTable(TableName Table, IReadOnlyList<AlterAction> Actions) : Statement;

internal abstract record AlterAction
{
    private AlterAction() { }

    internal sealed record AddColumn(ColumnDefinition Column, string? After, bool First, bool IfNotExists)
        : AlterAction;

    internal sealed record DropColumn(string Name, bool IfExists) : AlterAction;

    internal sealed record ModifyColumn(string OldName, ColumnDefinition Column) : AlterAction;

    internal sealed record RenameColumn(string OldName, string NewName) : AlterAction;

    internal sealed record SetDefault(string Name, Expr? Default) : AlterAction;

    internal sealed record AddIndex(IndexDefinition Index, bool IfNotExists) : AlterAction;

    internal sealed record DropIndex(string Name, bool IfExists) : AlterAction;

    internal sealed record Rename(TableName To) : AlterAction;

    internal sealed record Options(TableOptions Values) : AlterAction;

    /// <summary>ENABLE/DISABLE KEYS and the like: accepted, without effect, as in TiDB.</summary>
    internal sealed record Nothing : AlterAction;
}

internal sealed record RenameTables(IReadOnlyList<(TableName From, TableName To)> Pairs) : Statement;

internal sealed record DropTables(IReadOnlyList<TableName> Tables, bool IfExists, bool Views) : Statement;

internal sealed record TruncateTable(TableName Table) : Statement;

internal sealed record Use(string Database) : Statement;

internal sealed record SetVariables(IReadOnlyList<VariableAssignment> Assignments) : Statement;

/// <summary>Scope is GLOBAL, SESSION or <c>@</c> for a user variable; a null value is DEFAULT.</summary>
internal sealed record VariableAssignment(string Scope, string Name, Expr? Value);

internal sealed record Begin : Statement;

internal sealed record Commit : Statement;

internal sealed record Rollback(string? Savepoint) : Statement;

internal sealed record Savepoint(string Name, bool Release) : Statement;

/// <summary>
/// LOCK TABLES, FLUSH, ANALYZE, GRANT …: understood, nothing to do here. May answer rows like a real server.
/// </summary>
internal sealed record Accepted(string What, IReadOnlyList<TableName> Tables) : Statement;

internal sealed record Show(string What) : Statement
{
    public bool Full { get; init; }
    public bool Global { get; init; }
    public string? Database { get; init; }
    public TableName? Table { get; init; }
    public string? Account { get; init; }
    public bool IfNotExists { get; init; }
    public Expr? Like { get; init; }
    public Expr? Where { get; init; }
}

internal sealed record CreateUsers(IReadOnlyList<AccountSpec> Users, bool IfNotExists) : Statement;

internal sealed record AlterUsers(IReadOnlyList<AccountSpec> Users, bool IfExists) : Statement;

internal sealed record DropUsers(IReadOnlyList<(string User, string Host)> Users, bool IfExists) : Statement;

/// <summary>An account with what was said about its password. An empty user means "the one who asks".</summary>
internal sealed record AccountSpec(string User, string Host, string? Plugin, string? Password, string? Hash);

internal sealed record Kill(long Connection, bool QueryOnly) : Statement;

/// <summary>EXPLAIN of a query or a change; DESC of a table is a <see cref="Show"/>.</summary>
internal sealed record Explain(Statement Statement) : Statement;
