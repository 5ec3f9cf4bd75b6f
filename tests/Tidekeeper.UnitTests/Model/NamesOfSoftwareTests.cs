using Tidekeeper.Model;

namespace Tidekeeper.UnitTests.Model;

public class NamesOfSoftwareTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("pingcap/pd", "", "pingcap/pd", "")]
    [InlineData("pingcap/pd:v8.5.0", "", "pingcap/pd", "v8.5.0")]
    [InlineData("busybox", "", "busybox", "")]
    [InlineData("busybox:1.36", "", "busybox", "1.36")]
    [InlineData("registry:5000/pd", "registry:5000", "pd", "")]
    [InlineData("registry:5000/pingcap/pd:v8.5.0", "registry:5000", "pingcap/pd", "v8.5.0")]
    [InlineData("localhost/pd", "localhost", "pd", "")]
    [InlineData("ghcr.io/a/b/c:x", "ghcr.io", "a/b/c", "x")]
    public void An_image_comes_apart(string text, string registry, string repository, string tag)
    {
        var image = ImageReference.Parse(text);
        Assert.Equal((registry, repository, tag, ""), (image.Registry, image.Repository, image.Tag, image.Digest));
        Assert.Equal(text, image.ToString());
    }

    [Fact]
    public void A_digest_may_follow_the_tag()
    {
        var image = ImageReference.Parse($"registry:5000/pd:v1@{Digest}");
        Assert.Equal(("v1", Digest), (image.Tag, image.Digest));
        Assert.Equal(Digest, ImageReference.Parse($"pingcap/pd@{Digest}").Digest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pingcap/PD")]
    [InlineData("pingcap//pd")]
    [InlineData("pingcap/pd:")]
    [InlineData("pingcap/pd:a b")]
    [InlineData("pingcap/pd@sha256:short")]
    [InlineData("/pd")]
    [InlineData("https://example.com/pd")]
    public void Other_texts_are_no_images(string text) => Assert.Null(ImageReference.TryParse(text));

    [Theory]
    [InlineData("v8.5.0", true)]
    [InlineData("8.5.0", true)]
    [InlineData("v8.5.0-alpha", true)]
    [InlineData("v7.1.5-20240612-dirty", true)]
    [InlineData("v6.5.0-pre", true)]
    [InlineData("nightly", true)]
    [InlineData("latest", true)]
    [InlineData("master", true)]
    [InlineData("release-8.5", true)]
    [InlineData("v8.5", false)]
    [InlineData("v8", false)]
    [InlineData("8.5.x", false)]
    [InlineData("banana", false)]
    [InlineData("v8.5.0 ", false)]
    [InlineData("v99999999999.0.0", false)]
    public void A_version_is_known_by_its_form(string text, bool expected) =>
        Assert.Equal(expected, TidbVersion.IsVersion(text));

    [Fact]
    public void Versions_are_in_order_and_builds_without_numbers_are_newest()
    {
        string[] ordered =
        [
            "v6.5.0", "v8.5.0-alpha", "v8.5.0-beta.2", "v8.5.0-beta.10", "v8.5.0", "v8.5.1", "v10.0.0", "nightly",
        ];
        var sorted = ordered.Reverse().Select(TidbVersion.Parse).Order().Select(version => version.Text);
        Assert.Equal(ordered, sorted);
    }

    [Theory]
    [InlineData("v6.5.1", true)]
    [InlineData("v6.5.1-alpha", true)]
    [InlineData("v6.5.0", false)]
    [InlineData("v7.0.0", true)]
    [InlineData("nightly", true)]
    [InlineData("my-own-build", true)]
    public void A_feature_of_6_5_1_is_there(string version, bool expected) =>
        Assert.Equal(expected, TidbVersion.Parse(version).IsAtLeast(6, 5, 1));

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.1.2.3/8", true)]
    [InlineData("::/0", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("10.0.0.0", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0/8", false)]
    [InlineData("invalidIP", false)]
    [InlineData("10.0.0.0/", false)]
    [InlineData("10.0.0.0/-1", false)]
    public void A_network_is_known_by_its_form(string text, bool expected) =>
        Assert.Equal(expected, IpText.IsNetwork(text));
}
