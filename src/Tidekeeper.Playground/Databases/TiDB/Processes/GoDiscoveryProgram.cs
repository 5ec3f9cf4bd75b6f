using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// The discovery of the Go operator, so that clusters can be brought up as it makes them: the last PD pod that asks
/// begins the cluster alone, the others join it. What it remembers of callers is lost with its process, and with every
/// change of the cluster object.
/// </summary>
public sealed class GoDiscoveryProgram(ApiClient api) : IProgram
{
    private const int Port = 10261;

    public IRunningProgram Start(ContainerContext context) => new Running(context, api);

    private sealed class Running : IRunningProgram, IHttpListener
    {
        private readonly ContainerContext _context;
        private readonly ApiClient _api;
        private readonly SortedSet<string> _callers = new(StringComparer.Ordinal);
        private string _version = "";

        public Running(ContainerContext context, ApiClient api)
        {
            (_context, _api) = (context, api);
            context.Network.Listen(context.PodAddress, Port, this);
            context.Log($"starting TiDB Discovery server, listening on 0.0.0.0:{Port}");
        }

        public int? ExitCode { get; private set; }

        public bool HasNews => ExitCode is not null;

        public DateTimeOffset? Act(DateTimeOffset now) => null;

        public void Terminate() => End(0);

        public void Kill() => End(137);

        public void Handle(HttpCall call, Action<HttpReply> reply)
        {
            var parts = call.PathAndQuery.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (parts is ["new", var encoded, ..] && Decode(encoded) is { } host)
                Discover(host, reply);
            else if (parts is ["verify", var url] && Decode(url) is { } pd)
                reply(new HttpReply(200, pd, "text/plain"));
            else
                reply(new HttpReply(404, "404: Page Not Found", "text/plain"));
        }

        private void Discover(string host, Action<HttpReply> reply)
        {
            var name = _context.Environment.GetValueOrDefault("TC_NAME", "");
            var cluster = _api.Get("pingcap.com/v1alpha1/tidbclusters", _context.Namespace, name);
            if (cluster is null)
            {
                Fail(reply, $"tidbclusters.pingcap.com \"{name}\" not found");
                return;
            }

            if (_version != cluster.Metadata().Text("resourceVersion"))
            {
                _version = cluster.Metadata().Text("resourceVersion")!;
                _callers.Clear();
            }

            var pod = host.Split('.')[0];
            _callers.Add(pod);
            if (_callers.Count == cluster.Number("spec", "pd", "replicas"))
            {
                _callers.Remove(pod);
                Grant(reply, $"--initial-cluster={pod}=http://{host}");
                return;
            }

            var service = $"{name}-pd.{_context.Namespace}.svc";
            var question = new HttpCall("GET", "/pd/api/v1/members");
            _context.Network.Send(_context.PodAddress, service, TidbPorts.PdClient, question, answer =>
            {
                if (answer is { Status: 200 })
                    Grant(reply, $"--join={Others(answer.Body, pod)}");
                else
                    Fail(reply, $"PD of {name} does not answer");
            });
        }

        private static string Others(string members, string pod) => string.Join(',',
            from member in JsonNode.Parse(members)?["members"] as JsonArray ?? []
            where (string?)member?["name"] != pod
            let url = (string?)member?["peer_urls"]?[0]
            where url is not null
            select url.Replace(":2380", ":2379", StringComparison.Ordinal));

        private void Grant(Action<HttpReply> reply, string flags)
        {
            _context.Log($"generated args for the caller: {flags}");
            if (ExitCode is null)
                reply(new HttpReply(200, flags, "text/plain"));
        }

        private void Fail(Action<HttpReply> reply, string why)
        {
            _context.Log($"failed to discover: {why}");
            if (ExitCode is null)
                reply(new HttpReply(500, why, "text/plain"));
        }

        private static string? Decode(string base64)
        {
            var bytes = new byte[base64.Length];
            return Convert.TryFromBase64String(base64, bytes, out var length)
                ? Encoding.UTF8.GetString(bytes, 0, length).Trim()
                : null;
        }

        private void End(int code)
        {
            if (ExitCode is not null)
                return;
            ExitCode = code;
            _context.Network.Close(_context.PodAddress, Port);
        }
    }
}
