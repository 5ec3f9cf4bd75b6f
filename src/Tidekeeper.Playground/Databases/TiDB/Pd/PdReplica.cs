using System.Text.Json;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>A PD process with its volume.</summary>
public sealed class PdReplica
{
    private const string IdentityBlob = "member.json";
    private const string StateBlob = "raft.json";
    private const long ForcedStep = 1_000_000;

    public required string Namespace { get; init; }
    public required string Name { get; init; }
    public required ulong MemberId { get; init; }
    public required string PodAddress { get; init; }

    /// <summary>For example <c>v8.5.1</c>.</summary>
    public required string Version { get; init; }
    public required DateTimeOffset Started { get; init; }
    public required PodNetwork Network { get; init; }
    public required IVolume Volume { get; init; }

    /// <summary>False once the process has ended; a new process is a replica of its own.</summary>
    public bool Running { get; internal set; } = true;

    /// <summary>How far this member has followed the raft log.</summary>
    public long Index { get; private set; }

    public PdState State { get; private set; } = new();

    /// <summary>How clients are told to reach it.</summary>
    public required string ClientUrl { get; init; }

    /// <summary>As its file says; PD does not share it.</summary>
    public string LogLevel { get; init; } = "info";

    internal PdMember Describe(IReadOnlyList<string> peerUrls) => new()
    {
        Name = Name,
        MemberId = MemberId,
        PeerUrls = peerUrls,
        ClientUrls = [ClientUrl],
        DeployPath = "/",
        BinaryVersion = Version,
        GitHash = Release.GitHash,
    };

    public bool IsMember => State.Members.Exists(m => m.MemberId == MemberId);

    /// <summary>Whether messages pass in both directions.</summary>
    public bool Reaches(PdReplica other) => other == this
        || (Network.Reachable(PodAddress, other.PodAddress, TidbPorts.PdPeer)
            && Network.Reachable(other.PodAddress, PodAddress, TidbPorts.PdPeer));

    internal static PdIdentity? ReadIdentity(IVolume volume) =>
        volume.Read(IdentityBlob) is { } bytes
            ? JsonSerializer.Deserialize(bytes, PdStateJson.Default.PdIdentity)
            : null;

    internal void WriteIdentity(ulong clusterId)
    {
        var identity = new PdIdentity { ClusterId = clusterId, MemberId = MemberId, Name = Name };
        Volume.Write(IdentityBlob, JsonSerializer.SerializeToUtf8Bytes(identity, PdStateJson.Default.PdIdentity));
    }

    internal void ReadState()
    {
        if (Volume.Read(StateBlob) is not { } bytes)
            return;
        var snapshot = JsonSerializer.Deserialize(bytes, PdStateJson.Default.PdSnapshot)!;
        (Index, State) = (snapshot.Index, snapshot.State);
    }

    /// <summary>
    /// Makes this member the only one, as <c>--force-new-cluster</c> does: what it had followed is what counts now,
    /// and whatever the others knew beyond that is lost.
    /// </summary>
    internal void BeginAlone(IReadOnlyList<string> peerUrls)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new PdSnapshot(Index, State), PdStateJson.Default.PdSnapshot);
        var state = JsonSerializer.Deserialize(bytes, PdStateJson.Default.PdSnapshot)!.State;
        state.Members = [Describe(peerUrls)];
        // The old members must not look newer, whatever they committed without this one.
        var snapshot = new PdSnapshot(Index + ForcedStep, state);
        Follow(snapshot, JsonSerializer.SerializeToUtf8Bytes(snapshot, PdStateJson.Default.PdSnapshot));
    }

    internal void Follow(PdSnapshot snapshot, byte[] bytes)
    {
        (Index, State) = (snapshot.Index, snapshot.State);
        Volume.Write(StateBlob, bytes);
    }
}
