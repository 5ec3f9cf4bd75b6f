using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>What a resolver asks: RFC 1035, section 4, as far as a cluster's own names need it.</summary>
/// <param name="Id">Comes back with the answer.</param>
/// <param name="Name">In lower case, without the last dot.</param>
/// <param name="Bytes">The question as it came: its letters' case is part of it.</param>
public sealed record DnsQuestion(ushort Id, string Name, ushort Type, bool WantsRecursion, byte[] Bytes)
{
    public const ushort A = 1;
    private const int Header = 12;
    private const ushort Internet = 1;

    /// <summary>Null for what is no question, or not one: nobody answers that.</summary>
    public static DnsQuestion? Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Header || (packet[2] & 0xF8) != 0 || BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) != 1)
            return null;
        var labels = new List<string>();
        var at = Header;
        while (at < packet.Length && packet[at] is > 0 and <= 63 and var length)
        {
            if (at + 1 + length >= packet.Length)
                return null;
            labels.Add(Encoding.ASCII.GetString(packet.Slice(at + 1, length)));
            at += 1 + length;
        }

        if (at + 5 > packet.Length || packet[at] != 0
            || BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 3)..]) != Internet)
            return null;
        return new DnsQuestion(BinaryPrimitives.ReadUInt16BigEndian(packet),
            string.Join('.', labels).ToLowerInvariant(), BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 1)..]),
            (packet[2] & 1) != 0, packet[Header..(at + 5)].ToArray());
    }

    /// <param name="addresses">
    /// Null when there is no such name; empty when it has nothing of that type, which is another answer: a resolver
    /// goes on to the next domain of its search list for the first, and not for the second.
    /// </param>
    public byte[] Answer(IReadOnlyList<IPAddress>? addresses)
    {
        const int noSuchName = 3, secondsToLive = 5, record = 16;
        var given = addresses ?? [];
        var answer = new byte[Header + Bytes.Length + (given.Count * record)];
        BinaryPrimitives.WriteUInt16BigEndian(answer, Id);
        answer[2] = (byte)(0x84 | (WantsRecursion ? 1 : 0));
        answer[3] = (byte)(0x80 | (addresses is null ? noSuchName : 0));
        answer[5] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)given.Count);
        Bytes.CopyTo(answer, Header);
        var rest = answer.AsSpan(Header + Bytes.Length);
        foreach (var address in given)
        {
            rest[0] = 0xC0; // the name of the question once more, by its place
            rest[1] = Header;
            rest[3] = (byte)A;
            rest[5] = (byte)Internet;
            rest[9] = secondsToLive;
            rest[11] = 4;
            address.GetAddressBytes().CopyTo(rest[12..]);
            rest = rest[record..];
        }

        return answer;
    }
}
