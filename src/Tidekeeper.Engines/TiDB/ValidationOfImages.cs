using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>Whether each component has an image with a version that can be compared.</summary>
internal static class ValidationOfImages
{
    private const string WriteVersion = "write a version such as v8.5.0, or nightly";

    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        if (cluster.Spec.Version is { Length: > 0 } version && !TidbVersion.IsVersion(version))
            yield return new Problem("spec.version", version, "is no version", WriteVersion);
        foreach (var (field, _, spec) in Validation.Components(cluster))
        {
            foreach (var problem in OfComponent(field, spec, cluster.Spec.Version)) yield return problem;
        }

        if (cluster.Spec.Helper?.Image is { Length: > 0 } helper && ImageReference.TryParse(helper) is null)
            yield return NoImage("spec.helper.image", helper);
    }

    private static IEnumerable<Problem> OfComponent(string field, ReplicatedSpec spec, string? clusterVersion)
    {
        if (spec.Version is { Length: > 0 } version && !TidbVersion.IsVersion(version))
        {
            yield return new Problem($"{field}.version", version, "is no version",
                $"{WriteVersion}; for an image with another tag, write it whole in {field}.image");
        }

        if (spec.BaseImage is { Length: > 0 } baseImage)
        {
            if (ImageReference.TryParse(baseImage) is not { } name)
                yield return NoImage($"{field}.baseImage", baseImage);
            else if (name.Tag.Length > 0 || name.Digest.Length > 0)
            {
                yield return new Problem($"{field}.baseImage", baseImage, "has a version already",
                    $"write {name.Name} here and the version in {field}.version");
            }
        }
        else if (spec.Image is { Length: > 0 } image)
        {
            if (ImageReference.TryParse(image) is null) yield return NoImage($"{field}.image", image);
            yield break;
        }

        if (string.IsNullOrEmpty(spec.Version ?? clusterVersion))
        {
            yield return new Problem($"{field}.version", "", "is missing, and so is spec.version",
                "write a version such as v8.5.0 in spec.version: without one, each pull may bring another");
        }
    }

    private static Problem NoImage(string field, string value) =>
        new(field, value, "is no image", "write for example registry.example.com:5000/pingcap/tikv");
}
