using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>
/// Collects what must be written so that documents are as rendered. Each carries a hash of itself; what bears that
/// hash already, and has been touched by nobody else since, is not written again.
/// </summary>
internal sealed class Writes(TidbSeen seen)
{
    private readonly List<Act> _acts = [];
    private readonly List<string> _waits = [];

    /// <summary>The document as it should be; without effect where somebody else owns an object of that name.</summary>
    public Writes Want(JsonObject document, string hashes = "")
    {
        var current = Find(seen, document);
        if (current is not null && Ownership.IsForeign(seen, current))
            return this;
        var hash = Seal(document, current, hashes);
        if (current is null)
            _acts.Add(new Act.Apply(document, "it does not exist"));
        else if (current.Deleting is not null)
            _waits.Add($"{current.Kind}/{current.Name} is being deleted and comes back afterwards");
        else if (current.RenderedHash != hash || current.WrittenByV1.Length > 0)
        {
            _acts.Add(new Act.Apply(document, Why(current, hash))
            {
                SeenUid = current.Uid,
                TakesOver = current.WrittenByV1.Length > 0 || current.RenderedHash.Length == 0
            });
        }

        return this;
    }

    public Writes WantAll(DocumentSet documents)
    {
        if (documents.AreInPlace(FindOurs))
            return this;
        foreach (var document in documents.Render())
            Want(document);
        return this;
    }

    public Step ToStep()
    {
        if (_waits.Count > 0)
            return new Step.Hold(string.Join("; ", _waits), Patience.ForKubernetes, _acts);
        return _acts.Count > 0 ? new Step.Do(_acts) : new Step.Done();
    }

    /// <summary>The object that bears the document's kind and name now; null when there is none.</summary>
    public static Observed? Find(TidbSeen seen, JsonObject document) =>
        Find(seen, (string)document["kind"]!, (string)document["metadata"]!["name"]!);

    public static Observed? Find(TidbSeen seen, string kind, string name) => kind switch
    {
        "StatefulSet" => seen.StatefulSets.FirstOrDefault(set => set.Name == name),
        "Deployment" => seen.Deployments.FirstOrDefault(deployment => deployment.Name == name),
        _ => seen.Objects.FirstOrDefault(one => one.Kind == kind && one.Name == name)
    };

    /// <summary>
    /// Puts the hash into the document. Who else touched the object is part of it, so that a new touch is a new hash,
    /// and is corrected once.
    /// </summary>
    public static string Seal(JsonObject document, Observed? current, string hashes)
    {
        var metadata = document["metadata"]!;
        if ((string?)metadata["annotations"]?[Labels.Rendered] is { } sealedAs)
            return sealedAs;
        var hash = Fingerprint.Of(document, current?.ForeignTouch ?? "") + hashes;
        metadata["annotations"] ??= new JsonObject();
        metadata["annotations"]![Labels.Rendered] = hash;
        return hash;
    }

    private Observed? FindOurs(string kind, string name) =>
        Find(seen, kind, name) is { } found && !Ownership.IsForeign(seen, found) ? found : null;

    private static string Why(Observed current, string hash) => current switch
    {
        { WrittenByV1.Length: > 0 } => "v1 wrote it, and it is taken over",
        { RenderedHash: "" } => "it bears no mark of ours",
        { ForeignTouch.Length: > 0 } => $"it was changed by {current.ForeignTouch.Split(' ')[0]} or by the spec",
        _ => $"it should be as rendered in {hash.Split('.')[0][..8]}"
    };
}
