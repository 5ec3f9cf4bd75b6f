using System.Text.Json.Nodes;
using Tidekeeper.Cli.Images;

namespace Tidekeeper.EndToEnd;

/// <summary>The images that <c>tide image</c> makes of this checkout.</summary>
public sealed class ImageTests : IDisposable
{
    private const long Limit = 60_000_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-images-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("apt-get", "dpkg-deb")]
    public async Task The_operator_is_built_twice_and_is_the_same_and_small_and_says_what_is_in_it()
    {
        var one = await Write("operator", "one");
        var two = await Write("operator", "two");
        Assert.Equal(one.Digest, two.Digest);
        Assert.Equal(await File.ReadAllBytesAsync(one.Archive), await File.ReadAllBytesAsync(two.Archive));
        Assert.InRange(one.Size, 1, Limit);

        var materials = JsonNode.Parse(await File.ReadAllTextAsync(one.Materials))!["components"]!.AsArray()
            .Select(component => (string)component!["purl"]!).ToArray();
        Assert.Contains(materials, purl => purl.StartsWith("pkg:deb/debian/libssl3@3", StringComparison.Ordinal));
        const string runtime = "pkg:nuget/Microsoft.AspNetCore.App.Runtime.linux-x64@10";
        Assert.Contains(materials, purl => purl.StartsWith(runtime, StringComparison.Ordinal));
        Assert.Contains(materials, purl => purl.StartsWith("pkg:nuget/YamlDotNet@", StringComparison.Ordinal));
    }

    [ProgramFact("apt-get", "dpkg-deb")]
    public async Task The_node_image_is_small() =>
        Assert.InRange((await Write("node", "node")).Size, 1, Limit);

    [ProgramFact("apt-get", "dpkg-deb")]
    public async Task Those_of_simulated_components_are_the_same_when_they_are_built_again()
    {
        var one = await StandIns("one");
        Assert.Equal(await File.ReadAllBytesAsync(one), await File.ReadAllBytesAsync(await StandIns("two")));
    }

    private Task<WrittenImage> Write(string name, string folder) => ProductImages.Write(
        ControlPlane.Repository, name, "", Path.Combine(_folder, folder), CancellationToken.None);

    private Task<string> StandIns(string folder) => StandInImages.Write(
        ControlPlane.Repository, "127.0.0.1:1", Path.Combine(_folder, folder), CancellationToken.None);
}
