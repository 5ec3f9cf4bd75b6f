using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>
/// One client's connection, from the greeting to its end. Whatever touches the session happens with the world's gate
/// held; waiting for the network never does.
/// </summary>
internal sealed class MySqlConnection(World world, ISqlListener listener, PacketStream packets, string clientHost)
{
    private const int MostPrepared = 16384;
    private const int PdTimeout = 9001;
    private const int RegionUnavailable = 9005;
    private static readonly TimeSpan _loginLimit = TimeSpan.FromSeconds(30);

    private readonly Answers _answers = new(packets);
    private readonly SortedDictionary<uint, PreparedStatement> _prepared = [];
    private Capabilities _capabilities;
    private ISqlSession? _session;
    private byte[] _nonce = [];
    private uint _lastPrepared;

    /// <summary>Whether the server has ended it, or is gone; called with the gate held.</summary>
    public bool IsOver(HashSet<IListener> alive) => _session is { IsClosed: true }
        || (!alive.Contains(listener) && (_session is null || !listener.IsDraining));

    public async Task Serve(CancellationToken stop)
    {
        try
        {
            if (!await Welcome(stop))
                return;
            while (await packets.Read(stop) is { } command)
            {
                if (command.Length == 0 || command[0] == Command.Quit)
                    return;
                if (packets.WasTooLarge)
                    _answers.Error(new SqlFault(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes"));
                else
                    await Answer(command, stop);
                await packets.Flush(stop);
            }
        }
        finally
        {
            lock (world.Gate)
                _session?.Close();
        }
    }

    private async Task<bool> Welcome(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_loginLimit, world.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        lock (world.Gate)
            _nonce = Handshake.Nonce(world.Chance);
        _answers.Raw(Handshake.Greeting(listener.ServerVersion, 1, _nonce));
        await packets.Flush(both.Token);
        if (await packets.Read(both.Token) is not { } payload)
            return false;
        try
        {
            var login = Handshake.Read(payload);
            _capabilities = login.Capabilities;
            if (!await LogIn(login, both.Token))
                return false;
            _answers.Ok();
            await packets.Flush(both.Token);
            return true;
        }
        catch (SqlFault fault)
        {
            _answers.Error(fault);
            await packets.Flush(both.Token);
            return false;
        }
    }

    /// <summary>Checks the password, if need be with another plug-in, and opens the session.</summary>
    private async Task<bool> LogIn(Login login, CancellationToken stop)
    {
        var response = login.Response;
        if (listener is ISqlAuthentication authentication)
        {
            var plugin = await Ask(() => authentication.PluginOf(login.User, clientHost), stop);
            if (plugin != login.Plugin)
            {
                _answers.Raw(Handshake.SwitchTo(plugin, _nonce));
                await packets.Flush(stop);
                if (await packets.Read(stop) is not { } answer)
                    return false;
                response = answer is [0] ? [] : answer;
            }

            await Ask(() =>
            {
                authentication.Authenticate(login.User, clientHost, _nonce, response);
                return login;
            }, stop);
            if (plugin == Handshake.Sha2 && response.Length > 0)
                _answers.Raw(new Payload().Byte(1).Byte(3));
        }

        _answers.Session = await Ask(() =>
        {
            _session?.Close();
            _session = null;
            _session = listener.Open(login.User, login.Database, clientHost);
            _session.CountsFoundRows = login.Capabilities.HasFlag(Capabilities.FoundRows);
            return _session;
        }, stop);
        return true;
    }

    /// <summary>What the login needs is in tables as well, and they may be without a leader just now.</summary>
    private Task<T> Ask<T>(Func<T> question, CancellationToken stop)
        where T : class => Patience.Run(world, isLast =>
        {
            try
            {
                return question();
            }
            catch (SqlFault fault) when (!isLast && fault.Code is (RegionUnavailable or PdTimeout))
            {
                return null;
            }
        }, stop);

    private async Task Answer(byte[] command, CancellationToken stop)
    {
        try
        {
            switch (command[0])
            {
                case Command.Query:
                    await Query(ByteText.Decode(command.AsSpan(1)), stop);
                    break;
                case Command.InitDatabase:
                    await Execute("USE `" + ByteText.Decode(command.AsSpan(1))
                        .Replace("`", "``", StringComparison.Ordinal) + "`", stop);
                    _answers.Ok();
                    break;
                case Command.FieldList:
                    await Fields(command, stop);
                    break;
                case Command.Statistics:
                    _answers.Text("Uptime: 0  Threads: 0  Questions: 0  Slow queries: 0  Opens: 0");
                    break;
                case Command.Ping or Command.Debug:
                    _answers.Ok();
                    break;
                case Command.ChangeUser:
                    if (await LogIn(Handshake.ReadChange(command.AsSpan(1), _capabilities), stop))
                        _answers.Ok();
                    _prepared.Clear();
                    break;
                case Command.ResetConnection:
                    await Reset(stop);
                    break;
                case Command.SetOption:
                    SetOption(command);
                    break;
                default:
                    await AnswerPrepared(command, stop);
                    break;
            }
        }
        catch (SqlFault fault)
        {
            _answers.Error(fault);
        }
    }

    private async Task AnswerPrepared(byte[] command, CancellationToken stop)
    {
        switch (command[0])
        {
            case Command.Prepare:
                if (_prepared.Count >= MostPrepared)
                    throw new SqlFault(1461, "42000",
                        $"Can't create more than max_prepared_stmt_count statements (current value: {MostPrepared})");
                var statement = new PreparedStatement(ByteText.Decode(command.AsSpan(1)));
                _prepared[++_lastPrepared] = statement;
                _answers.Prepared(_lastPrepared, statement.Parameters);
                break;
            case Command.Execute:
                var result = await Execute(Bind(command), stop);
                await Wait(result, stop);
                await _answers.Result(result, binary: true, more: false, stop);
                break;
            case Command.SendLongData:
                if (Prepared(command) is { } target && command.Length >= 7)
                    target.AddLongData(command[5] | (command[6] << 8), command.AsSpan(7));
                break;
            case Command.CloseStatement:
                if (command.Length >= 5)
                    _prepared.Remove(BitConverter.ToUInt32(command, 1));
                break;
            case Command.ResetStatement:
                Prepared(command)?.Reset();
                _answers.Ok();
                break;
            default:
                throw new SqlFault(1047, "08S01", $"Unknown command {command[0]}");
        }
    }

    private PreparedStatement? Prepared(byte[] command) =>
        command.Length >= 5 ? _prepared.GetValueOrDefault(BitConverter.ToUInt32(command, 1)) : null;

    private string Bind(byte[] command)
    {
        var reader = new PayloadReader(command.AsSpan(1));
        var id = reader.Int32();
        if (reader.Byte() != 0)
            throw new SqlFault(1235, "42000", "This version of the simulated TiDB doesn't yet support 'cursors'");
        reader.Int32();
        return _prepared.TryGetValue(id, out var statement) ? statement.Bind(ref reader)
            : throw new SqlFault(1243, "HY000", $"Unknown prepared statement handler ({id}) given to EXECUTE");
    }

    private async Task Query(string text, CancellationToken stop)
    {
        var several = _capabilities.HasFlag(Capabilities.MultiStatements) &&
            text.Contains(';', StringComparison.Ordinal);
        List<string> statements = several ? StatementText.Split(text) : [text];
        for (var i = 0; i < statements.Count; i++)
        {
            var result = await Execute(statements[i], stop);
            await Wait(result, stop);
            await _answers.Result(result, binary: false, more: i < statements.Count - 1, stop);
        }
    }

    private Task<SqlResult> Execute(string statement, CancellationToken stop) => Patience.Run(
        world, isLast => isLast ? _session!.Execute(statement) : _session!.Attempt(statement), stop);

    private async Task Wait(SqlResult result, CancellationToken stop)
    {
        if (result.Delay > TimeSpan.Zero)
            await Task.Delay(result.Delay, world.Time, stop);
    }

    private async Task Fields(byte[] command, CancellationToken stop)
    {
        var table = new PayloadReader(command.AsSpan(1)).ZeroText().Replace("`", "``", StringComparison.Ordinal);
        _answers.Fields((await Execute($"SELECT * FROM `{table}` LIMIT 0", stop)).Columns!);
    }

    private async Task Reset(CancellationToken stop)
    {
        await Execute("ROLLBACK", stop);
        _prepared.Clear();
        _answers.Ok();
    }

    private void SetOption(byte[] command)
    {
        if (command.Length < 3 || command[1] > 1)
            throw new SqlFault(1047, "08S01", "Unknown option");
        _capabilities = command[1] == 0
            ? _capabilities | Capabilities.MultiStatements : _capabilities & ~Capabilities.MultiStatements;
        _answers.Eof();
    }

    /// <summary>The first byte of a client's packet.</summary>
    private static class Command
    {
        public const byte Quit = 0x01;
        public const byte InitDatabase = 0x02;
        public const byte Query = 0x03;
        public const byte FieldList = 0x04;
        public const byte Statistics = 0x09;
        public const byte Debug = 0x0D;
        public const byte Ping = 0x0E;
        public const byte ChangeUser = 0x11;
        public const byte Prepare = 0x16;
        public const byte Execute = 0x17;
        public const byte SendLongData = 0x18;
        public const byte CloseStatement = 0x19;
        public const byte ResetStatement = 0x1A;
        public const byte SetOption = 0x1B;
        public const byte ResetConnection = 0x1F;
    }
}
