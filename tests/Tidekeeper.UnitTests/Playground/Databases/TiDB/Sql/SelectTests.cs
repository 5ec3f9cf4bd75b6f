namespace Tidekeeper.UnitTests.Playground.Databases.TiDB.Sql;

public class SelectTests
{
    private readonly SqlConsole _sql = new();

    public SelectTests() => _sql.Run(
        """
        create table city (id int primary key auto_increment, name varchar(20) not null, land char(2), people int, key (land))
        insert into city (name, land, people) values ('Wien','AT',1900000),('Graz','AT',290000),('Bern','CH',134000),('Atlantis',null,null)
        create table land (code char(2) primary key, name varchar(20))
        insert into land values ('AT','Austria'),('CH','Switzerland'),('DE','Germany')
        """);

    private void Answers(string statement, string rows) =>
        Assert.Equal(rows.ReplaceLineEndings("\n"), _sql.Run(statement).Replace('\t', '|'));

    [Fact]
    public void Rows_are_found_by_key_by_range_and_by_condition()
    {
        Answers("select name from city where id = 2", "name\nGraz");
        Answers("select name from city where id between 2 and 3 and people > 200000", "name\nGraz");
        Answers("select name from city where land in ('CH','AT') and name like '_e%'", "name\nBern");
        Answers("select name from city where land is null or not (people < 1000000)", "name\nWien\nAtlantis");
        Answers("select name from city where id = '3'", "name\nBern");
        Answers("select name from city where id = 2.5", "name");
    }

    [Fact]
    public void Order_limit_and_offset_apply_in_this_order()
    {
        Answers("select name from city order by people desc limit 2", "name\nWien\nGraz");
        Answers("select id from city order by id desc limit 1 offset 1", "id\n3");
        Answers("select name as n, people/1000 k from city order by k, n limit 2", "n|k\nAtlantis|NULL\nBern|134.0000");
        Answers("select name from city order by 1 limit 1,1", "name\nBern");
    }

    [Fact]
    public void Groups_are_counted_summed_and_filtered() =>
        Answers(
            "select land, count(*), sum(people), min(name), avg(people) from city group by land having count(*) > 0 "
                + "order by land",
            """
            land|count(*)|sum(people)|min(name)|avg(people)
            NULL|1|NULL|Atlantis|NULL
            AT|2|2190000|Graz|1095000.0000
            CH|1|134000|Bern|134000.0000
            """);

    [Fact]
    public void Aggregates_of_nothing_are_zero_or_null() =>
        Answers("select count(*), sum(id), max(name) from city where id > 99",
            "count(*)|sum(id)|max(name)\n0|NULL|NULL");

    [Fact]
    public void Tables_are_joined()
    {
        Answers(
            "select c.name, l.name from city c join land l on c.land = l.code where l.name like 'A%' order by c.id",
            "name|name\nWien|Austria\nGraz|Austria");
        Answers(
            "select l.code, count(c.id) n from land l left join city c on c.land = l.code group by l.code order by "
                + "n desc",
            "code|n\nAT|2\nCH|1\nDE|0");
        Answers("select name from city where land in (select code from land where name = 'Switzerland')", "name\nBern");
        Answers("select count(*) from city c, land l", "count(*)\n12");
    }

    [Fact]
    public void Distinct_and_union_leave_out_what_was_there()
    {
        Answers("select distinct land from city order by land", "land\nNULL\nAT\nCH");
        Answers("select 1 union select 1 union all select 2", "1\n1\n2");
        Answers("select avg(id) from (select id from city limit 2) t", "avg(id)\n1.5000");
    }

