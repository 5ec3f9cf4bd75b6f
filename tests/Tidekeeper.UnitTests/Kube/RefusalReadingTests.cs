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

    // As Kubernetes 1.20 and 1.36 say it.
    [Theory]
    [InlineData("Internal error: failed calling webhook \"a.b\": Post \"https://c/\": connection refused", true)]
    [InlineData("Internal error: failed calling webhook \"a.b\": failed to call webhook: Post \"c\": EOF", true)]
    [InlineData("etcdserver: request timed out", false)]
    public void A_webhook_that_does_not_answer_is_no_fault_of_the_server(string message, bool isOfWebhook) =>
        Assert.Equal(isOfWebhook, new Refusal(500, "InternalError", message).IsOfWebhook);
}
