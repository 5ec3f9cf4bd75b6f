namespace Tidekeeper.Operator.Databases;

/// <summary>The seam between the operator and the admin APIs of databases.</summary>
public interface IDatabaseWire
{
    /// <summary>Sends one request; no answer is an answer too. Never throws but when cancelled.</summary>
    Task<WireReply> Send(WireRequest request, CancellationToken cancel);
}

/// <summary>A request to a database.</summary>
/// <param name="Url">Absolute.</param>
/// <param name="Body">JSON; null for none.</param>
public sealed record WireRequest(string Method, string Url, string? Body = null)
{
    public override string ToString() => $"{Method} {Url}";
}

/// <summary>What came back.</summary>
/// <param name="Status">0 when nothing came back.</param>
/// <param name="Failure">Why nothing came back; empty when something did.</param>
public sealed record WireReply(int Status, string Body, string Failure = "")
{
    public static WireReply None(string why) => new(0, "", why);

    public bool Answered => Status != 0;
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>What went wrong, for people; what servers say can be long, so it is cut.</summary>
    public string Problem =>
        !Answered ? Failure : $"status {Status}: {(Body.Length > 300 ? Body[..300] : Body).Trim()}";
}
