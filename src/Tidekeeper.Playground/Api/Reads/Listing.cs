using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>One page of a list, as of one revision.</summary>
internal sealed record Listing(IReadOnlyList<JsonObject> Items, JsonObject Metadata)
{
    public static Listing Read(ApiServer api, ApiRequest request, Selection selection)
    {
        ListOptions.Check(request);
        var limit = ListOptions.Limit(request);
        var from = "";
        long revision;
        if (request.Option("continue") is { } text)
        {
            if (request.Option("resourceVersion") is not (null or "0"))
                throw ApiFault.BadRequest("specifying resource version is not allowed when using continue");
            var token = ContinueToken.Parse(text);
            (revision, from) = (token.Revision, Place(selection) + token.Start);
            if (revision < api.Store.Compacted)
                throw TooOld();
        }
        else
            revision = Revision(api, request);

        var items = new List<JsonObject>();
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        var last = "";
        foreach (var (key, item) in selection.Scan(api.Store, revision, from))
        {
            if (limit > 0 && items.Count == limit)
            {
                metadata["continue"] = new ContinueToken(revision, last[Place(selection).Length..] + "\0").ToString();
                if (selection.IsEverything)
                    metadata["remainingItemCount"] = selection.Scan(api.Store, revision, key).Count();
                break;
            }

            items.Add(ApiServer.InVersion(selection.Type, item));
            last = key;
        }

        return new Listing(items, metadata);
    }

    /// <summary>The revision that a read is answered from: the leader's, or that of the client's view.</summary>
    private static long Revision(ApiServer api, ApiRequest request)
    {
        var text = request.Option("resourceVersion");
        if (text is null)
            return api.Store.Head;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
            throw ApiFault.BadVersion(text);
        var shown = api.Views.Head(request.View);
        if (asked > shown)
            throw ApiFault.VersionAhead(asked, shown);
        if (request.Option("resourceVersionMatch") != "Exact")
            return shown;
        return asked >= api.Store.Compacted
            ? asked
            : throw ApiFault.Expired($"The resourceVersion for the provided list is too old.");
    }

    private static string Place(Selection selection) =>
        string.IsNullOrEmpty(selection.Namespace) ? "" : selection.Namespace + "/";

    private static ApiFault TooOld() => ApiFault.Expired("The provided continue parameter is too old to display a"
        + " consistent list result. You can start a new list without the continue parameter.");
}
