using System.Text.Json.Nodes;
using Tidekeeper.Operator;

namespace Tidekeeper.UnitTests.Operator;

public class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", null)]
    [InlineData("""{"a":1}""", """{"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2}""", """{"a":null}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1,"c":3}}""", """{"a":{"c":3}}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("{}", """{"a":{}}""", """{"a":{}}""")]
    public void A_patch_says_only_what_differs(string from, string to, string? patch) =>
        Assert.Equal(patch,
            MergePatch.Between(JsonNode.Parse(from)!.AsObject(), JsonNode.Parse(to)!.AsObject())?.ToJsonString());
}
