using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>CREATE, DROP and TRUNCATE of databases and tables.</summary>
internal sealed class Definitions(StatementContext context)
{
    public Outcome CreateDatabase(CreateDatabase create)
    {
        if (context.Catalog.Find(create.Name) is not null || SystemTables.IsSystem(create.Name))
        {
            var fault = new SqlFault(1007, "HY000", $"Can't create database '{create.Name}'; database exists");
            return Refused(fault, create.IfNotExists);
        }

        CheckName(create.Name);
        var (charset, collation) = Character(create.Charset, create.Collation, "utf8mb4", Collations.Default);
        var change = new SchemaChange(context.Store);
        change.Put(new DatabaseSchema(create.Name, charset, collation));
        change.Commit();
        return new Outcome(null, 1);
    }

    public Outcome AlterDatabase(AlterDatabase alter)
    {
        var old = context.Catalog.Database(context.DatabaseOf(alter.Name));
        var (charset, collation) = Character(alter.Charset, alter.Collation, old.Charset, old.Collation);
        var change = new SchemaChange(context.Store);
        change.Put(new DatabaseSchema(old.Name, charset, collation));
        change.Commit();
        return new Outcome(null, 1);
    }

    public Outcome DropDatabase(DropDatabase drop)
    {
        if (SystemTables.IsSystem(drop.Name))
            throw new SqlFault(1044, "42000",
                $"Access denied for user '{context.Session.User}'@'%' to database '{drop.Name}'");
        if (context.Catalog.Find(drop.Name) is not { } database)
            return Refused(new SqlFault(1008, "HY000", $"Can't drop database '{drop.Name}'; database doesn't exist"),
                drop.IfExists);
        var change = new SchemaChange(context.Store);
        change.Drop(database);
        change.Commit();
        if (database.Name.Equals(context.Session.Database, StringComparison.OrdinalIgnoreCase))
            context.Session.Database = null;
        return new Outcome(null, database.Tables.Count);
    }

    public Outcome CreateTable(CreateTable create)
    {
        var databaseName = context.DatabaseOf(create.Name.Database);
        if (SystemTables.IsSystem(databaseName))
            throw new SqlFault(1044, "42000",
                $"Access denied for user '{context.Session.User}'@'%' to database '{databaseName}'");
        var database = context.Catalog.Database(databaseName);
        if (database.Tables.ContainsKey(create.Name.Name))
            return Refused(new SqlFault(1050, "42S01", $"Table '{database.Name}.{create.Name.Name}' already exists"),
                create.IfNotExists);
        CheckName(create.Name.Name);
        var change = new SchemaChange(context.Store);
        TableSchema table;
        if (create.Like is { } like)
        {
            table = context.Table(like).With(id: change.NewId(), name: create.Name.Name, database: database.Name);
        }
        else
        {
            table = new TableBuilder(context, database).Build(create, change.NewId());
        }

        change.Put(table);
        if (create.Options.AutoIncrement is > 1 and var first)
            change.Write(Sequence.KeyOf(table.Id), Catalog.Number(first));
        change.Commit();
        return Outcome.Done;
    }

    public Outcome DropTables(DropTables drop)
    {
        var change = new SchemaChange(context.Store);
        var missing = new List<string>();
        foreach (var name in drop.Tables)
        {
            var database = context.DatabaseOf(name.Database);
            if (drop.Views || context.Catalog.Table(database, name.Name) is not { } table)
                missing.Add($"{database}.{name.Name}");
            else
                change.Drop(table);
        }

        if (missing.Count > 0 && !drop.IfExists)
            throw new SqlFault(1051, "42S02", $"Unknown table '{string.Join(',', missing)}'");
        foreach (var name in missing)
            context.Session.Note(new SqlFault(1051, "42S02", $"Unknown table '{name}'"));
        if (missing.Count < drop.Tables.Count)
            change.Commit();
        return Outcome.Done;
    }

    public Outcome Truncate(TruncateTable truncate)
    {
        var table = context.Table(truncate.Table);
        var change = new SchemaChange(context.Store);
        change.Drop(table);
        change.Put(table.With(id: change.NewId()));
        change.Commit();
        return Outcome.Done;
    }

    public Outcome Rename(RenameTables rename)
    {
        var change = new SchemaChange(context.Store);
        if (rename.Pairs.Count > 1)
            throw SqlErrors.Unsupported("RENAME of several tables");
        var (from, to) = rename.Pairs[0];
        change.Put(Renamed(context, context.Table(from), to));
        change.Commit();
        return Outcome.Done;
    }

    public static TableSchema Renamed(StatementContext context, TableSchema table, TableName to)
    {
        var database = context.Catalog.Database(to.Database ?? context.Session.Database ?? table.Database);
        if (database.Tables.ContainsKey(to.Name))
            throw new SqlFault(1050, "42S01", $"Table '{database.Name}.{to.Name}' already exists");
        CheckName(to.Name);
        return table.With(name: to.Name, database: database.Name);
    }

    private Outcome Refused(SqlFault fault, bool tolerated)
    {
        if (!tolerated)
            throw fault;
        context.Session.Note(fault);
        return Outcome.Done;
    }

    private static void CheckName(string name)
    {
        if (name.Length > 64)
            throw new SqlFault(1059, "42000", $"Identifier name '{name}' is too long");
        if (name.Length == 0 || name[^1] == ' ')
            throw new SqlFault(1103, "42000", $"Incorrect table name '{name}'");
    }

    public static (string Charset, string Collation) Character(
        string? charset, string? collation, string oldCharset, string oldCollation)
    {
        if (charset is null && collation is null)
            return (oldCharset, oldCollation);
        var known = collation is null ? Collations.OfCharset(charset!) : Collations.Known(collation);
        if (charset is not null && Collations.CharsetOf(Collations.OfCharset(charset)) != Collations.CharsetOf(known))
            throw new SqlFault(1253, "42000", $"COLLATION '{collation}' is not valid for CHARACTER SET '{charset}'");
        return (Collations.CharsetOf(known), known);
    }
}
