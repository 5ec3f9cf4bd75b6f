using System.Text.Json.Nodes;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.UnitTests.Model;

public class TomlTableTests
{
    [Theory]
    [InlineData("a = 1", "a = 1\n")]
    [InlineData("a=-17 # note", "a = -17\n")]
    [InlineData("a = 1_000", "a = 1000\n")]
    [InlineData("a = 0xFF", "a = 255\n")]
    [InlineData("a = 0o17", "a = 15\n")]
    [InlineData("a = 0b101", "a = 5\n")]
    [InlineData("a = 1.0", "a = 1.0\n")]
    [InlineData("a = 1e3", "a = 1000.0\n")]
    [InlineData("a = -inf", "a = -inf\n")]
    [InlineData("a = nan", "a = nan\n")]
    [InlineData("a = true", "a = true\n")]
    [InlineData("a = 1979-05-27T07:32:00Z", "a = 1979-05-27T07:32:00Z\n")]
    [InlineData("a = 1979-05-27 07:32:00.5", "a = 1979-05-27 07:32:00.5\n")]
    [InlineData("a = 07:32:00", "a = 07:32:00\n")]
    [InlineData("a = \"x\\ty \\u00e9\"", "a = \"x\\ty é\"\n")]
    [InlineData("a = 'C:\\path'", "a = \"C:\\\\path\"\n")]
    [InlineData("a = \"\"\"\nx\ny\"\"\"", "a = \"x\\ny\"\n")]
    [InlineData("a = \"\"\"x \\\n   y\"\"\"", "a = \"x y\"\n")]
    [InlineData("a = '''it's'''", "a = \"it's\"\n")]
    [InlineData("a = \"\"\"say \"yes\"\"\"\"", "a = \"say \\\"yes\\\"\"\n")]
    [InlineData("a = \"\"\"\"\"\"", "a = \"\"\n")]
    [InlineData("a = [1, 2,\n # three\n 3,\n]", "a = [1, 2, 3]\n")]
    [InlineData("a = [[1], ['x']]", "a = [[1], [\"x\"]]\n")]
    [InlineData("a.b = 1\na.c = 2", "[a]\nb = 1\nc = 2\n")]
    [InlineData("a = { b = 1, c.d = 2 }", "[a]\nb = 1\n\n[a.c]\nd = 2\n")]
    [InlineData("\"a b\" = 1\n'' = 2", "\"a b\" = 1\n\"\" = 2\n")]
    [InlineData("[a.b]\nc = 1\n[a]\nd = 2", "[a]\nd = 2\n\n[a.b]\nc = 1\n")]
    [InlineData("[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 1", "[[a]]\nb = 1\n\n[[a]]\n\n[a.c]\nd = 1\n")]
    [InlineData("[ a . \"b.c\" ]", "[a.\"b.c\"]\n")]
    [InlineData("a = 1\r\n\r\n[b]\r\n", "a = 1\n\n[b]\n")]
    [InlineData("", "")]
    [InlineData("# only a comment", "")]
    public void A_file_means_this(string text, string canonical)
    {
        var table = TomlTable.Parse(text);
        Assert.Equal(canonical, table.Write());
        Assert.Equal(table, TomlTable.Parse(table.Write()));
    }

