using Tidekeeper.Model;

namespace Tidekeeper.Playground.Databases.TiDB;

/// <summary>What the binaries print about themselves.</summary>
internal static class Release
{
    public const string GitHash = "0000000000000000000000000000000000000000";
    private const string Newest = "v8.5.1";

    /// <summary>From an image's tag, for example <c>v8.5.1</c>; a tag without numbers stands for the newest.</summary>
    public static string Of(string imageTag) =>
        !TidbVersion.Parse(imageTag).IsNumbered ? Newest : imageTag.StartsWith('v') ? imageTag : "v" + imageTag;
}
