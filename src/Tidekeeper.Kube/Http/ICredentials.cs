namespace Tidekeeper.Kube.Http;

/// <summary>Who we are, as told to the API server. Never shown in logs.</summary>
public interface ICredentials
{
    /// <summary>Value of the Authorization header; null for none. Throws <see cref="ConfigException"/>.</summary>
    Task<string?> Authorization(CancellationToken cancel);

    /// <summary>The server did not accept it: forget it. True when another may be had.</summary>
    bool Discard();
}

/// <summary>No credentials, or only a client certificate.</summary>
public sealed class NoCredentials : ICredentials
{
    public Task<string?> Authorization(CancellationToken cancel) => Task.FromResult<string?>(null);

    public bool Discard() => false;
}

/// <summary>Credentials that never change: a token or a user with a password.</summary>
public sealed class FixedCredentials(string authorization) : ICredentials
{
    public static FixedCredentials Bearer(string token) => new($"Bearer {token}");

    public static FixedCredentials Basic(string user, string password) =>
        new($"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"))}");

    public Task<string?> Authorization(CancellationToken cancel) => Task.FromResult<string?>(authorization);

    public bool Discard() => false;
}

/// <summary>A token in a file that the kubelet renews; read again every minute, and when it was refused.</summary>
public sealed class TokenFile(string path, TimeProvider time) : ICredentials
{
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private string? _token;
    private DateTimeOffset _readAt;

    public Task<string?> Authorization(CancellationToken cancel)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_token is null || now - _readAt >= ReadAgain)
                (_token, _readAt) = (ReadToken(), now);
            return Task.FromResult<string?>($"Bearer {_token}");
        }
    }

    public bool Discard()
    {
        lock (_gate)
            _token = null;
        return true;
    }

    private string ReadToken()
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            return token.Length > 0 ? token : throw new ConfigException($"{path}: the token file is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: the token cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A configuration that cannot be used; the message names the file and the field.</summary>
public sealed class ConfigException(string message, Exception? inner = null) : Exception(message, inner);
