using System.Text;
using Tidekeeper.Kube;

namespace Tidekeeper.UnitTests.Kube;

public sealed class RefusalReadingTests
{
    [Theory]
    [InlineData("metadata.uid", true)]
    [InlineData("spec.replicas", false)]
    public void An_apply_that_would_change_a_UID_has_met_a_namesake_and_is_no_mistake(string field, bool isConflict)
    {
        var refusal = Refusal.Read(new KubeResponse(422, Encoding.UTF8.GetBytes($$$"""
            {"kind":"Status","status":"Failure","message":"ConfigMap \"a\" is invalid: {{{field}}}: Invalid value: 7",
            "reason":"Invalid","details":{"name":"a","kind":"ConfigMap","causes":[
            {"reason":"FieldValueInvalid","message":"Invalid value: 7","field":"{{{field}}}"},
            {"reason":"FieldValueInvalid","message":"Invalid value: 7","field":"{{{field}}}"}]},"code":422}
            """)));
        Assert.Equal((isConflict, !isConflict), (refusal.IsConflict, refusal.IsInvalid));
    }
}
