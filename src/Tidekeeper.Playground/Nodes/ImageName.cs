namespace Tidekeeper.Playground.Nodes;

/// <summary>An image reference taken apart: the repository without registry host, and the tag.</summary>
internal readonly record struct ImageName(string Repository, string Tag)
{
    public static ImageName Parse(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        if (digest >= 0)
            image = image[..digest];
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && (image[..slash].AsSpan().IndexOfAny('.', ':') >= 0 || image[..slash] == "localhost"))
            image = image[(slash + 1)..];
        var colon = image.LastIndexOf(':');
        var tag = colon > image.LastIndexOf('/') ? image[(colon + 1)..] : "latest";
        var repository = colon > image.LastIndexOf('/') ? image[..colon] : image;
        if (repository.StartsWith("library/", StringComparison.Ordinal))
            repository = repository["library/".Length..];
        return new ImageName(repository, tag);
    }
}
