namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>
/// The same requests to the playground and to a real API server. What their answers may differ in is listed in
/// <c>differences.yaml</c>, each with its reason, and the list must be true: no more and no less.
/// </summary>
public sealed class ConformanceTests(BothServers servers) : IClassFixture<BothServers>
{
    private static readonly IReadOnlyList<Difference> Known = Difference.Read();

    public static TheoryData<string> Topics => new(Topic.Names);

    [ControlPlaneTheory]
    [MemberData(nameof(Topics))]
    public void The_playground_answers_as_a_real_API_server_does(string topic)
    {
        var unexplained = servers.Found(topic).Where(found => !Known.Any(each => each.Explains(found))).ToList();
        Assert.True(unexplained.Count == 0, $"{unexplained.Count} differences:\n{string.Join('\n', unexplained)}");
    }

    [ControlPlaneFact]
    public void Every_listed_difference_still_occurs()
    {
        var gone = Known.Where(each => !servers.All.Any(each.Explains)).Select(each => $"{each.Shown}: {each.Why}");
        Assert.Equal([], gone);
    }
}
