using Tidekeeper.Model.StandIns;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>
/// The components that work for stand-ins: started when one reports, told of SIGTERM, killed when its container is
/// gone, and when one ends by itself its container is told the exit code.
/// </summary>
internal sealed class StandInPods(World world, ProgramCatalog programs) : IActor
{
    private readonly List<Running> _running = [];

    public string Name => "stand-ins";

    public bool Notices() => _running.Exists(one => one.HasNews);

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        DateTimeOffset? due = null;
        foreach (var one in _running.ToList())
        {
            if (one.Act(now) is { } at && (due is null || at < due))
                due = at;
        }

        _running.RemoveAll(one => one.HasEnded);
        return due;
    }

    /// <summary>Called with the world's gate held.</summary>
    public void Start(StandInLink link, StandInFiles files)
    {
        var image = ImageName.Parse(link.Hello.Environment.GetValueOrDefault(StandInWire.ImageVariable, ""));
        if (programs.Find(image.Repository) is not { } program)
        {
            link.Say(new Print($"the world has no simulated program for image {image.Repository}"));
            link.Say(new Exit(1));
            return;
        }

        // The kernel of a real node has closed the ports of whoever was there before; news of its end may still be on
        // the way.
        foreach (var before in _running.Where(one => one.Link.Address == link.Address && one.IsLike(link)))
            before.Kill();
        _running.Add(new Running(link, files, program.Start(Context(link, files, image.Tag))));
    }

    /// <summary>Whose pod has that address; the newest, when one container follows another.</summary>
    public void Listening(string address, int port)
    {
        if (_running.FindLast(one => one.Link.Address == address) is { } one)
            one.Open(port);
    }

    public void Closed(string address, int port)
    {
        foreach (var one in _running.Where(one => one.Link.Address == address))
            one.Link.Say(new StopListening(port));
    }

    private ContainerContext Context(StandInLink link, StandInFiles files, string tag)
    {
        var environment = link.Hello.Environment;
        var volumes = new SortedDictionary<string, IVolume>(StringComparer.Ordinal);
        foreach (var folder in link.Hello.Mounts)
            volumes[folder] = files.Mounted(folder);
        var uid = new byte[16];
        world.Chance.NextBytes(uid);
        return new ContainerContext
        {
            CommandLine = link.Hello.CommandLine,
            Namespace = environment.GetValueOrDefault("NAMESPACE", "default"),
            PodName = environment.GetValueOrDefault("POD_NAME") ?? environment.GetValueOrDefault("HOSTNAME", ""),
            PodUid = Convert.ToHexStringLower(uid),
            PodAddress = link.Address,
            NodeName = "",
            Labels = new SortedDictionary<string, string>(StringComparer.Ordinal),
            Container = [],
            ImageTag = tag,
            Environment = environment,
            ReadFile = files.ReadText,
            Volumes = volumes,
            Log = line => link.Say(new Print(line)),
            Call = link.Call,
            Network = world.Network,
            Chance = world.Chance,
            Now = world.Time.GetUtcNow,
        };
    }

    private sealed class Running(StandInLink link, StandInFiles files, IRunningProgram program)
    {
        private bool _isTold;
        private string? _fault;

        public StandInLink Link => link;
        public bool HasEnded => program.ExitCode is not null;
        public bool HasNews => program.HasNews || link.IsLost || files.Lost is not null || _fault is not null
            || link.IsToldToEnd != _isTold;

        /// <summary>Whether it is the same container of the pod.</summary>
        public bool IsLike(StandInLink other) => other.Hello.CommandLine[0] == link.Hello.CommandLine[0];

        public DateTimeOffset? Act(DateTimeOffset now)
        {
            if (link.IsLost)
                program.Kill();
            else if ((_fault ?? files.Lost) is { } fault)
                Fail(fault);
            if (link.IsToldToEnd && !_isTold)
            {
                _isTold = true;
                program.Terminate();
            }

            var due = program.ExitCode is null ? program.Act(now) : null;
            if (program.ExitCode is { } code)
                End(code);
            return due;
        }

        public void Open(int port) => link.Ask(new Listen(port), answer =>
        {
            if (answer.Fault is { } why)
                _fault = $"listen tcp 0.0.0.0:{port}: {why}";
        });

        public void Kill()
        {
            program.Kill();
            End(137);
        }

        private void Fail(string fault)
        {
            link.Say(new Print($"[FATAL] [\"{fault}\"]"));
            program.Kill();
            End(1);
        }

        /// <summary>The first code counts: it is the container's.</summary>
        private void End(int code)
        {
            link.Say(new Exit(code));
            files.Dispose();
        }
    }
}
