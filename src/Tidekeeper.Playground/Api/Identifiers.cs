namespace Tidekeeper.Playground.Api;

/// <summary>Names and identifiers by chance: from the world's own source, so that a seed repeats them.</summary>
public sealed class Identifiers(Random chance)
{
    // Kubernetes leaves out vowels and look-alikes, so that no words come about.
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>A random (version 4) UUID.</summary>
    public string Uid()
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>What Kubernetes appends to <c>generateName</c>.</summary>
    public string Suffix(int length = 5) =>
        string.Create(length, chance, static (letters, chance) =>
        {
            for (var at = 0; at < letters.Length; at++)
                letters[at] = Letters[chance.Next(Letters.Length)];
        });
}
