using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Images;

namespace Tidekeeper.UnitTests.Cli;

/// <summary>
/// An archive is what other programs read: each blob under its own digest, and nothing of the day it was made.
/// </summary>
public sealed class OciArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-archive-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_order_in_which_files_are_named_changes_no_byte()
    {
        LayerFile[] files =
        [
            LayerFile.Text("app/run", "#!/bin/sh\n", LayerFile.Program),
            LayerFile.Text("etc/a", "a"),
            LayerFile.Link("bin", "usr/bin"),
        ];
        OciArchive.Write(Sample(files), Path.Combine(_folder, "one"));
        OciArchive.Write(Sample([.. files.Reverse()]), Path.Combine(_folder, "two"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "one")), File.ReadAllBytes(Path.Combine(_folder, "two")));
    }

    [Fact]
    public void Every_blob_is_under_its_digest_and_leads_to_the_files()
    {
        var digest = OciArchive.Write(Sample(
        [
            LayerFile.Text("app/deep/run", "hello", LayerFile.Program) with { UserId = 7, GroupId = 8 },
            LayerFile.Link("sh", "app/deep/run"),
        ]), Path.Combine(_folder, "archive"));
        var entries = Read(File.OpenRead(Path.Combine(_folder, "archive")));
        foreach (var (path, entry) in entries.Where(e => e.Key.StartsWith("blobs/sha256/", StringComparison.Ordinal)))
            Assert.Equal(Path.GetFileName(path), entry.Type == TarEntryType.Directory
                ? "" : Convert.ToHexStringLower(SHA256.HashData(entry.Bytes)));

        var index = JsonNode.Parse(entries["index.json"].Bytes)!["manifests"]![0]!;
        Assert.Equal(digest, (string?)index["digest"]);
        Assert.Equal("docker.io/some/thing:1.2", (string?)index["annotations"]!["io.containerd.image.name"]);
        Assert.Equal("1.2", (string?)index["annotations"]!["org.opencontainers.image.ref.name"]);
        var manifest = JsonNode.Parse(Blob(entries, index))!;
        var config = JsonNode.Parse(Blob(entries, manifest["config"]!))!;
        Assert.Equal("65532:65532", (string?)config["config"]!["User"]);
        var layer = Blob(entries, manifest["layers"]![0]!);
        Assert.Equal($"blobs/{((string)manifest["layers"]![0]!["digest"]!).Replace(':', '/')}",
            (string?)JsonNode.Parse(entries["manifest.json"].Bytes)![0]!["Layers"]![0]);

        using var plain = new MemoryStream();
        new GZipStream(new MemoryStream(layer), CompressionMode.Decompress).CopyTo(plain);
        Assert.Equal((string?)config["rootfs"]!["diff_ids"]![0],
            "sha256:" + Convert.ToHexStringLower(SHA256.HashData(plain.ToArray())));
        Assert.Equal(
            [
                "app/ Directory 755 0:0", "app/deep/ Directory 755 0:0", "app/deep/run RegularFile 755 7:8 hello",
                "sh SymbolicLink 755 0:0 -> app/deep/run",
            ],
            Read(new MemoryStream(plain.ToArray())).Values.Select(entry => entry.Shown));
    }

    [Theory]
    [InlineData("/etc/a")]
    [InlineData("etc/../a")]
    [InlineData("etc//a")]
    public void A_path_that_leads_elsewhere_is_refused(string path)
    {
        var refused = Assert.Throws<ArgumentException>(
            () => OciArchive.Write(Sample([LayerFile.Text(path, "")]), Path.Combine(_folder, "archive")));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("busybox:1", "docker.io/library/busybox:1")]
    [InlineData("tidekeeper/operator:1", "docker.io/tidekeeper/operator:1")]
    [InlineData("registry.example.com/a:1", "registry.example.com/a:1")]
    [InlineData("localhost:5000/a:1", "localhost:5000/a:1")]
    public void A_kubelet_finds_an_image_under_its_full_name(string name, string full) =>
        Assert.Equal(full, OciArchive.FullName(name));

    private static Image Sample(IReadOnlyList<LayerFile> files) => new("some/thing:1.2",
        new ImageConfig { Entrypoint = ["/app/run"], User = "65532:65532" }, [new Layer("a test", files)]);

    private static byte[] Blob(SortedDictionary<string, Entry> entries, JsonNode descriptor)
    {
        var bytes = entries[$"blobs/{((string)descriptor["digest"]!).Replace(':', '/')}"].Bytes;
        Assert.Equal((int)descriptor["size"]!, bytes.Length);
        return bytes;
    }

    private static SortedDictionary<string, Entry> Read(Stream stream)
    {
        var entries = new SortedDictionary<string, Entry>(StringComparer.Ordinal);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            var bytes = content.ToArray();
            var rest = entry.EntryType == TarEntryType.SymbolicLink ? $" -> {entry.LinkName}"
                : bytes.Length is > 0 and < 100 ? $" {System.Text.Encoding.UTF8.GetString(bytes)}" : "";
            entries[entry.Name] = new Entry(entry.EntryType, bytes,
                $"{entry.Name} {entry.EntryType} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid}{rest}");
        }

        return entries;
    }

    private sealed record Entry(TarEntryType Type, byte[] Bytes, string Shown);
}
