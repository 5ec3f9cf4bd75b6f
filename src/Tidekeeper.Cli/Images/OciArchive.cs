using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;

namespace Tidekeeper.Cli.Images;

/// <summary>
/// Images as one file in the OCI image layout, which <c>ctr images import</c>, <c>skopeo copy oci-archive:</c> and
/// <c>podman load</c> read; with Docker's own manifest beside it for <c>docker load</c>. Neither a daemon nor a
/// registry
/// takes part, and the same image makes the same bytes.
/// </summary>
public static class OciArchive
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Config = "application/vnd.oci.image.config.v1+json";
    private const string Tar = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>
    /// Writes the archive and returns the digest of the image's manifest, by which registries know it.
    /// </summary>
    public static string Write(Image image, string file) => Write([image], file)[0];

    /// <summary>Several images in one archive; what they share is in it once. Docker loads the first only.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<Image> images, string file)
    {
        var blobs = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var packed = images.SelectMany(image => image.Layers).Distinct().ToDictionary(layer => layer, LayerBlob.Pack);
        foreach (var layer in packed.Values)
            blobs[layer.Digest] = layer.Bytes;
        var manifests = images.Select(image =>
            Add(blobs, image, [.. image.Layers.Select(layer => packed[layer])])).ToArray();

        using var stream = File.Create(file);
        using var writer = new TarWriter(stream, TarEntryFormat.Ustar);
        AddText(writer, "oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        AddText(writer, "index.json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.index.v1+json",
            ["manifests"] = new JsonArray([.. images.Zip(manifests, (image, manifest) =>
                (JsonNode)Indexed(image, Descriptor(Manifest, manifest, blobs)))]),
        }.ToJsonString());
        AddText(writer, "manifest.json", ForDocker(images[0], blobs, manifests[0]));
        AddFolder(writer, "blobs/");
        AddFolder(writer, "blobs/sha256/");
        foreach (var (digest, bytes) in blobs)
            AddFile(writer, PathOf(digest), bytes);
        return manifests;
    }

    /// <summary>The digest of the manifest.</summary>
    private static string Add(SortedDictionary<string, byte[]> blobs, Image image, LayerBlob[] layers)
    {
        var config = Add(blobs, ConfigOf(image, layers));
        return Add(blobs, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = Descriptor(Config, config, blobs),
            ["layers"] = new JsonArray([.. layers.Select(layer => Descriptor(Tar, layer.Digest, blobs))]),
            ["annotations"] = Words(image.Annotations),
        });
    }

    private static string ForDocker(Image image, SortedDictionary<string, byte[]> blobs, string digest)
    {
        var manifest = JsonNode.Parse(blobs[digest])!;
        return new JsonArray(new JsonObject
        {
            ["Config"] = PathOf((string)manifest["config"]!["digest"]!),
            ["RepoTags"] = new JsonArray(image.Name),
            ["Layers"] = new JsonArray(
                [.. manifest["layers"]!.AsArray().Select(layer => (JsonNode)PathOf((string)layer!["digest"]!))]),
        }).ToJsonString();
    }

    // containerd takes the image's name from its own annotation, others from the reference.
    private static JsonObject Indexed(Image image, JsonObject manifest)
    {
        manifest["platform"] = new JsonObject { ["architecture"] = "amd64", ["os"] = "linux" };
        manifest["annotations"] = Words(new(image.Annotations, StringComparer.Ordinal)
        {
            ["io.containerd.image.name"] = FullName(image.Name),
            ["org.opencontainers.image.ref.name"] = image.Tag,
        });
        return manifest;
    }

    /// <summary>
    /// A kubelet asks for <c>a/b:1</c> as <c>docker.io/a/b:1</c>, so the image must be there under that name.
    /// </summary>
    public static string FullName(string name)
    {
        var first = name.Split('/')[0];
        return !name.Contains('/', StringComparison.Ordinal) ? $"docker.io/library/{name}"
            : first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal)
                || first == "localhost" ? name
            : $"docker.io/{name}";
    }

    private static JsonObject ConfigOf(Image image, LayerBlob[] layers)
    {
        var config = image.Config;
        return new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["User"] = config.User,
                ["ExposedPorts"] = new JsonObject(config.Ports.Select(port =>
                    KeyValuePair.Create($"{port}/tcp", (JsonNode?)new JsonObject()))),
                ["Env"] = Texts(config.Environment.Select(one => $"{one.Key}={one.Value}")),
                ["Entrypoint"] = Texts(config.Entrypoint),
                ["Cmd"] = Texts(config.Command),
                ["WorkingDir"] = config.WorkingDirectory,
                ["Labels"] = Words(config.Labels),
            },
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = Texts(layers.Select(layer => layer.UncompressedDigest)),
            },
            ["history"] = new JsonArray(
                [.. layers.Select(layer => (JsonNode)new JsonObject { ["created_by"] = layer.What })]),
        };
    }

    private static string Add(SortedDictionary<string, byte[]> blobs, JsonObject document)
    {
        var bytes = Encoding.UTF8.GetBytes(document.ToJsonString());
        var digest = LayerBlob.DigestOf(bytes);
        blobs[digest] = bytes;
        return digest;
    }

    private static JsonObject Descriptor(string type, string digest, SortedDictionary<string, byte[]> blobs) => new()
    {
        ["mediaType"] = type,
        ["digest"] = digest,
        ["size"] = blobs[digest].Length,
    };

    private static string PathOf(string digest) => $"blobs/{digest.Replace(':', '/')}";

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Words(SortedDictionary<string, string> words) =>
        new(words.Select(word => KeyValuePair.Create(word.Key, (JsonNode?)word.Value)));

    private static void AddText(TarWriter writer, string path, string text) =>
        AddFile(writer, path, Encoding.UTF8.GetBytes(text));

    private static void AddFile(TarWriter writer, string path, byte[] bytes) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path)
        {
            Mode = LayerFile.Data,
            ModificationTime = DateTimeOffset.UnixEpoch,
            DataStream = new MemoryStream(bytes, writable: false),
        });

    private static void AddFolder(TarWriter writer, string path) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, path)
        {
            Mode = LayerFile.Program,
            ModificationTime = DateTimeOffset.UnixEpoch,
        });
}
