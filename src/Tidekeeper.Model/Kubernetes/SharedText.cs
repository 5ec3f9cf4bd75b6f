namespace Tidekeeper.Model.Kubernetes;

/// <summary>
/// What objects say is mostly what others have said: keys of labels, kinds, images, nodes, owners. Thousands of
/// clusters need less memory when equal texts are one. Each text has one place, where the next that belongs there takes
/// its turn, so this never grows; what is found here or not changes nothing but memory.
/// </summary>
public static class SharedText
{
    private const int Places = 1 << 14;
    private static readonly string[] Texts = new string[Places];

    /// <summary>An equal text; often one that was read before.</summary>
    public static string Of(string text)
    {
        if (text.Length == 0)
            return "";
        ref var place = ref Texts[string.GetHashCode(text.AsSpan(), StringComparison.Ordinal) & (Places - 1)];
        if (place is { } known && known == text)
            return known;
        return place = text;
    }
}
