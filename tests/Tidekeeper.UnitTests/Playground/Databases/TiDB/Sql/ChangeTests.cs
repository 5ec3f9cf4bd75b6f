namespace Tidekeeper.UnitTests.Playground.Databases.TiDB.Sql;

public class ChangeTests
{
    private readonly SqlConsole _sql = new();

    public ChangeTests() =>
        _sql.Run("create table t (id int primary key, v varchar(5) not null, n tinyint, unique key n (n))");

    private void Answers(string statements, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"),
            _sql.Run(statements).Replace('\t', '|').ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("insert into t values (1,'b',2)", "ERROR 1062 (23000): Duplicate entry '1' for key 't.PRIMARY'")]
    [InlineData("insert into t values (2,'b',1)", "ERROR 1062 (23000): Duplicate entry '1' for key 't.n'")]
    [InlineData("insert into t values (2,null,2)", "ERROR 1048 (23000): Column 'v' cannot be null")]
    [InlineData("insert into t (id) values (2)", "ERROR 1364 (HY000): Field 'v' doesn't have a default value")]
    [InlineData("insert into t values (2,'abcdef',2)", "ERROR 1406 (22001): Data too long for column 'v' at row 1")]
    [InlineData("insert into t values (2,'b',128)", "ERROR 1264 (22003): Out of range value for column 'n' at row 1")]
    [InlineData("insert into t values (2,'b','x')",
        "ERROR 1366 (HY000): Incorrect int value: 'x' for column 'n' at row 1")]
    [InlineData("insert into t values (2)", "ERROR 1136 (21S01): Column count doesn't match value count at row 1")]
    public void A_row_that_does_not_fit_is_refused_whole(string statement, string error)
    {
        _sql.Run("insert into t values (1,'a',1)");
        Assert.Equal(error, _sql.Run(statement));
        Answers("select * from t", "id|v|n\n1|a|1");
    }

    [Fact]
    public void A_statement_that_fails_in_the_middle_changes_nothing() =>
        Answers("insert into t values (1,'a',1),(2,'b',2),(1,'c',3)\nselect count(*) from t",
            "ERROR 1062 (23000): Duplicate entry '1' for key 't.PRIMARY'\ncount(*)\n0");

    [Fact]
    public void Duplicates_are_updated_replaced_or_ignored_as_asked() =>
        Answers(
            """
            insert into t values (1,'a',1)
            insert into t values (1,'b',2) on duplicate key update v = values(v), n = n + 10
            insert ignore into t values (1,'c',3),(3,'d',4)
            replace into t values (4,'e',11)
            select * from t
            """,
            "ok 1\nok 2\nok 1\nok 2\nid|v|n\n3|d|4\n4|e|11");

    [Fact]
    public void Indexes_follow_updates_and_deletes() =>
        Answers(
            """
            insert into t values (1,'a',1),(2,'b',2),(3,'c',null)
            update t set n = n + 5 where id < 3
            delete from t where n = 7
            select id from t where n = 6
            select id from t where n = 2
            update t set id = 9 where id = 3
            select * from t order by id
            """,
            "ok 3\nok 2\nok 1\nid\n1\nid\nok 1\nid|v|n\n1|a|6\n9|c|NULL");

    [Fact]
    public void A_transaction_is_seen_by_others_when_it_commits()
    {
        var other = _sql.Another();
        _sql.Run("begin\ninsert into t values (1,'a',1)\nsavepoint s\ninsert into t values (2,'b',2)\nrollback to s");
        Assert.Equal("count(*)\n1", _sql.Run("select count(*) from t"));
        Assert.Equal("count(*)\n0", other.Run("select count(*) from t"));
        _sql.Run("commit");
        Assert.Equal("count(*)\n1", other.Run("select count(*) from t"));
    }

    [Fact]
    public void Two_transactions_that_write_one_row_do_not_both_commit()
    {
        _sql.Run("insert into t values (1,'a',1)");
        var other = _sql.Another();
        _sql.Run("begin\nupdate t set v = 'x' where id = 1");
        other.Run("update t set v = 'y' where id = 1");
        Assert.StartsWith("ERROR 9007 (HY000): Write conflict", _sql.Run("commit"));
        Answers("select v from t", "v\ny");
    }

    [Fact]
    public void Another_server_of_the_cluster_sees_tables_rows_and_users()
    {
        _sql.Run("insert into t values (1,'a',1)\ncreate user u identified by 'secret'");
        var other = new SqlConsole(_sql.Rows, "u");
        Assert.Equal("v\na", other.Run("select v from t"));
        other.Run("alter table t add column extra int default 7");
        Answers("select * from t", "id|v|n|extra\n1|a|1|7");
    }

    [Fact]
    public void A_lost_majority_and_a_lost_PD_are_errors_9005_and_9001()
    {
        _sql.Rows.HasPdLeader = false;
        Assert.StartsWith("ERROR 9001 (HY000): PD server timeout", _sql.Run("insert into t values (1,'a',1)"));
        _sql.Rows.HasQuorum = false;
        Assert.StartsWith("ERROR 9005 (HY000): Region is unavailable", _sql.Run("select * from t"));
        (_sql.Rows.HasPdLeader, _sql.Rows.HasQuorum) = (true, true);
        Answers("select count(*) from t", "count(*)\n0");
    }

    [Fact]
    public void A_statement_that_cannot_be_done_just_now_may_be_attempted_again_also_a_commit()
    {
        _sql.Run("begin\ninsert into t values (1,'a',1)");
        _sql.Rows.HasQuorum = false;
        Assert.Null(_sql.Session.Attempt("commit"));
        Assert.True(_sql.Session.InTransaction);
        _sql.Rows.HasQuorum = true;
        Assert.NotNull(_sql.Session.Attempt("commit"));
        Answers("select count(*) from t", "count(*)\n1");
        _sql.Run("begin\ninsert into t values (2,'b',1)");
        _sql.Rows.HasQuorum = false;
        Assert.StartsWith("ERROR 9005", _sql.Run("commit"));
        Assert.False(_sql.Session.InTransaction);
    }

    [Fact]
    public void A_commit_keeps_and_a_rollback_discards()
    {
        Assert.Equal("ok 0\nok 1\nok 0", _sql.Run("begin\ninsert into t values (1,'a',1)\ncommit"));
        Assert.Equal("ok 0\nok 1\nok 0", _sql.Run("begin\ninsert into t values (2,'b',2)\nrollback"));
        Answers("select count(*) from t", "count(*)\n1");
    }

    [Fact]
    public void A_dumped_table_reads_back_to_itself()
    {
        var created = _sql.Run("show create table t").Split('\t')[^1];
        _sql.Run("drop table t");
        Assert.Equal("ok 0", _sql.Run(created.Replace("\n", " ")));
        Assert.Equal(created, _sql.Run("show create table t").Split('\t')[^1]);
    }
}
