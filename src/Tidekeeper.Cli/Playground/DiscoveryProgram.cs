using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Cli.Playground;

/// <summary>
/// The operator image's <c>discovery</c> command as a program of the playground. The service is the operator's own
/// code, hosted here to save a process per cluster; everything it knows it reads through the API.
/// </summary>
/// <param name="serve">Makes the service for one container.</param>
/// <param name="enter">Runs something with the world's gate held and wakes the world.</param>
public sealed class DiscoveryProgram(
    Func<ContainerContext, CancellationToken, DiscoveryService> serve, Action<Action> enter) : IProgram
{
    public IRunningProgram Start(ContainerContext context) => new Running(context, serve, enter);

    private sealed class Running : IRunningProgram, IHttpListener
    {
        private readonly CancellationTokenSource _life = new();
        private readonly ContainerContext _context;
        private readonly DiscoveryService _service;
        private readonly Action<Action> _enter;

        public Running(ContainerContext context,
            Func<ContainerContext, CancellationToken, DiscoveryService> serve, Action<Action> enter)
        {
            _context = context;
            _enter = enter;
            _service = serve(context, _life.Token);
            context.Network.Listen(context.PodAddress, DiscoveryService.Port, this);
            context.Log($"serves discovery on {context.PodAddress}:{DiscoveryService.Port}");
        }

        public int? ExitCode { get; private set; }

        public bool HasNews => ExitCode is not null;

        public DateTimeOffset? Act(DateTimeOffset now) => null;

        public void Terminate() => End(0);

        public void Kill() => End(137);

        public void Handle(HttpCall call, Action<HttpReply> reply) => _ = Answer(call.PathAndQuery, reply);

        private void End(int code)
        {
            if (ExitCode is not null)
                return;
            ExitCode = code;
            _context.Network.Close(_context.PodAddress, DiscoveryService.Port);
            _life.Cancel();
        }

        private async Task Answer(string path, Action<HttpReply> reply)
        {
            // Away from the caller first: the answer needs the API, and the caller holds the world's gate.
            await Task.Yield();
            HttpReply answer;
            try
            {
                var (status, text) = await _service.Answer(path, _life.Token);
                answer = new HttpReply(status, text, "text/plain; charset=utf-8");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _enter(() =>
            {
                if (ExitCode is null)
                    reply(answer);
            });
        }
    }
}
