using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>Capabilities that client and server tell each other.</summary>
[Flags]
internal enum Capabilities : uint
{
    LongPassword = 0x1,
    FoundRows = 0x2,
    LongFlag = 0x4,
    ConnectWithDatabase = 0x8,
    Protocol41 = 0x200,
    Tls = 0x800,
    Transactions = 0x2000,
    SecureConnection = 0x8000,
    MultiStatements = 0x10000,
    MultiResults = 0x20000,
    PreparedMultiResults = 0x40000,
    PluginAuth = 0x80000,
    ConnectAttributes = 0x100000,
    CountedAuthData = 0x200000,
}

/// <summary>What a client says when it logs in.</summary>
internal sealed record Login(Capabilities Capabilities, string User, byte[] Response, string? Database, string Plugin);

/// <summary>Handshake version 10: the packets of a login.</summary>
internal static class Handshake
{
    public const string Native = "mysql_native_password";
    public const string Sha2 = "caching_sha2_password";
    public const int NonceLength = 20;
    private const byte Utf8Mb4Bin = 46;

    public const Capabilities Offered =
        Capabilities.LongPassword | Capabilities.FoundRows | Capabilities.LongFlag | Capabilities.ConnectWithDatabase |
        Capabilities.Protocol41 | Capabilities.Transactions | Capabilities.SecureConnection |
        Capabilities.MultiStatements | Capabilities.MultiResults | Capabilities.PreparedMultiResults |
        Capabilities.PluginAuth | Capabilities.ConnectAttributes | Capabilities.CountedAuthData;

    public static Payload Greeting(string version, long connection, byte[] nonce) => new Payload()
        .Byte(10).ZeroText(version).Int32(connection)
        .Raw(nonce.AsSpan(0, 8)).Byte(0)
        .Int16((int)((uint)Offered & 0xFFFF)).Byte(Utf8Mb4Bin).Int16(2).Int16((int)((uint)Offered >> 16))
        .Byte(NonceLength + 1).Raw(new byte[10])
        .Raw(nonce.AsSpan(8)).Byte(0).ZeroText(Native);

    public static Login Read(byte[] payload)
    {
        var reader = new PayloadReader(payload);
        var capabilities = (Capabilities)reader.Int32();
        if (!capabilities.HasFlag(Capabilities.Protocol41))
            throw new SqlFault(1251, "08004",
                "Client does not support authentication protocol requested by server; consider upgrading MySQL client");
        if (capabilities.HasFlag(Capabilities.Tls))
            throw new SqlFault(1105, "HY000",
                "this simulated TiDB has no TLS; connect with --ssl-mode=DISABLED (mysql) or --skip-ssl (mariadb)");
        reader.Take(4 + 1 + 23);
        var user = reader.ZeroText();
        var response = ReadResponse(ref reader, capabilities);
        var database = capabilities.HasFlag(Capabilities.ConnectWithDatabase) && !reader.IsEmpty ? reader.ZeroText()
            : null;
        var plugin = capabilities.HasFlag(Capabilities.PluginAuth) && !reader.IsEmpty ? reader.ZeroText() : Native;
        return new Login(capabilities, user, response, database, plugin);
    }

    private static byte[] ReadResponse(ref PayloadReader reader, Capabilities capabilities)
    {
        if (capabilities.HasFlag(Capabilities.CountedAuthData))
            return reader.Counted().ToArray();
        return capabilities.HasFlag(Capabilities.SecureConnection)
            ? reader.Take(reader.Byte()).ToArray() : ByteText.Encode(reader.ZeroText());
    }

    /// <summary>COM_CHANGE_USER: like a login, in another order.</summary>
    public static Login ReadChange(ReadOnlySpan<byte> payload, Capabilities capabilities)
    {
        var reader = new PayloadReader(payload);
        var user = reader.ZeroText();
        var response = reader.Take(reader.Byte()).ToArray();
        var database = reader.ZeroText();
        var plugin = Native;
        if (reader.Left >= 2)
        {
            reader.Take(2);
            if (!reader.IsEmpty)
                plugin = reader.ZeroText();
        }

        return new Login(capabilities, user, response, database.Length == 0 ? null : database, plugin);
    }

    /// <summary>Asks the client to answer again with another plug-in.</summary>
    public static Payload SwitchTo(string plugin, byte[] nonce) =>
        new Payload().Byte(0xFE).ZeroText(plugin).Raw(nonce).Byte(0);

    /// <summary>For a login that is refused whatever it says.</summary>
    public static byte[] NoNonce { get; } = [.. Enumerable.Repeat((byte)'0', NonceLength)];

    public static byte[] Nonce(Random chance)
    {
        var nonce = new byte[NonceLength];
        for (var i = 0; i < nonce.Length; i++)
            nonce[i] = (byte)chance.Next('0', 'z');
        return nonce;
    }
}
