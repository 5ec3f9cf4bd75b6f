using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;

namespace Tidekeeper.Cli.Commands;

/// <summary>CLUSTER, -n, --kubeconfig and -o: the same for every command that looks at clusters.</summary>
internal sealed class ClusterArguments
{
    public Argument<string?> Name { get; } = new("CLUSTER")
    {
        Description = "Name of a TidbCluster, or namespace/name",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "Namespace of the cluster; without it all are searched",
        HelpName = "NAMESPACE",
    };
    private readonly Option<bool> _all = new("--all-namespaces", "-A")
    {
        Description = "All namespaces, which is what happens without --namespace, too",
    };
    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "Kubeconfig of any cluster; default: the playground's, then $KUBECONFIG, then ~/.kube/config",
        HelpName = "FILE",
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "text or json",
        DefaultValueFactory = _ => "text",
        HelpName = "FORMAT",
    };

    public ClusterArguments()
    {
        _output.AcceptOnlyFromAmong("text", "json");
        Name.Validators.Add(result =>
        {
            // Otherwise a mistyped option would be looked up as the name of a cluster.
            foreach (var word in result.Tokens.Select(t => t.Value).Where(t => t.StartsWith('-')))
                result.AddError($"{word}: there is no such option");
        });
    }

    public void AddTo(Command command)
    {
        command.Arguments.Add(Name);
        command.Options.Add(_all);
        command.Options.Add(_output);
        AddScope(command);
    }

    /// <summary>For commands about one cluster: CLUSTER, -n and --kubeconfig.</summary>
    public void AddForOne(Command command)
    {
        Name.Arity = ArgumentArity.ExactlyOne;
        command.Arguments.Add(Name);
        AddScope(command);
    }

    /// <summary>Only -n and --kubeconfig.</summary>
    public void AddScope(Command command)
    {
        command.Options.Add(_namespace);
        command.Options.Add(_kubeconfig);
    }

    public string? Namespace(ParseResult arguments) => arguments.GetValue(_namespace);

    /// <summary>The one cluster that is meant.</summary>
    public async Task<JsonObject> FindOne(ClusterApi api, ParseResult arguments, CancellationToken cancel)
    {
        var found = await Find(api, arguments, cancel);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new CommandFailure(ExitCodes.NotFound, "there is no TidbCluster"),
            _ => throw new CommandFailure(ExitCodes.Usage,
                $"there are several: {string.Join(", ", found.Select(Words.FullName))}; say which as namespace/name"),
        };
    }

    public bool WantsJson(ParseResult arguments) => arguments.GetValue(_output) == "json";

    public ClusterApi Connect(ParseResult arguments) =>
        Connection.Open(arguments.GetValue(_kubeconfig) ?? (Session.Find() is null ? null : Session.KubeconfigPath));

    /// <summary>The clusters that are meant; an unknown name is an error that lists those that exist.</summary>
    public async Task<IReadOnlyList<JsonObject>> Find(ClusterApi api, ParseResult arguments, CancellationToken cancel)
    {
        var everywhere = arguments.GetResult(_all) is not null && arguments.GetValue(_all);
        var ns = everywhere ? null : arguments.GetValue(_namespace);
        var name = arguments.GetValue(Name);
        if (name?.Split('/') is [var before, var after])
            (ns, name) = (before, after);
        var all = await api.List(ClusterApi.TidbClusters, ns, null, cancel);
        if (name is null)
            return all;
        var found = all.Where(c => (string?)c["metadata"]!["name"] == name).ToArray();
        if (found.Length > 0)
            return found;
        var others = all.Count == 0 ? "there is none" : "there are: " + string.Join(", ", all.Select(Words.FullName));
        throw new CommandFailure(ExitCodes.NotFound,
            $"no TidbCluster '{name}'{(ns is null ? "" : $" in namespace {ns}")}; {others}");
    }
}
