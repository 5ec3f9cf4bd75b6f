using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Crd.Cel;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.UnitTests.Playground.Api.Crd;

public class CelProgramTests
{
    private static readonly Schema AnySchema = Schema.Read((JsonObject)JsonNode.Parse("""
        {"type":"object","properties":{
          "replicas":{"type":"integer"},"name":{"type":"string"},"size":{"type":"string"},
          "tags":{"type":"array","items":{"type":"string"}},
          "labels":{"type":"object","additionalProperties":{"type":"string"}}}}
        """)!);

    private static readonly JsonNode Self = JsonNode.Parse("""
        {"replicas":3,"name":"tikv-a","size":"10Gi","tags":["x","y"],"labels":{"zone":"a"}}
        """)!;

    [Theory]
    [InlineData("self.replicas >= 1 && self.replicas <= 5", true)]
    [InlineData("self.replicas % 2 == 1 ? true : false", true)]
    [InlineData("has(self.missing)", false)]
    [InlineData("!has(self.missing) || self.missing > 3", true)]
    [InlineData("self.name.startsWith('tikv') && self.name.matches('^[a-z-]+$')", true)]
    [InlineData("self.tags.all(t, size(t) == 1)", true)]
    [InlineData("self.tags.exists(t, t == 'y')", true)]
    [InlineData("self.tags.exists_one(t, t != '')", false)]
    [InlineData("self.tags.map(t, t + t) == ['xx', 'yy']", true)]
    [InlineData("self.tags.filter(t, t > 'x').size() == 1", true)]
    [InlineData("'zone' in self.labels && self.labels['zone'] == 'a'", true)]
    [InlineData("self.labels.all(k, k.size() > 3)", true)]
    [InlineData("quantity(self.size).isGreaterThan(quantity('9Gi'))", true)]
    [InlineData("quantity('1Gi').compareTo(quantity('1024Mi')) == 0", true)]
    [InlineData("isQuantity('10 GB')", false)]
    [InlineData("isCIDR('10.0.0.0/8') && !isIP('10.0.0')", true)]
    [InlineData("'A-b'.lowerAscii().split('-') == ['a', 'b']", true)]
    [InlineData("int('7') + 1 == 8 && string(8) == '8' && double(1) == 1.0", true)]
    [InlineData("self.replicas / 0 == 1 || true", true)]
    [InlineData("self.replicas > oldSelf.replicas", true)]
    [InlineData("duration('1h') > duration('59m')", true)]
    [InlineData("type(self.name) == string", true)]
    public void An_expression_has_the_value_that_Kubernetes_gives_it(string text, bool expected)
    {
        var old = JsonNode.Parse("""{"replicas":1}""");
        Assert.Equal(expected, CelProgram.Parse(text).Evaluate(AnySchema, Self, old));
    }

    [Theory]
    [InlineData("self.missing > 1", "no such key: missing")]
    [InlineData("self.replicas / 0 == 1", "division by zero")]
    [InlineData("self.tags[7] == 'x'", "index out of bounds: 7")]
    public void What_has_no_value_says_why(string text, string why) =>
        Assert.Equal(why, Assert.Throws<CelFault>(
            () => CelProgram.Parse(text).Evaluate(AnySchema, Self, null)).Message);

    [Theory]
    [InlineData("self.")]
    [InlineData("self.replicas >")]
    [InlineData("(self.replicas")]
    [InlineData("'open")]
    public void What_is_no_expression_is_refused(string text) =>
        Assert.Throws<CelFault>(() => CelProgram.Parse(text));
}
