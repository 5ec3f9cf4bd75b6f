using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Tidekeeper.Cli.Probing;

/// <summary>Where a SQL server is and who asks.</summary>
internal sealed record SqlTarget(string Host, int Port, string User, string Password);

/// <summary>A MySQL error: number, SQLSTATE and text as the server sent them.</summary>
internal sealed class SqlRefusal(int code, string state, string message)
    : Exception($"error {code} ({state}): {message}")
{
    public int Code { get; } = code;
    public string State { get; } = state;
}

/// <summary>
/// One connection of the MySQL protocol with text queries: as much of a driver as the probe needs. A lost connection
/// is an <see cref="IOException"/>, an answer that does not come an <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class SqlClient : IDisposable
{
    private const string Native = "mysql_native_password";
    private const string Sha2 = "caching_sha2_password";

    // Long password, protocol 4.1, transactions, secure connection, plug-in authentication.
    private const uint Wanted = 0x1 | 0x200 | 0x2000 | 0x8000 | 0x80000;
    private const byte Utf8Mb4Bin = 46;
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private SqlWire _wire = new(Stream.Null);

    private SqlClient() { }

    public static async Task<SqlClient> Open(SqlTarget target, CancellationToken cancel)
    {
        var client = new SqlClient();
        try
        {
            await client._tcp.ConnectAsync(target.Host, target.Port, cancel);
            client._wire = new SqlWire(client._tcp.GetStream());
            await client.LogIn(target, cancel);
            return client;
        }
        catch (Exception fault)
        {
            client.Dispose();
            if (fault is SocketException)
                throw new IOException(fault.Message, fault);
            throw;
        }
    }

    /// <summary>Rows as text, null for NULL; empty for a statement without a result set.</summary>
    public async Task<IReadOnlyList<string?[]>> Query(string statement, CancellationToken cancel)
    {
        _wire.Begin();
        await _wire.Send([0x03, .. Encoding.UTF8.GetBytes(statement)], cancel);
        var first = await Answer(cancel);
        if (first[0] == 0x00)
            return [];
        var columns = (int)(new SqlReader(first).Length() ?? 0);
        for (var number = 0; number <= columns; number++)
            await Answer(cancel);
        var rows = new List<string?[]>();
        while (await Answer(cancel) is var row && !(row[0] == 0xFE && row.Length < 9))
            rows.Add(Values(row, columns));
        return rows;
    }

    public void Dispose() => _tcp.Dispose();

    private static string?[] Values(byte[] row, int columns)
    {
        var reader = new SqlReader(row);
        var values = new string?[columns];
        for (var number = 0; number < columns; number++)
            values[number] = reader.Text();
        return values;
    }

    private async Task LogIn(SqlTarget target, CancellationToken cancel)
    {
        var (plugin, nonce) = Greeting(await Answer(cancel));
        var response = Response(plugin, target.Password, nonce);
        await _wire.Send(
        [
            .. BitConverter.GetBytes(Wanted), .. BitConverter.GetBytes(0xFFFFFF), Utf8Mb4Bin, .. new byte[23],
            .. Encoding.UTF8.GetBytes(target.User), 0, (byte)response.Length, .. response,
            .. Encoding.ASCII.GetBytes(plugin), 0,
        ], cancel);
        while (await Answer(cancel) is var answer && answer[0] != 0x00)
        {
            if (answer[0] == 0xFE)
                await _wire.Send(Again(answer, target.Password), cancel);
            else if (answer is [0x01, 0x04, ..])
                throw new SqlRefusal(2061, "HY000", $"the password of {target.User} can be sent over TLS only, which "
                    + $"the probe does not speak; use an account with {Native}");
        }
    }

    /// <summary>The server wants the response of another plug-in, for another nonce.</summary>
    private static byte[] Again(byte[] request, string password)
    {
        var reader = new SqlReader(request.AsSpan(1));
        var plugin = reader.ZeroText();
        return Response(plugin, password, reader.Take(20).ToArray());
    }

    private static (string Plugin, byte[] Nonce) Greeting(byte[] greeting)
    {
        var reader = new SqlReader(greeting);
        reader.Byte();
        reader.ZeroText();
        reader.Take(4);
        byte[] nonce = [.. reader.Take(8)];
        reader.Take(1 + 2 + 1 + 2 + 2 + 1 + 10);
        nonce = [.. nonce, .. reader.Take(12)];
        reader.Byte();
        return (reader.Left > 0 ? reader.ZeroText() : Native, nonce);
    }

    private static byte[] Response(string plugin, string password, byte[] nonce)
    {
        if (password.Length == 0)
            return [];
        var secret = Encoding.UTF8.GetBytes(password);
        switch (plugin)
        {
            case Native:
                var once = Sha1(secret);
                return Xor(once, Sha1([.. nonce, .. Sha1(once)]));
            case Sha2:
                var first = SHA256.HashData(secret);
                return Xor(first, SHA256.HashData([.. SHA256.HashData(first), .. nonce]));
            default:
                throw new SqlRefusal(2059, "HY000", $"the probe cannot log in by {plugin}; use {Native}");
        }
    }

    private static byte[] Sha1(byte[] bytes) => CryptographicOperations.HashData(HashAlgorithmName.SHA1, bytes);

    private static byte[] Xor(byte[] a, byte[] b) => [.. a.Zip(b, (x, y) => (byte)(x ^ y))];

    /// <summary>The next packet; an error packet is thrown, a broken connection an IOException.</summary>
    private async Task<byte[]> Answer(CancellationToken cancel)
    {
        var payload = await _wire.Receive(cancel);
        if (payload is not [0xFF, ..])
            return payload.Length > 0 ? payload : throw new IOException("the server sent an empty packet");
        var reader = new SqlReader(payload.AsSpan(1));
        var code = reader.Int16();
        var text = reader.Remaining();
        throw text.StartsWith('#') && text.Length >= 6 ? new SqlRefusal(code, text[1..6], text[6..])
            : new SqlRefusal(code, "HY000", text);
    }
}