    [Theory]
    [InlineData("a = ", "line 1, column 5: the end is found where a value is expected")]
    [InlineData("[log]\nlevel = info", "line 2, column 9: info is no value; text needs quotes: \"info\"")]
    [InlineData("a = 1 b = 2", "line 1, column 7: 'b' stands after the end of the value; begin a new line")]
    [InlineData("a = 1\na = 2", "line 2, column 1: the key a is there already; keep one of the two")]
    [InlineData("[a]\n[a]", "line 2, column 1: the table [a] is there already; put its keys together")]
    [InlineData("a = 1\n[a]", "line 2, column 1: a has a value already and can be no table")]
    [InlineData("a = 1\n[a.b]", "line 2, column 1: [a.b] passes through a, which has a value already")]
    [InlineData("a.b = 1\n[a]", "line 2, column 1: the table [a] is there already; put its keys together")]
    [InlineData("a = {b=1}\na.c = 2", "line 2, column 1: a is defined elsewhere and cannot be added to here")]
    [InlineData("a = [1]\n[[a]]", "line 2, column 1: a is there already and is no list of [[a]] tables")]
    [InlineData("a = \"x", "line 1, column 5: the string that begins here does not end on its line")]
    [InlineData("a = \"\"\"x", "line 1, column 5: the string that begins here does not end")]
    [InlineData(
        "a = \"\\q\"",
        "line 1, column 6: \\q is no escape; write \\\\ for a backslash, or use a 'literal string'")]
    [InlineData(
        "a = \"\\uD800\"",
        "line 1, column 6: 4 hexadecimal digits of a character are expected after \\u or \\U")]
    [InlineData("a = 01", "line 1, column 5: 01 is no value")]
    [InlineData("a = 1__0", "line 1, column 5: 1__0 is no value")]
    [InlineData("a = 9223372036854775808", "line 1, column 5: 9223372036854775808 is no value")]
    [InlineData("a = .5", "line 1, column 5: .5 is no value")]
    [InlineData("a = 2026-02-30", "line 1, column 5: 2026-02-30 is no value")]
    [InlineData("a = 25:00:00", "line 1, column 5: 25:00:00 is no value")]
    [InlineData("a = [1 2]", "line 1, column 8: '2' is found in a list where , or ] is expected")]
    [InlineData("a = {b = 1,}", "line 1, column 12: '}' is found where a key is expected")]
    [InlineData("a = {b = 1\n}", "line 1, column 11: the end of the line is found in { … } where , or } is expected")]
    [InlineData("a", "line 1, column 2: after the key a comes the end instead of =")]
    [InlineData("= 1", "line 1, column 1: '=' is found where a key is expected")]
    [InlineData("[a", "line 1, column 3: the end is found where ] is expected")]
    [InlineData("a = 1 # \u0001", "line 1, column 9: the control character U+0001 is not allowed")]
    public void A_fault_is_named_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<TomlException>(() => TomlTable.Parse(text)).Message);

    [Fact]
    public void Deep_nesting_ends_in_a_message_and_not_in_the_stack() =>
        Assert.Contains("nested deeper", Assert.Throws<TomlException>(
            () => TomlTable.Parse("a = " + new string('[', 100_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void Owned_keys_are_merged_and_the_rest_stays()
    {
        var table = TomlTable.Parse("""
            # the user's
            [security]
            redact-info-log = true
            [log]
            level = "info"
            """);
        table.Set("security.cert-path", "/var/lib/pd-tls/tls.crt");
        table.Set("dashboard.internal-proxy", true);
        table.SetIfAbsent("log.level", "debug");
        Assert.Equal("""
            [security]
            redact-info-log = true
            cert-path = "/var/lib/pd-tls/tls.crt"

            [log]
            level = "info"

            [dashboard]
            internal-proxy = true

            """, table.Write());
    }

    [Fact]
    public void Equal_tables_have_the_same_sorted_text_whatever_their_order_and_form()
    {
        var left = TomlTable.Parse("b.x = 1\na = { z = 2.0, y = [1, 2] }");
        var right = TomlTable.Parse("[a]\ny = [ 1,\n2 ]\nz = 2.0\n[b]\nx = 1");
        Assert.Equal(left, right);
        Assert.Equal(left.Sorted().Write(), right.Sorted().Write());
    }

    [Fact]
    public void Json_becomes_the_same_table()
    {
        var json = JsonNode.Parse("""
            {"storage":{"reserve-space":"0MB"},"rocksdb":{"max-open-files":256,"rate":0.5},
             "list":[1,"a",null],"none":null}
            """)!.AsObject();
        Assert.Equal("""
            list = [1, "a"]

            [storage]
            reserve-space = "0MB"

            [rocksdb]
            max-open-files = 256
            rate = 0.5

            """, TomlTable.FromJson(json).Write());
    }

    [Fact]
    public void A_copy_shares_nothing()
    {
        var table = TomlTable.Parse("[a]\nb = 1");
        var copy = table.Copy();
        copy.Set("a.b", 2);
        Assert.Equal("[a]\nb = 1\n", table.Write());
    }
}
