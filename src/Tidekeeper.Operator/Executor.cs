using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator.Databases;

namespace Tidekeeper.Operator;

/// <summary>What came of a plan's acts.</summary>
/// <param name="Done">Acts that changed something, in order.</param>
/// <param name="Failed">The act at which execution stopped; null when all went well.</param>
/// <param name="Error">What went wrong with it.</param>
public sealed record Execution(IReadOnlyList<Act> Done, Act? Failed = null, Exception? Error = null)
{
    /// <summary>The plan had grown old before all of it was done.</summary>
    public bool IsCutShort { get; init; }
}

/// <summary>An act that may not be done, whatever the plan says.</summary>
public sealed class RefusedActException(string message) : Exception(message)
{
    /// <summary>Whether the next look may find it right: no news for people.</summary>
    public bool IsPassing { get; private init; }

    /// <summary>The world has moved on since the plan was made.</summary>
    public static RefusedActException ForNow(string what) =>
        new($"{what}; it is looked at again first") { IsPassing = true };
}

/// <summary>
/// The only place that changes anything. Does the acts in order and stops at the first that fails: the rest of the
/// plan was made for a world in which it succeeded. It stops as well when the world has had time to change: with a slow
/// server each plan does one act at least, and the next one is made from a new look.
/// </summary>
public sealed class Executor(
    KubeApi api, Caches caches, AppliedLedger ledger, IDatabaseWire wire, EventRecorder events, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    public async Task<Execution> Execute(EventSubject subject, IEnumerable<Act> acts, CancellationToken cancel)
    {
        List<Act> done = [];
        var begun = time.GetTimestamp();
        foreach (var act in acts)
        {
            if (time.GetElapsedTime(begun) > Fresh)
                return new(done) { IsCutShort = true };
            try
            {
                if (await Do(subject, act, cancel))
                    done.Add(act);
            }
            catch (Exception e) when (e is KubeException or RefusedActException)
            {
                return new(done, act, e);
            }
        }

        return new(done);
    }

    /// <summary>Does one act; false when there was nothing to do.</summary>
    private async Task<bool> Do(EventSubject subject, Act act, CancellationToken cancel)
    {
        switch (act)
        {
            case Act.Apply apply:
                return await Apply(subject, apply, cancel);
            case Act.Delete delete:
                return await Delete(delete, cancel);
            case Act.Ask ask:
                await Ask(ask, cancel);
                return true;
            case Act.Record record:
                await events.Write(new(subject, record.Type.ToString(), record.Reason, record.Message), cancel);
                return false;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<bool> Apply(EventSubject subject, Act.Apply apply, CancellationToken cancel)
    {
        var document = apply.Object;
        var resource = ResourceOf((string)document["apiVersion"]!, apply.Kind);
        var key = new ObjectKey((string?)document["metadata"]!["namespace"] ?? "", apply.Name);
        var hash = (string?)document["metadata"]!["annotations"]?[Labels.Rendered] ?? "";
        var cache = caches.Of(resource.ApiVersion, resource.Kind);
        var known = cache?.Find(key);
        if (!apply.TakesOver && hash.Length > 0 && ledger.IsInPlace(resource.Kind, key, hash, known))
            return false;
        if (known is null && apply.SeenUid is null)
        {
            var made = await api.ApplyNew(resource, key.Namespace, key.Name, document, Learn, cancel);
            if (!made.IsNotNew)
            {
                ledger.Remember(made.Value);
                return true;
            }
        }

        // What the cache does not have exists all the same: made a moment ago, or by somebody else under our name.
        known ??= (await api.Get(resource, key.Namespace, key.Name, Read, cancel)).ValueOrAbsent
            ?? throw RefusedActException.ForNow($"{apply.Kind} {key} has gone since the plan was made");
        RefuseForeign(subject, known, apply.ControllerUid);
        // Without its label nobody follows it: it needs the write although its document is the same.
        var isFollowed = (string?)document["metadata"]!["labels"]?[Labels.ManagedBy]
            == known.Labels.GetValueOrDefault(Labels.ManagedBy);
        if (apply.TakesOver)
            known = await TakeOver(resource, key, document, apply.SeenUid ?? known.Uid, Learn, cancel) ?? known;
        else if (isFollowed && hash.Length > 0 && ledger.IsInPlace(resource.Kind, key, hash, known))
            return false;
        RefuseUnseen(apply, known);

        // With the UID of what was looked at, a namesake made in the meantime is not changed instead.
        var body = document.DeepClone().AsObject();
        // A document that was decided before another leader's may stop pods if it comes after it.
        if (apply.Kind == "StatefulSet")
            body["metadata"]!["resourceVersion"] = known.ResourceVersion;
        body["metadata"]!["uid"] = apply.SeenUid ?? known.Uid;
        if (apply.SeenVersion is { } version)
            body["metadata"]!["resourceVersion"] = version;
        if (apply.IsExact)
            return await Restore(resource, key, body, Learn, cancel);
        var answer = await api.Apply(resource, key.Namespace, key.Name, body, Learn, cancel);
        ledger.Remember(answer.Value);
        return true;

        Observed Learn(JsonElement item)
        {
            cache?.Refresh(item);
            return Read(item);
        }

        Observed Read(JsonElement item) => Observed.Read(item, resource.ApiVersion, resource.Kind);
    }

    /// <summary>Makes what users and operators say of an object what the document says, and nothing else.</summary>
    private async Task<bool> Restore(Resource resource, ObjectKey key, JsonObject document,
        Func<JsonElement, Observed> learn, CancellationToken cancel)
    {
        var live = await ReadLive(resource, key, cancel);
        var (has, wanted) = (Said(live), Said(document));
        if (MergePatch.Between(has, wanted) is not { } patch)
            return false;
        patch["metadata"] ??= new JsonObject();
        foreach (var precondition in (string[])["uid", "resourceVersion"])
            patch["metadata"]![precondition] = document["metadata"]![precondition]?.DeepClone();
        ledger.Remember((await api.Patch(resource, key.Namespace, key.Name, patch, learn, cancel)).Value);
        return true;

        static JsonObject Said(JsonObject item) => new()
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = item["metadata"]!["labels"]?.DeepClone(),
                ["annotations"] = item["metadata"]!["annotations"]?.DeepClone(),
            },
            ["spec"] = item["spec"]?.DeepClone(),
        };
    }

    private async Task<JsonObject> ReadLive(Resource resource, ObjectKey key, CancellationToken cancel) =>
        (await api.Get(resource, key.Namespace, key.Name, item => JsonObject.Create(item.Clone())!, cancel))
            .ValueOrAbsent
        ?? throw RefusedActException.ForNow($"{resource.Kind} {key} has gone since the plan was made");

    /// <summary>
    /// Writes down that the fields which v1 wrote are ours, in the object as it is now; null when nothing is v1's.
    /// Until our own apply has followed, nothing else of the object has changed.
    /// </summary>
    private async Task<Observed?> TakeOver(
        Resource resource, ObjectKey key, JsonObject document, string uid, Func<JsonElement, Observed> learn,
        CancellationToken cancel)
    {
        var live = await ReadLive(resource, key, cancel);
        if (ManagedFieldsOfV1.TakenOver(live["metadata"]!.AsObject()) is not { } fields)
            return null;
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = uid,
                ["resourceVersion"] = (string?)live["metadata"]!["resourceVersion"],
                ["managedFields"] = fields,
            },
        };
        if (EnvironmentWays.Changed(live, document) is { } containers)
        {
            patch["spec"] = new JsonObject
            {
                ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } },
            };
        }

        return (await api.Patch(resource, key.Namespace, key.Name, patch, learn, cancel)).Value;
    }

    /// <summary>
    /// A StatefulSet that the plan took for missing was rendered without regard to its replicas, and writing it might
    /// stop pods. One that bears our label will be seen soon; without it, it never would.
    /// </summary>
    private static void RefuseUnseen(Act.Apply apply, Observed known)
    {
        if (apply is { Kind: "StatefulSet", SeenUid: null }
            && known.Labels.GetValueOrDefault(Labels.ManagedBy) == Labels.ManagedByValue)
        {
            throw RefusedActException.ForNow($"{known.Kind} {known.Namespace}/{known.Name} has come since the plan was "
                + "made");
        }
    }

    /// <summary>An object that another controller owns, or nobody whom we know, is not ours to write.</summary>
    private static void RefuseForeign(EventSubject subject, Observed known, string? controller)
    {
        if (known.OwnerUid == (controller ?? subject.Uid))
            return;
        var adoptable = known.OwnerUid.Length == 0
            && known.Labels.GetValueOrDefault(Labels.ManagedBy) == Labels.ManagedByValue;
        if (!adoptable)
            throw new RefusedActException($"{known.Kind} {known.Namespace}/{known.Name} exists and does not belong to "
                + $"{subject.Kind} {subject.Name}; delete or rename it");
    }

    private async Task<bool> Delete(Act.Delete delete, CancellationToken cancel)
    {
        var resource = ResourceOf(delete.ApiVersion, delete.Kind);
        // Never on the word of a cache alone.
        var live = (await api.Get(resource, delete.Namespace, delete.Name,
            item => Observed.Read(item, delete.ApiVersion, delete.Kind), cancel)).ValueOrAbsent;
        if (live is null || live.Uid != delete.Uid || live.Deleting is not null)
            return false;
        if (delete.ResourceVersion is { } version && version != live.ResourceVersion)
        {
            throw RefusedActException.ForNow($"{delete.Kind} {delete.Namespace}/{delete.Name} has changed since the "
                + "plan was made");
        }

        var options = new DeleteOptions { Uid = delete.Uid, ResourceVersion = delete.ResourceVersion };
        var answer = await api.Delete(resource, delete.Namespace, delete.Name, options, cancel);
        if (answer.IsNotFound)
            return false;
        return answer.Value;
    }

    private async Task Ask(Act.Ask ask, CancellationToken cancel)
    {
        var call = ask.Call;
        var reply = await wire.Send(new(call.Method, call.Url, call.Body?.ToJsonString()), cancel);
        var isDone = reply.Succeeded || (reply.Answered && ask.DoneDespite.Length > 0
            && reply.Body.Contains(ask.DoneDespite, StringComparison.Ordinal));
        if (!isDone)
            throw new RefusedActException($"{call.Method} {call.Url}: {reply.Problem}");
    }

    private static Resource ResourceOf(string apiVersion, string kind) =>
        Resource.Find(apiVersion, kind)
        ?? throw new RefusedActException($"{kind} of {apiVersion} is no kind that this operator writes");
}
