using System.Text.Json.Nodes;

namespace Tidekeeper.Cli.Images;

/// <summary>
/// What is in an image and where it came from, as CycloneDX 1.5: packages of the distribution and of NuGet.
/// </summary>
internal static class BillOfMaterials
{
    public const string MediaType = "application/vnd.cyclonedx+json";

    public static JsonObject Of(
        string name, string version, IEnumerable<SystemPackage> system, IEnumerable<LibraryPackage> libraries) => new()
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.5",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject
                {
                    ["type"] = "container",
                    ["bom-ref"] = $"pkg:oci/{name}@{version}",
                    ["name"] = name,
                    ["version"] = version,
                    ["licenses"] = new JsonArray(
                    new JsonObject { ["license"] = new JsonObject { ["id"] = "Apache-2.0" } }),
                },
            },
            ["components"] = new JsonArray(
            [.. system.Select(package => (JsonNode)Component(package.Name, package.Version,
                $"pkg:deb/debian/{package.Name}@{Uri.EscapeDataString(package.Version)}?arch={package.Architecture}",
                "SHA-256", package.Sha256)),
            .. libraries.Select(package => (JsonNode)Component(package.Name, package.Version,
                $"pkg:nuget/{package.Name}@{package.Version}", "SHA-512", Hexadecimal(package.Sha512)))]),
        };

    private static JsonObject Component(string name, string version, string address, string algorithm, string hash)
    {
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = address,
            ["name"] = name,
            ["version"] = version,
            ["purl"] = address,
        };
        if (hash.Length > 0)
            component["hashes"] = new JsonArray(new JsonObject { ["alg"] = algorithm, ["content"] = hash });
        return component;
    }

    // NuGet says "sha512-BASE64"; of the runtime's own packages it says nothing.
    private static string Hexadecimal(string hash) =>
        hash.StartsWith("sha512-", StringComparison.Ordinal)
            ? Convert.ToHexStringLower(Convert.FromBase64String(hash["sha512-".Length..]))
            : "";
}
