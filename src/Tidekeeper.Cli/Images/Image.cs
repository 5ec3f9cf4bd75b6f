namespace Tidekeeper.Cli.Images;

/// <summary>A container image for linux/amd64: what runs, and the layers of files under it, lowest first.</summary>
/// <param name="Name">With a tag: <c>tidekeeper/operator:0.1.0</c>. Never <c>latest</c>: two of those are not the
/// same.</param>
public sealed record Image(string Name, ImageConfig Config, IReadOnlyList<Layer> Layers)
{
    /// <summary>Said of the image in the archive's index, where labels cannot be read without unpacking it.</summary>
    public SortedDictionary<string, string> Annotations { get; init; } = new(StringComparer.Ordinal);

    public string Tag => Name[(Name.LastIndexOf(':') + 1)..];
}

/// <summary>How a container of the image is started.</summary>
public sealed record ImageConfig
{
    public IReadOnlyList<string> Entrypoint { get; init; } = [];
    public IReadOnlyList<string> Command { get; init; } = [];
    public SortedDictionary<string, string> Environment { get; init; } = new(StringComparer.Ordinal);

    /// <summary>By number, so that a kubelet can tell that it is not root (<c>runAsNonRoot</c>).</summary>
    public string User { get; init; } = "0:0";

    public string WorkingDirectory { get; init; } = "/";
    public IReadOnlyList<int> Ports { get; init; } = [];
    public SortedDictionary<string, string> Labels { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>Files that are stored and transferred together; images with an equal layer share it.</summary>
/// <param name="What">For people: <c>docker history</c> shows it.</param>
/// <param name="Files">In any order. Folders above them need not be named; they belong to root with mode 755.</param>
public sealed record Layer(string What, IReadOnlyList<LayerFile> Files);

/// <summary>One file, folder or symbolic link of a layer.</summary>
/// <param name="Path">In the image, without a leading slash.</param>
public sealed record LayerFile(string Path, UnixFileMode Mode)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Searchable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>0644.</summary>
    public const UnixFileMode Data = Readable | UnixFileMode.UserWrite;

    /// <summary>0755.</summary>
    public const UnixFileMode Program = Data | Searchable;

    public int UserId { get; init; }
    public int GroupId { get; init; }

    /// <summary>Null for a folder and for a link.</summary>
    public Func<Stream>? Content { get; private init; }

    /// <summary>Null unless this is a symbolic link.</summary>
    public string? LinkTarget { get; private init; }

    public static LayerFile Text(string path, string text, UnixFileMode mode = Data) =>
        Bytes(path, System.Text.Encoding.UTF8.GetBytes(text), mode);

    public static LayerFile Bytes(string path, byte[] bytes, UnixFileMode mode = Data) =>
        new(path, mode) { Content = () => new MemoryStream(bytes, writable: false) };

    /// <summary>The content of a file of this machine; its mode is not taken over, for umasks differ.</summary>
    public static LayerFile Copy(string path, string source, UnixFileMode mode = Data) =>
        new(path, mode) { Content = () => File.OpenRead(source) };

    public static LayerFile Folder(string path, UnixFileMode mode = Program) => new(path, mode);

    public static LayerFile Link(string path, string target) => new(path, Program) { LinkTarget = target };
}
