using Tidekeeper.Engines;
using Tidekeeper.Operator;

namespace Tidekeeper.UnitTests.Operator;

public class SettingsTests
{
    private static Settings Read(params string[] arguments) => Settings.Read(arguments, _ => null);

    [Fact]
    public void Without_arguments_it_runs() => Assert.Equal("run", Read().Command);

    [Fact]
    public void Flags_take_their_value_with_or_without_an_equals_sign() =>
        Assert.Equal((3, 0), (Read("--workers", "3").Workers, Read("discovery", "--port=0").Port));

    [Fact]
    public void A_flag_wins_over_its_variable() =>
        Assert.Equal(5, Settings.Read(["--workers=5"], name => name == "TIDEKEEPER_WORKERS" ? "3" : null).Workers);

    [Fact]
    public void Namespaces_are_a_list() => Assert.Equal(["a", "b"], Read("--namespaces", "a,b").Namespaces);

    [Fact]
    public void Each_component_has_a_failover_period_of_its_own()
    {
        var platform = new Platform
        {
            FailoverPeriods = Read("--pd-failover-period=90s", "--tikv-failover-period", "1h30m").FailoverPeriods
        };
        Assert.Equal(
            [TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(5)],
            [platform.FailoverPeriod("pd"), platform.FailoverPeriod("tikv"), platform.FailoverPeriod("tidb")]);
    }

    [Theory]
    [InlineData("--workers=none", "--workers: 'none' is no number from 1 to 1000")]
    [InlineData("--port=70000", "--port: '70000' is no number from 0 to 65535")]
    [InlineData("--log-format=xml", "--log-format: 'xml' is none of: plain, json")]
    [InlineData("--wrokers=1", "--wrokers=1: there is no such flag; see --help")]
    [InlineData("--pd-failover-period=5", "--pd-failover-period: '5' is no duration from 10s on, such as 5m")]
    [InlineData("--pd-failover-period=1s", "--pd-failover-period: '1s' is no duration from 10s on, such as 5m")]
    [InlineData("--workers", "--workers: needs a value: N")]
    public void A_mistake_is_named_with_its_remedy(string argument, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Read(argument)).Message);

    [Fact]
    public void An_unknown_command_is_a_mistake() =>
        Assert.Contains("run, discovery, version, help", Assert.ThrowsAny<Exception>(() => Read("rnu")).Message);

    [Fact]
    public void Help_names_every_flag_and_its_variable()
    {
        Assert.Contains("--namespaces A,B", Settings.Help());
        Assert.Contains("[$TIDEKEEPER_NAMESPACES]", Settings.Help());
    }

    [Theory]
    [InlineData("--help", "help")]
    [InlineData("-h", "help")]
    [InlineData("--version", "version")]
    [InlineData("version", "version")]
    public void What_everybody_tries_first_is_understood(string argument, string command) =>
        Assert.Equal(command, Settings.Read([argument], _ => null).Command);
}
