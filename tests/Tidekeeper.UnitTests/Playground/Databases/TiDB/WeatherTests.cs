using Tidekeeper.Playground.Databases.TiDB;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>Crashes, returns, partitions and restarts in any order: what was acknowledged is there.</summary>
public class WeatherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Acknowledged_writes_survive_any_weather_that_spares_the_volumes(int seed)
    {
        var chance = new Random(seed);
        var pods = TestPods.WithPd(3).StartAll("tikv", 4).After(120);
        string[] all = ["basic-pd-0", "basic-pd-1", "basic-pd-2",
            "basic-tikv-0", "basic-tikv-1", "basic-tikv-2", "basic-tikv-3"];
        var acknowledged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var clusterId = pods.Database.ClusterId;
        for (var step = 0; step < 300; step++)
        {
            pods = Disturb(pods, chance, all);
            pods.After(chance.Next(0, 20));
            for (var write = 0; write < 20; write++)
                Write(pods, chance, acknowledged, $"{step}.{write}");
        }

        pods.CutOff();
        foreach (var pod in all.Where(p => pods.ExitCode(p) is not null))
            pods.Start(pod);
        pods.After(120);
        Assert.Equal(clusterId, pods.Database.ClusterId);
        Assert.Equal(3, pods.Database.Pd.Replicas.Count(r => r.Running));
        Assert.NotEmpty(acknowledged);
        Assert.Equal("", string.Join(", ", acknowledged.Where(a => pods.Value(a.Key) != a.Value)
            .Select(a => $"{a.Key} is {pods.Value(a.Key)}, not {a.Value}")));
        Assert.All(pods.Database.Stores.Regions.All, r => Assert.All(r.Peers, p => Assert.Equal(r.Index, p.Index)));
    }

    private static TestPods Disturb(TestPods pods, Random chance, string[] all)
    {
        var pod = all[chance.Next(all.Length)];
        switch (chance.Next(12))
        {
            case < 3:
                return pods.Kill(pod);
            case < 4:
                return pods.Terminate(pod).After(1);
            case < 8:
                foreach (var gone in all.Where(p => pods.ExitCode(p) is not null).Take(2))
                    pods.Start(gone);
                return pods;
            case < 9:
                return pods.CutOff(pod);
            case < 11:
                return pods.CutOff();
            default:
                return chance.Next(4) == 0 ? Restart(pods, all) : pods;
        }
    }

    private static TestPods Restart(TestPods pods, string[] all)
    {
        var other = pods.InAnotherProcess();
        foreach (var pod in all)
            other.Start(pod);
        return other;
    }

    private static void Write(TestPods pods, Random chance, SortedDictionary<string, string> acknowledged, string value)
    {
        var key = $"{"akmz"[chance.Next(4)]}/{chance.Next(200):D3}";
        var (second, both) = ($"m/0{chance.Next(9)}x", chance.Next(3) == 0);
        if (pods.Registry.All.Count == 0)
            return;
        try
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(value);
            pods.Rows.Commit(both ? [(key, bytes), (second, bytes)] : [(key, bytes)]);
            acknowledged[key] = value;
            if (both)
                acknowledged[second] = value;
        }
        catch (RegionUnavailable)
        {
            // Not acknowledged: nothing of it may be seen, which the comparison at the end proves.
        }
    }
}
