using System.CommandLine;
using Tidekeeper.Cli.Probing;
using Tidekeeper.Cli.View;

namespace Tidekeeper.Cli.Commands;

/// <summary>
/// <c>tide probe [CLUSTER]</c>: writes and reads rows while something else happens to the cluster, and says what an
/// application would have noticed of it.
/// </summary>
internal static class ProbeCommand
{
    private static readonly Argument<string?> Name = new("CLUSTER")
    {
        Description = "Name of a cluster of the playground, or namespace/name; not needed when there is only one",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Namespace = new("--namespace", "-n")
    {
        Description = "Namespace of the cluster",
        HelpName = "NAMESPACE",
    };
    private static readonly Option<string?> Address = new("--address")
    {
        Description = "Any MySQL address in place of a cluster of the playground",
        HelpName = "HOST:PORT",
    };
    private static readonly Option<string> User = new("--user")
    {
        Description = "Account",
        DefaultValueFactory = _ => "root",
        HelpName = "NAME",
    };
    private static readonly Option<string> Password = new("--password")
    {
        Description = "Its password; default: $TIDE_PROBE_PASSWORD, else none",
        DefaultValueFactory = _ => System.Environment.GetEnvironmentVariable("TIDE_PROBE_PASSWORD") ?? "",
        HelpName = "TEXT",
    };
    private static readonly Option<double> Seconds = Number("--seconds", "How long", 60, "N", 0.1, 1_000_000);
    private static readonly Option<double> Rate =
        Number("--rate", "Statements within a second", 50, "R", 0.01, 100_000);
    private static readonly Option<double> Connections = Number("--connections", "Connections", 4, "C", 1, 1000);
    private static readonly Option<double> Patience =
        Number("--patience", "Seconds for which one statement is retried", 30, "S", 0.1, 3600);
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "text or json",
        DefaultValueFactory = _ => "text",
        HelpName = "FORMAT",
    };

    public static Command Build()
    {
        Output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("probe",
            "Write and read rows for a while; at the end, look for every row that was acknowledged")
        {
            Name, Namespace, Address, User, Password, Seconds, Rate, Connections, Patience, Output,
        };
        command.SetAction(Run);
        return command;
    }

    private static Option<double> Number(
        string name, string what, double value, string help, double least, double most)
    {
        var option = new Option<double>(name)
        {
            Description = what,
            DefaultValueFactory = _ => value,
            HelpName = help,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is var number && !(number >= least && number <= most))
                result.AddError($"{name} {number}: give a number from {least} to {most}");
        });
        return option;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        var (cluster, host, port) = Find(arguments);
        var order = new ProbeOrder(cluster,
            new SqlTarget(host, port, arguments.GetValue(User)!, arguments.GetValue(Password)!))
        {
            Duration = TimeSpan.FromSeconds(arguments.GetValue(Seconds)),
            Rate = arguments.GetValue(Rate),
            Connections = (int)arguments.GetValue(Connections),
            Patience = TimeSpan.FromSeconds(arguments.GetValue(Patience)),
        };
        var time = TimeProvider.System;
        try
        {
            var report = await new Probe(order, time,
                line => Console.Error.WriteLine($"{time.GetUtcNow():HH:mm:ss} {line}")).Run(cancel);
            Console.WriteLine(arguments.GetValue(Output) == "json" ? report.ToJson().ToJsonString(JsonText.Indented)
                : report.ToText());
            return report.IsClean ? ExitCodes.Done : ExitCodes.Disturbed;
        }
        catch (Exception fault) when (fault is SqlRefusal or IOException)
        {
            throw new CommandFailure(ExitCodes.Disturbed,
                $"the probe could not begin at {host}:{port}: {fault.Message}");
        }
    }

    private static (string Cluster, string Host, int Port) Find(ParseResult arguments)
    {
        if (arguments.GetValue(Address) is { } address)
        {
            var colon = address.LastIndexOf(':');
            return colon > 0 && int.TryParse(address.AsSpan(colon + 1), out var port) && port is > 0 and < 65536
                ? (arguments.GetValue(Name) ?? address, address[..colon], port)
                : throw new CommandFailure(ExitCodes.Usage, $"--address {address}: give HOST:PORT");
        }

        Session.Require();
        var name = arguments.GetValue(Name);
        var ns = arguments.GetValue(Namespace);
        if (name?.Split('/') is [var before, var after])
            (ns, name) = (before, after);
        var all = SqlAddresses.Read();
        var found = all.Where(a => (name is null || a.Key.Cluster == name) && (ns is null || a.Key.Namespace == ns))
            .ToList();
        if (found is [var one])
            return ($"{one.Key.Namespace}/{one.Key.Cluster}", "127.0.0.1", one.Value);
        var known = all.Count == 0 ? "no cluster has a SQL address yet"
            : "there are: " + string.Join(", ", all.Keys.Select(k => $"{k.Namespace}/{k.Cluster}"));
        throw new CommandFailure(ExitCodes.NotFound,
            found.Count == 0 ? $"no cluster '{name}' with a SQL address; {known}" : $"which cluster? {known}");
    }
}
