using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tidekeeper.Playground.Nodes;

/// <summary>A command line, and what is added to the environment.</summary>
public sealed record ProcessCommand(
    string File, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment);

/// <summary>
/// Runs an image as a real child process: its lines become the container's log, its exit code the container's. It is
/// the one program that is not simulated, and so the one that the simulation cannot use.
/// </summary>
/// <param name="command">What to run for a container.</param>
/// <param name="started">Hears the id of each process, so that somebody can end it if this process dies first.</param>
public sealed class ProcessProgram(Func<ContainerContext, ProcessCommand> command, Action<int>? started = null)
    : IProgram, IDisposable
{
    private readonly List<Running> _running = [];
    private bool _disposed;

    public IRunningProgram Start(ContainerContext context)
    {
        // The world goes on for a moment after the processes were ended, and its kubelets start what has ended.
        if (_disposed)
            return new Ended();
        _running.RemoveAll(program => program.ExitCode is not null);
        var program = new Running(context, command(context));
        _running.Add(program);
        started?.Invoke(program.ProcessId);
        return program;
    }

    /// <summary>Ends all that still run: a playground that stops leaves no process behind.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (var program in _running)
            program.Kill();
    }

    private sealed class Ended : IRunningProgram
    {
        public int? ExitCode => 143;

        public DateTimeOffset? Act(DateTimeOffset now) => null;

        public void Terminate()
        {
        }

        public void Kill()
        {
        }
    }

    private sealed class Running : IRunningProgram
    {
        private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
        private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(10);
        private readonly ContainerContext _context;
        private readonly Process _process;

        // Lines arrive on threads of their own and wait here for a moment at which the world is ours.
        private readonly ConcurrentQueue<string> _lines = new();

        public Running(ContainerContext context, ProcessCommand command)
        {
            _context = context;
            var start = new ProcessStartInfo(command.File, command.Arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };
            foreach (var (name, value) in context.Environment)
                start.Environment[name] = value;
            foreach (var (name, value) in command.Environment)
                start.Environment[name] = value;
            _process = new Process { StartInfo = start };
            _process.OutputDataReceived += Keep;
            _process.ErrorDataReceived += Keep;
            _process.Start();
            _process.StandardInput.Close();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public int ProcessId => _process.Id;

        public int? ExitCode { get; private set; }

        public DateTimeOffset? Act(DateTimeOffset now)
        {
            var exited = ExitCode is null && _process.HasExited;
            while (_lines.TryDequeue(out var line))
                _context.Log(line);
            if (!exited)
                return ExitCode is null ? now + LookEvery : null;
            ExitCode = _process.ExitCode;
            return null;
        }

        public void Terminate()
        {
            if (!_process.HasExited)
                ProcessSignals.Terminate(_process.Id);
        }

        public void Kill()
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            // Without a limit this would wait for the end of its output as well, which is read on threads that may all
            // be waiting for the world that we hold.
            if (_process.WaitForExit(ToDie))
                ExitCode ??= _process.ExitCode;
        }

        private void Keep(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is { } line)
                _lines.Enqueue(line);
        }
    }
}
