namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private AlterAction ReadAlterAction()
    {
        if (TryWord("ADD"))
            return ReadAlterAdd();
        if (TryWord("DROP"))
            return ReadAlterDrop();
        if (TryWord("MODIFY"))
        {
            TryWord("COLUMN");
            var column = ReadColumn();
            ReadPosition();
            return new AlterAction.ModifyColumn(column.Name, column);
        }

        if (TryWord("CHANGE"))
        {
            TryWord("COLUMN");
            var old = Name();
            var column = ReadColumn();
            ReadPosition();
            return new AlterAction.ModifyColumn(old, column);
        }

        if (TryWord("RENAME"))
            return ReadAlterRename();
        if (TryWord("ALTER"))
        {
            TryWord("COLUMN");
            var name = Name();
            if (TryWords("DROP", "DEFAULT"))
                return new AlterAction.SetDefault(name, null);
            Word("SET");
            Word("DEFAULT");
            return new AlterAction.SetDefault(name, ReadUnary());
        }

        if (TryWords("ENABLE", "KEYS") || TryWords("DISABLE", "KEYS") || TryWord("FORCE"))
            return new AlterAction.Nothing();
        if (TryAnyWord("ALGORITHM", "LOCK"))
        {
            TrySymbol("=");
            AnyName();
            return new AlterAction.Nothing();
        }

        var options = new TableOptions();
        if (IsWord("CONVERT") || !ReadTableOption(ref options))
            throw Next.Kind == TokenKind.Word ? SqlErrors.Unsupported($"ALTER TABLE {Next.Text.ToUpperInvariant()}")
                : Unexpected();
        return new AlterAction.Options(options);
    }

    private AlterAction ReadAlterAdd()
    {
        if (ReadTableIndex() is { } index)
            return new AlterAction.AddIndex(index, false);
        SkipForeignKeyOrCheck();
        TryWord("COLUMN");
        var ifNotExists = IfNotExists();
        if (IsSymbol("("))
            throw SqlErrors.Unsupported("ADD COLUMN (several columns)");
        var column = ReadColumn();
        var (first, after) = ReadPosition();
        return new AlterAction.AddColumn(column, after, first, ifNotExists);
    }

    private (bool First, string? After) ReadPosition() =>
        TryWord("FIRST") ? (true, null) : TryWord("AFTER") ? (false, Name()) : (false, null);

    private AlterAction ReadAlterDrop()
    {
        if (TryWords("PRIMARY", "KEY"))
            return new AlterAction.DropIndex("PRIMARY", false);
        if (TryAnyWord("INDEX", "KEY"))
        {
            var exists = IfExists();
            return new AlterAction.DropIndex(Name(), exists);
        }

        if (IsWord("FOREIGN") || IsWord("CONSTRAINT") || IsWord("PARTITION"))
            throw SqlErrors.Unsupported($"ALTER TABLE DROP {Next.Text.ToUpperInvariant()}");
        TryWord("COLUMN");
        var ifExists = IfExists();
        return new AlterAction.DropColumn(Name(), ifExists);
    }

    private AlterAction ReadAlterRename()
    {
        if (TryWord("COLUMN"))
        {
            var from = Name();
            Word("TO");
            return new AlterAction.RenameColumn(from, Name());
        }

        if (IsWord("INDEX") || IsWord("KEY"))
            throw SqlErrors.Unsupported("RENAME INDEX");
        if (!TryWord("TO"))
            TryWord("AS");
        return new AlterAction.Rename(Table());
    }
}
