using System.Text.Json.Nodes;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// What a container image does. The kubelet finds the program by image name (without registry host, tag and digest,
/// for example <c>pingcap/pd</c>) in the <see cref="ProgramCatalog"/>.
/// </summary>
public interface IProgram
{
    /// <summary>Starts a container. Returning a process that has already exited is how a start fails.</summary>
    IRunningProgram Start(ContainerContext context);
}

/// <summary>A running container.</summary>
public interface IRunningProgram
{
    /// <summary>
    /// Whether it may have to work before its time, because something reached it. Who cannot tell says true.
    /// </summary>
    bool HasNews => true;

    /// <summary>Lets the program work; called often, and again at the returned time.</summary>
    DateTimeOffset? Act(DateTimeOffset now);

    /// <summary>Null while it runs.</summary>
    int? ExitCode { get; }

    /// <summary>SIGTERM: the program ends by itself, soon; the kubelet kills it after the grace period.</summary>
    void Terminate();

    /// <summary>SIGKILL: it is gone when this returns; nothing is flushed that a crash would lose.</summary>
    void Kill();
}

/// <summary>Everything a container sees of the world.</summary>
public sealed record ContainerContext
{
    public required string Namespace { get; init; }
    public required string PodName { get; init; }
    public required string PodUid { get; init; }
    public required string PodAddress { get; init; }
    public required string NodeName { get; init; }

    /// <summary>Labels of the pod when it started.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The container as in the pod's spec; read-only.</summary>
    public required JsonObject Container { get; init; }

    /// <summary>
    /// What a start script in a real container has made of environment and files: the binary's name and its flags. Null
    /// in a simulated container, which has no shell: then the program does what its script would.
    /// </summary>
    public IReadOnlyList<string>? CommandLine { get; init; }

    /// <summary>Tag of the image, for example <c>v8.5.1</c>; "latest" when there is none.</summary>
    public required string ImageTag { get; init; }

    /// <summary>Environment, with fieldRef, configMapKeyRef, secretKeyRef and $(VAR) resolved.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>
    /// Files of mounted ConfigMaps, Secrets and downward API volumes: absolute path → text, read when called.
    /// </summary>
    public required Func<string, string?> ReadFile { get; init; }

    /// <summary>
    /// Mounted persistent volumes: mount path → volume. emptyDir volumes are here too and die with the pod.
    /// </summary>
    public required IReadOnlyDictionary<string, IVolume> Volumes { get; init; }

    /// <summary>
    /// Bytes of the file system at a mount path, asked each time because disks grow; null when it is not limited.
    /// </summary>
    public Func<string, long?> DiskSize { get; init; } = _ => null;

    /// <summary>Writes a line to the container's log (<c>kubectl logs</c>).</summary>
    public required Action<string> Log { get; init; }

    /// <summary>
    /// Calls another component from within the container; null answers as in <see cref="PodNetwork.Send"/>, which is
    /// used where this is null.
    /// </summary>
    public Action<string, int, HttpCall, Action<HttpReply?>>? Call { get; init; }

    public required PodNetwork Network { get; init; }
    public required Random Chance { get; init; }
    public required Func<DateTimeOffset> Now { get; init; }
}

/// <summary>
/// The contents of one volume: named blobs. It outlives pods; who deletes the claim loses it.
/// Implementations: in memory (simulation, no data directory) and in files (<c>--data-dir</c>).
/// </summary>
public interface IVolume
{
    byte[]? Read(string name);
    void Write(string name, byte[] content);
    void Delete(string name);
    IReadOnlyList<string> Names { get; }
}

/// <summary>Image name → program.</summary>
public sealed class ProgramCatalog
{
    private readonly SortedDictionary<string, IProgram> _programs = new(StringComparer.Ordinal);

    public void Add(string image, IProgram program) => _programs.Add(image, program);

    public IProgram? Find(string image) => _programs.GetValueOrDefault(image);
}
