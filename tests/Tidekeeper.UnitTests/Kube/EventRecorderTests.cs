using Tidekeeper.Kube;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.UnitTests.Kube;

public class EventRecorderTests
{
    private static readonly EventSubject Subject = new("pingcap.com/v1alpha1", "TidbCluster", "default", "basic", "u1");

    private static void Play(Func<EventRecorder, Func<string>, VirtualTime, Task> play) => Stage.Run(async time =>
    {
        var server = new ApiServer(time, new Random(1));
        var recorder = new EventRecorder(new(new PlaygroundTransport(server, time), "test"), "tidekeeper", time,
            (note, why) => Assert.Fail($"{note}: {why}"));
        await play(recorder, () => Print(new ApiClient(server, "test")), time);
    });

    private static string Print(ApiClient cluster) => string.Join('\n', cluster.List("v1/events", "default")
        .Select(e => $"{e["type"]} {e["reason"]} {e["message"]} ×{e["count"]}").Order(StringComparer.Ordinal));

    private static EventNote Note(string message) => new(Subject, "Warning", "Waiting", message);

    [Fact]
    public void The_same_sentence_is_not_repeated_soon() => Play(async (recorder, events, time) =>
    {
        for (var i = 0; i < 5; i++)
        {
            await recorder.Write(Note("waits"), default);
            await time.Pass(60);
        }

        Assert.Equal("Warning Waiting waits ×1", events());
    });

    [Fact]
    public void The_same_sentence_is_counted_on_one_event_later() => Play(async (recorder, events, time) =>
    {
        for (var i = 0; i < 3; i++)
        {
            await recorder.Write(Note("waits"), default);
            await time.Pass(660);
        }

        Assert.Equal("Warning Waiting waits ×3", events());
    });

    [Fact]
    public void One_object_cannot_flood_the_api() => Play(async (recorder, events, _) =>
    {
        for (var i = 0; i < 200; i++)
            await recorder.Write(Note($"waits for {i}"), default);
        Assert.Equal(25, events().Split('\n').Length);
    });
}
