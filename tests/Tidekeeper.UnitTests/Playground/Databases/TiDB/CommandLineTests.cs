using System.Text;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>Components that a real start script has started: its flags are all that counts.</summary>
public class CommandLineTests
{
    private const string Pd = "/pd-server --data-dir=/var/lib/pd --name=basic-pd-0 --peer-urls=http://0.0.0.0:2380 "
        + "--advertise-peer-urls=http://basic-pd-0.basic-pd-peer.ns.svc:2380 --client-urls=http://0.0.0.0:2377 "
        + "--advertise-client-urls=http://basic-pd-0.basic-pd-peer.ns.svc:2377 --config=/etc/pd/pd.toml";

    [Fact]
    public void A_PD_begins_the_cluster_that_it_is_told_and_asks_nobody()
    {
        var pods = new TestPods { DiscoverySays = "--join=http://nobody:2379" }.StartBinary("basic-pd-0",
            $"{Pd} --initial-cluster=basic-pd-0=http://basic-pd-0.basic-pd-peer.ns.svc:2380").After(12);
        Assert.Equal("basic-pd-0", Assert.Single(pods.Database.Pd.State.Members).Name);
        Assert.NotNull(pods.Network.At(TestPods.AddressOf("basic-pd-0"), 2377));

        // By this folder the script knows on the next start that there is nothing to ask.
        Assert.Contains("member/wal/member.json", pods.Volume("basic-pd-0").Names);
    }

    [Fact]
    public void A_flag_that_the_binary_does_not_have_ends_it()
    {
        var pods = new TestPods().StartBinary("basic-pd-0", Pd + " --nonsense=1").After(1);
        Assert.Equal(1, pods.ExitCode("basic-pd-0"));
        Assert.Contains("flag provided but not defined: -nonsense", pods.LastLog("basic-pd-0"));
    }

    [Fact]
    public void A_TiKV_has_address_labels_and_size_by_its_flags()
    {
        var pods = TestPods.WithPd(1).StartBinary("basic-tikv-0", "/tikv-server --pd=http://basic-pd:2379 "
            + "--advertise-addr=basic-tikv-0.basic-tikv-peer.ns.svc:20199 --addr=0.0.0.0:20199 "
            + "--status-addr=0.0.0.0:20181 --data-dir=/var/lib/tikv --capacity=7GB "
            + "--config=/etc/tikv/tikv.toml --labels zone=z1").After(60);
        var store = pods.Database.Pd.State.Stores.Single();
        Assert.Equal("basic-tikv-0.basic-tikv-peer.ns.svc:20199", store.Address);
        Assert.Equal(("zone", "z1"), (Assert.Single(store.Labels!).Key, store.Labels![0].Value));
    }

    [Fact]
    public void Data_below_the_mounted_folder_is_on_the_volume_and_outside_of_it_there_is_none()
    {
        var pods = new TestPods().StartBinary("basic-pd-0",
            Pd.Replace("/var/lib/pd", "/var/lib/pd/sub", StringComparison.Ordinal)).After(12);
        Assert.Contains("sub/member/wal/member.json", pods.Volume("basic-pd-0").Names);

        pods = new TestPods().StartBinary("basic-pd-0",
            Pd.Replace("/var/lib/pd", "/var/lib/elsewhere", StringComparison.Ordinal)).After(12);
        Assert.Contains("no volume is mounted there", pods.LastLog("basic-pd-0"));
    }

    [Fact]
    public void A_PD_that_was_let_in_and_lost_its_data_says_so()
    {
        var pods = new TestPods();
        pods.Volume("basic-pd-0").Write("join", Encoding.UTF8.GetBytes("basic-pd-1=http://a:2380"));
        pods.StartBinary("basic-pd-0", Pd + " --join=http://a:2380").After(12);
        Assert.Contains("there is a join file but no member data", pods.LastLog("basic-pd-0"));
    }
}
