using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidekeeper.Model.StandIns;

/// <summary>Messages on a connection: four bytes that tell the length, then JSON.</summary>
public static class StandInWire
{
    /// <summary>The variable of the image that says where the world is: <c>address:port</c>.</summary>
    public const string WorldVariable = "TIDEKEEPER_WORLD";

    /// <summary>The variable of the image that says what the image is called.</summary>
    public const string ImageVariable = "TIDEKEEPER_IMAGE";

    private const int Longest = 256 << 20;

    /// <summary>Null when the other side has ended the connection.</summary>
    public static async ValueTask<StandInMessage?> Read(Stream stream, CancellationToken cancel)
    {
        var length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, cancel) < length.Length)
            return null;
        var bytes = new byte[Size(length)];
        return await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel) < bytes.Length
            ? null : Decode(bytes);
    }

    /// <summary>The same on the thread that asks.</summary>
    public static StandInMessage? Read(Stream stream)
    {
        Span<byte> length = stackalloc byte[4];
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            return null;
        var bytes = new byte[Size(length)];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length ? null : Decode(bytes);
    }

    public static byte[] Bytes(StandInMessage message)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, StandInJson.Default.StandInMessage);
        var bytes = new byte[4 + json.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, json.Length);
        json.CopyTo(bytes, 4);
        return bytes;
    }

    private static int Size(ReadOnlySpan<byte> length) => BinaryPrimitives.ReadInt32BigEndian(length) switch
    {
        > 0 and <= Longest and var size => size,
        var size => throw new InvalidDataException($"a message of {size} bytes"),
    };

    private static StandInMessage? Decode(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, StandInJson.Default.StandInMessage);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"no message: {e.Message}", e);
        }
    }
}

[JsonSerializable(typeof(StandInMessage))]
internal sealed partial class StandInJson : JsonSerializerContext;
