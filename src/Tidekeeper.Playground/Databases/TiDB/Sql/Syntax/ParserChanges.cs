namespace Tidekeeper.Playground.Databases.TiDB.Sql;

internal sealed partial class Parser
{
    private Insert ReadInsert()
    {
        var replace = TryWord("REPLACE");
        if (!replace)
            Word("INSERT");
        while (TryAnyWord("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED"))
        {
        }

        var ignore = TryWord("IGNORE");
        TryWord("INTO");
        var insert = new Insert(Table(), null, []) { Ignore = ignore, Replace = replace };
        if (IsWord("PARTITION"))
            throw SqlErrors.Unsupported("PARTITION");
        if (TryWord("SET"))
        {
            var assignments = List(ReadAssignment);
            insert = insert with
            {
                Columns = [.. assignments.Select(a => a.Column.Name)],
                Rows = [[.. assignments.Select(a => a.Value)]],
            };
        }
        else
        {
            insert = ReadInsertSource(insert);
        }

        if (IsWord("AS"))
            throw SqlErrors.Unsupported("INSERT … AS alias");
        if (TryWords("ON", "DUPLICATE", "KEY", "UPDATE"))
            insert = insert with { OnDuplicate = List(ReadAssignment) };
        return insert;
    }

    private Insert ReadInsertSource(Insert insert)
    {
        if (IsSymbol("(") && !IsWordAhead(1, "SELECT"))
        {
            _at++;
            insert = insert with { Columns = IsSymbol(")") ? [] : List(() => ((ColumnName)ReadName()).Name) };
            Symbol(")");
        }

        if (TryWord("VALUES") || TryWord("VALUE"))
            return insert with { Rows = List(ReadRow) };
        if (IsWord("SELECT") || IsSymbol("("))
            return insert with { Source = ReadQuery() };
        throw Unexpected();
    }

    private List<Expr> ReadRow()
    {
        Symbol("(");
        var row = IsSymbol(")") ? [] : List(ReadExpr);
        Symbol(")");
        return row;
    }

    private Assignment ReadAssignment()
    {
        if (Next.Kind != TokenKind.Quoted && Reserved.Is(Next.Text))
            throw Unexpected();
        var column = (ColumnName)ReadName();
        if (!TrySymbol("="))
            Symbol(":=");
        return new Assignment(column, ReadExpr());
    }

    private Update ReadUpdate()
    {
        Word("UPDATE");
        TryWord("LOW_PRIORITY");
        var ignore = TryWord("IGNORE");
        var from = ReadFrom();
        if (from is not TableRef table)
            throw SqlErrors.Unsupported("UPDATE of several tables");
        Word("SET");
        var update = new Update(table, List(ReadAssignment), TryWord("WHERE") ? ReadExpr() : null) { Ignore = ignore };
        return update with { OrderBy = ReadOrderBy(), Limit = TryWord("LIMIT") ? ReadExpr() : null };
    }

    private Delete ReadDelete()
    {
        Word("DELETE");
        while (TryAnyWord("LOW_PRIORITY", "QUICK", "IGNORE"))
        {
        }

        if (!TryWord("FROM"))
            throw SqlErrors.Unsupported("DELETE from several tables");
        var from = ReadFrom();
        if (from is not TableRef table || IsWord("USING"))
            throw SqlErrors.Unsupported("DELETE from several tables");
        var delete = new Delete(table, TryWord("WHERE") ? ReadExpr() : null);
        return delete with { OrderBy = ReadOrderBy(), Limit = TryWord("LIMIT") ? ReadExpr() : null };
    }
}
