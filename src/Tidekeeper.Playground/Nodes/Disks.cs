using System.Text;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// All disks of the cluster by name (for persistent volumes, the PV's name). A disk outlives the pods and nodes that
/// use it; it is gone when it is removed or lost.
/// </summary>
/// <param name="directory">Where disks are kept as files; null keeps them in memory.</param>
public sealed class Disks(string? directory)
{
    private readonly SortedDictionary<string, IVolume> _open = new(StringComparer.Ordinal);

    /// <summary>The disk of that name, empty at first.</summary>
    public IVolume Open(string name)
    {
        if (!_open.TryGetValue(name, out var volume))
            _open[name] = volume = directory is null ? new MemoryVolume() : new FileVolume(PathOf(name));
        return volume;
    }

    /// <summary>Deletes a disk with all that is on it. A program that still holds it writes to nothing.</summary>
    public void Remove(string name)
    {
        if (_open.Remove(name, out var volume))
        {
            foreach (var blob in volume.Names)
                volume.Delete(blob);
        }

        if (directory is not null && Directory.Exists(PathOf(name)))
            Directory.Delete(PathOf(name), recursive: true);
    }

    /// <summary>
    /// Where that disk is mounted from: a folder that is there from now on, as kubelets make none; nothing is there
    /// when disks are in memory.
    /// </summary>
    public string MakeFolder(string name) => directory is null ? "/playground/disks/" + name
        : Directory.CreateDirectory(PathOf(name)).FullName;

    private string PathOf(string name) => Path.Combine(directory!, "volumes", name);
}

/// <summary>A volume that lives as long as the playground.</summary>
public sealed class MemoryVolume : IVolume
{
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _blobs.Keys];
    public byte[]? Read(string name) => _blobs.GetValueOrDefault(name);
    public void Write(string name, byte[] content) => _blobs[name] = [.. content];
    public void Delete(string name) => _blobs.Remove(name);
}

/// <summary>
/// A volume in a directory, one file per blob. A write is whole or not there, also when the process dies.
/// </summary>
public sealed class FileVolume(string directory) : IVolume
{
    private const string Unfinished = ".unfinished";

    public IReadOnlyList<string> Names => !Directory.Exists(directory) ? [] :
    [
        .. Directory.EnumerateFiles(directory).Select(f => Path.GetFileName(f)!)
            .Where(f => !f.EndsWith(Unfinished, StringComparison.Ordinal))
            .Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal),
    ];

    public byte[]? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllBytes(PathOf(name)) : null;

    public void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(directory);
        var path = PathOf(name);
        File.WriteAllBytes(path + Unfinished, content);
        File.Move(path + Unfinished, path, overwrite: true);
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    private string PathOf(string name) => Path.Combine(directory, Escape(name));

    /// <summary>Blob names may hold slashes and dots; file names must not climb out of the directory.</summary>
    private static string Escape(string name)
    {
        var escaped = new StringBuilder(Uri.EscapeDataString(name));
        return escaped.Replace(".", "%2E").ToString();
    }
}

/// <summary>A part of a volume, as <c>subPath</c> mounts it.</summary>
internal sealed class SubVolume(IVolume volume, string path) : IVolume
{
    private readonly string _prefix = path.Trim('/') + "/";

    public IReadOnlyList<string> Names =>
        [.. volume.Names.Where(n => n.StartsWith(_prefix, StringComparison.Ordinal)).Select(n => n[_prefix.Length..])];

    public byte[]? Read(string name) => volume.Read(_prefix + name);
    public void Write(string name, byte[] content) => volume.Write(_prefix + name, content);
    public void Delete(string name) => volume.Delete(_prefix + name);
}
