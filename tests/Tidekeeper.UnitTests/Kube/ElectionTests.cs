using Tidekeeper.Kube;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.UnitTests.Kube;

public class ElectionTests
{
    private static readonly DateTimeOffset Now = Stage.Start;

    private static LeaseSeen Lease(string holder, double secondsAgo) =>
        new(holder, TimeSpan.FromSeconds(15), "", "t", 4, "1") { SeenAt = Now.AddSeconds(-secondsAgo) };

    private static string Decide(LeaseSeen? lease, bool leading = false) =>
        ElectionMove.Decide(lease, "me", leading, Now).ToString();

    [Fact]
    public void Without_a_lease_one_is_made() => Assert.Equal("Create { }", Decide(null));

    [Fact]
    public void Ones_own_lease_is_renewed() => Assert.Equal("Renew { }", Decide(Lease("me", 1), leading: true));

    [Fact]
    public void A_lease_of_an_earlier_life_is_a_new_epoch() =>
        Assert.Equal("TakeOver { Epoch = 5 }", Decide(Lease("me", 1)));

    [Fact]
    public void A_lease_that_was_given_back_is_taken_at_once() =>
        Assert.Equal("TakeOver { Epoch = 5 }", Decide(Lease("", 0)));

    [Fact]
    public void A_holder_that_went_silent_is_replaced() =>
        Assert.Equal("TakeOver { Epoch = 5 }", Decide(Lease("other", 15)));

    [Fact]
    public void A_holder_that_renews_is_waited_for() =>
        Assert.Equal("Wait { For = 00:00:05 }", Decide(Lease("other", 10)));

    private sealed class Candidate
    {
        private readonly VirtualTime _time;

        public Candidate(ApiServer server, VirtualTime time, string name)
        {
            _time = time;
            Transport = new(server, time);
            Api = new(Transport, "test");
            Election = new(Api, new("default", "lease", name), time, _ => { });
        }

        public PlaygroundTransport Transport { get; }
        public KubeApi Api { get; }
        public Election Election { get; }
        public Leadership? Term { get; private set; }
        public CancellationTokenSource Stop { get; } = new();
        public List<string> Log { get; } = [];

        public Task Run() => Election.Run(async (term, lost) =>
        {
            Term = term;
            Log.Add($"{(_time.Now - Now).TotalSeconds:0} leads epoch {term.Epoch}");
            var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (lost.Register(() => over.TrySetResult()))
                await over.Task;
            Log.Add($"{(_time.Now - Now).TotalSeconds:0} lost");
        }, Stop.Token);
    }

    [Fact]
    public void Of_two_candidates_one_leads_and_the_other_follows_at_once_when_it_ends() => Stage.Run(async time =>
    {
        var server = new ApiServer(time, new Random(1));
        var (a, b) = (new Candidate(server, time, "a"), new Candidate(server, time, "b"));
        var running = (a.Run(), b.Run());
        await time.Pass(60);
        Assert.Equal(("0 leads epoch 0", 0), (string.Join(';', a.Log), b.Log.Count));
        a.Stop.Cancel();
        await running.Item1;
        await time.Pass(3);
        Assert.Equal("60 leads epoch 1", string.Join(';', b.Log));
        b.Stop.Cancel();
        await running.Item2;
    });

    [Fact]
    public void One_renewal_without_an_answer_does_not_cost_the_lease() => Stage.Run(async time =>
    {
        var a = new Candidate(new ApiServer(time, new Random(1)), time, "a");
        var running = a.Run();
        await time.Pass(20);
        var lost = 1;
        a.Transport.Unanswered = _ => lost-- > 0;
        await time.Pass(40);
        Assert.Equal("0 leads epoch 0", string.Join(';', a.Log));
        a.Stop.Cancel();
        await running;
    });

    [Fact]
    public void A_leader_that_is_cut_off_stops_writing_before_anybody_else_may_begin() => Stage.Run(async time =>
    {
        var server = new ApiServer(time, new Random(1));
        var (a, b) = (new Candidate(server, time, "a"), new Candidate(server, time, "b"));
        var running = (a.Run(), b.Run());
        await time.Pass(20);
        a.Transport.Instead = _ => new(503, []);
        await time.Pass(40);
        var lost = double.Parse(a.Log[1].Split(' ')[0]);
        var taken = double.Parse(b.Log[0].Split(' ')[0]);
        Assert.InRange(lost, 28, 32);
        Assert.InRange(taken, lost + 1, 40);

        a.Transport.Instead = _ => null;
        var stale = a.Api.Under(a.Term!);
        var refused = await Assert.ThrowsAsync<KubeException>(() =>
            stale.Delete(Resource.Pods, "default", "p", new(), CancellationToken.None));
        Assert.Equal(Fault.Fenced, refused.Fault);
        a.Stop.Cancel();
        b.Stop.Cancel();
        await running.Item1;
        await running.Item2;
    });
}
