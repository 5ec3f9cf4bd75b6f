using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Tidekeeper.Cli.Images;

/// <summary>
/// A layer as it is stored: a compressed tar whose bytes depend on nothing but its files. Their order is that of their
/// names and all times are the epoch, so the same inputs make the same digest on every machine.
/// </summary>
internal sealed record LayerBlob(string What, byte[] Bytes, string Digest, string UncompressedDigest)
{
    public static LayerBlob Pack(Layer layer)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in WithFolders(layer.Files))
                writer.WriteEntry(Entry(file));
        }

        var plain = tar.GetBuffer().AsSpan(0, (int)tar.Length);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(plain);
        var bytes = compressed.ToArray();
        return new LayerBlob(layer.What, bytes, DigestOf(bytes), DigestOf(plain));
    }

    public static string DigestOf(ReadOnlySpan<byte> bytes) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static IEnumerable<LayerFile> WithFolders(IReadOnlyList<LayerFile> files)
    {
        var entries = new SortedDictionary<string, LayerFile>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (file.Path.StartsWith('/') || file.Path.Split('/').Any(part => part is "" or "." or ".."))
                throw new ArgumentException($"'{file.Path}' is no path inside an image: name it without leading slash");
            if (!entries.TryAdd(file.Path, file))
                throw new ArgumentException($"'{file.Path}' is twice in one layer");
        }

        foreach (var file in files)
            for (var slash = file.Path.LastIndexOf('/'); slash > 0; slash = file.Path.LastIndexOf('/', slash - 1))
                entries.TryAdd(file.Path[..slash], LayerFile.Folder(file.Path[..slash]));
        return entries.Values;
    }

    private static UstarTarEntry Entry(LayerFile file)
    {
        var type = file.LinkTarget is not null ? TarEntryType.SymbolicLink
            : file.Content is not null ? TarEntryType.RegularFile
            : TarEntryType.Directory;
        var entry = new UstarTarEntry(type, type == TarEntryType.Directory ? file.Path + "/" : file.Path)
        {
            Mode = file.Mode,
            Uid = file.UserId,
            Gid = file.GroupId,
            ModificationTime = DateTimeOffset.UnixEpoch,
        };
        if (file.LinkTarget is not null)
            entry.LinkName = file.LinkTarget;
        if (file.Content is not null)
        {
            using var source = file.Content();
            var content = new MemoryStream();
            source.CopyTo(content);
            content.Position = 0;
            entry.DataStream = content;
        }

        return entry;
    }
}