    [Theory]
    [InlineData("1+1", "2")]
    [InlineData("1/3", "0.3333")]
    [InlineData("7 div 2", "3")]
    [InlineData("-7 % 3", "-1")]
    [InlineData("1.10 + 2", "3.10")]
    [InlineData("'3 apples' + 4", "7")]
    [InlineData("1 = '1.0'", "1")]
    [InlineData("'a' = 'A'", "0")]
    [InlineData("'a' = 'a  '", "1")]
    [InlineData("'a' = 'A' collate utf8mb4_general_ci", "1")]
    [InlineData("null <=> null", "1")]
    [InlineData("null = null", "NULL")]
    [InlineData("1 in (2, null)", "NULL")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("concat('a', null)", "NULL")]
    [InlineData("concat('a', 1, 'ü')", "a1ü")]
    [InlineData("length('ü')", "2")]
    [InlineData("char_length('ü')", "1")]
    [InlineData("if(1 > 2, 'x', 'y')", "y")]
    [InlineData("ifnull(null, 3)", "3")]
    [InlineData("coalesce(null, null, 'z')", "z")]
    [InlineData("round(2.5)", "3")]
    [InlineData("round(-1.45, 1)", "-1.5")]
    [InlineData("abs(-3)", "3")]
    [InlineData("case when 1 then 'a' else 'b' end", "a")]
    [InlineData("date_add('2024-01-31', interval 1 month)", "2024-02-29")]
    [InlineData("datediff('2024-03-01', '2024-02-01')", "29")]
    [InlineData("date_format('2024-03-01 10:11:12', '%Y/%m/%d %H')", "2024/03/01 10")]
    [InlineData("now()", "2026-01-02 03:04:05")]
    [InlineData("cast('12abc' as signed)", "12")]
    [InlineData("substring('abcdef', 2, 3)", "bcd")]
    [InlineData("substring_index('a.b.c', '.', 2)", "a.b")]
    [InlineData("hex('az')", "617A")]
    [InlineData("x'4142'", "AB")]
    [InlineData("md5('a')", "0cc175b9c0f1b6a831c399e269772661")]
    [InlineData("1 between 0 and 2 and 'b' not between 'c' and 'd'", "1")]
    [InlineData("1 /*!40101 + 1 */ /*T! + 1 */ /*M!100100 + 1 */ -- end", "3")]
    [InlineData("database()", "test")]
    [InlineData("version()", "8.0.11-TiDB-v8.5.1")]
    [InlineData("@@autocommit", "1")]
    public void Expressions_have_the_values_of_a_real_server(string expression, string value) =>
        Assert.Equal(value, _sql.Run($"select {expression}").Split('\n')[1]);

    [Fact]
    public void The_version_says_that_it_is_simulated()
    {
        var text = _sql.Run("select tidb_version()");
        Assert.Contains("Release Version: v8.5.1", text);
        Assert.Contains("Tidekeeper's simulated TiDB", text);
    }

    [Theory]
    [InlineData("selec 1",
        "ERROR 1064 (42000): You have an error in your SQL syntax; check the manual that corresponds to " +
        "your TiDB version for the right syntax to use line 1 column 1 near \"selec 1\" ")]
    [InlineData("select * from nowhere", "ERROR 1146 (42S02): Table 'test.nowhere' doesn't exist")]
    [InlineData("select * from no.where_", "ERROR 1146 (42S02): Table 'no.where_' doesn't exist")]
    [InlineData("use nowhere", "ERROR 1049 (42000): Unknown database 'nowhere'")]
    [InlineData("select nothing from city", "ERROR 1054 (42S22): Unknown column 'nothing' in 'field list'")]
    [InlineData("select 1 from city where x = 1", "ERROR 1054 (42S22): Unknown column 'x' in 'where clause'")]
    [InlineData("select name from city, land", "ERROR 1052 (23000): Column 'name' in field list is ambiguous")]
    [InlineData("select nofunction(1)", "ERROR 1305 (42000): FUNCTION nofunction does not exist")]
    [InlineData("select 9223372036854775807 + 1",
        "ERROR 1690 (22003): BIGINT value is out of range in '(9223372036854775807 + 1)'")]
    [InlineData("with x as (select 1) select * from x",
        "ERROR 1235 (42000): This version of the simulated TiDB doesn't yet support 'WITH'")]
    [InlineData("select row_number() over () from city",
        "ERROR 1235 (42000): This version of the simulated TiDB doesn't yet support 'window functions'")]
    public void What_is_wrong_or_not_supported_is_named(string statement, string error) =>
        Assert.Equal(error.TrimEnd(), _sql.Run(statement));
}
