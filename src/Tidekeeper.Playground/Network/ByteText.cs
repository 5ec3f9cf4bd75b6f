using System.Buffers;
using System.Text;

namespace Tidekeeper.Playground.Network;

/// <summary>
/// Bytes as text and back without loss: what is valid UTF-8 becomes its characters, every other byte one lone
/// surrogate U+DC80…U+DCFF. So statements and values that carry binary data travel as strings like all others.
/// </summary>
public static class ByteText
{
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var used);
            if (status == OperationStatus.Done)
                text.Append(rune.ToString());
            else
                for (var i = 0; i < used; i++)
                    text.Append((char)(0xDC00 + bytes[i]));
            bytes = bytes[used..];
        }

        return text.ToString();
    }

    public static byte[] Encode(string text)
    {
        if (IsText(text))
            return Encoding.UTF8.GetBytes(text);
        var bytes = new List<byte>(text.Length + 16);
        Span<byte> buffer = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                bytes.Add((byte)(text[i] & 0xFF));
            }
        }

        return [.. bytes];
    }

    /// <summary>Whether the text has no bytes in it that are not UTF-8.</summary>
    public static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>Number of bytes of <see cref="Encode"/>.</summary>
    public static int Length(string text) =>
        IsText(text) ? Encoding.UTF8.GetByteCount(text) : Encode(text).Length;

    /// <summary>Order by code point, which is the order of the bytes; UTF-16 alone puts surrogates too low.</summary>
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] == b[i])
                continue;
            int x = a[i], y = b[i];
            if (x >= 0xD800 && y >= 0xD800)
                (x, y) = (char.IsSurrogate(a[i]) ? x + 0x10000 : x, char.IsSurrogate(b[i]) ? y + 0x10000 : y);
            return x - y;
        }

        return a.Length - b.Length;
    }
}
