using System.Text.Json.Serialization;

namespace Tidekeeper.Model.StandIns;

/// <summary>
/// What a stand-in and its world say to each other. A stand-in is a process in a real container, under the name of a
/// database's binary, whose work is done by the simulated component in the world's process: it lends it the container's
/// command line, files, ports and names.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(FilesOf), "files")]
[JsonDerivedType(typeof(Caller), "caller")]
[JsonDerivedType(typeof(Terminated), "terminated")]
[JsonDerivedType(typeof(Answer), "answer")]
[JsonDerivedType(typeof(ReadFile), "read")]
[JsonDerivedType(typeof(ListFolder), "list")]
[JsonDerivedType(typeof(WriteFile), "write")]
[JsonDerivedType(typeof(DeleteFile), "delete")]
[JsonDerivedType(typeof(Listen), "listen")]
[JsonDerivedType(typeof(StopListening), "stop-listening")]
[JsonDerivedType(typeof(Fetch), "fetch")]
[JsonDerivedType(typeof(Print), "print")]
[JsonDerivedType(typeof(Exit), "exit")]
public abstract record StandInMessage;

/// <summary>Something that is answered, by its number.</summary>
public abstract record StandInQuestion : StandInMessage
{
    public int Number { get; init; }
}

/// <summary>The first word of a stand-in.</summary>
/// <param name="Session">By which its other connection is known.</param>
/// <param name="CommandLine">As the start script gave it; the name of the binary first.</param>
/// <param name="Environment">The container's.</param>
/// <param name="Mounts">Folders in which something is mounted to keep.</param>
public sealed record Hello(string Session, IReadOnlyList<string> CommandLine,
    SortedDictionary<string, string> Environment, IReadOnlyList<string> Mounts) : StandInMessage;

/// <summary>The first word on the connection on which files are asked for, and nothing else.</summary>
public sealed record FilesOf(string Session) : StandInMessage;

/// <summary>
/// The only word on a connection of its own: somebody has connected to a port in the container, and what follows is
/// what they say.
/// </summary>
public sealed record Caller(int Port, string Address) : StandInMessage;

/// <summary>SIGTERM has come.</summary>
public sealed record Terminated : StandInMessage;

/// <param name="Fault">Why it could not be done, in the system's words; null when it was.</param>
public sealed record Answer(int Number, string? Fault = null) : StandInMessage
{
    /// <summary>Of a file or of an HTTP answer; null when there is no such file.</summary>
    public byte[]? Content { get; init; }

    public IReadOnlyList<string>? Names { get; init; }
    public int Status { get; init; }
    public string? ContentType { get; init; }
}

public sealed record ReadFile(string Path) : StandInQuestion;

/// <summary>The files below a folder, as paths from there; none when there is no such folder.</summary>
public sealed record ListFolder(string Path) : StandInQuestion;

/// <summary>Whole or not at all; folders above are made.</summary>
public sealed record WriteFile(string Path, byte[] Content) : StandInQuestion;

public sealed record DeleteFile(string Path) : StandInQuestion;

/// <summary>Opens a port in the container, for everybody.</summary>
public sealed record Listen(int Port) : StandInQuestion;

public sealed record StopListening(int Port) : StandInMessage;

/// <summary>An HTTP request from within the container: its names, its network.</summary>
public sealed record Fetch(string Method, string Url, string Body, string ContentType) : StandInQuestion;

/// <summary>A line of the container's log.</summary>
public sealed record Print(string Line) : StandInMessage;

public sealed record Exit(int Code) : StandInMessage;
