using System.Globalization;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>Reads what kind of watch a request wants, and opens it or refuses it.</summary>
internal static class WatchOpening
{
    // As long as a real server lets a watch live that asks for no limit of its own.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static ApiWatch Open(ApiServer api, ApiRequest request, RequestPath path)
    {
        var selection = Selection.Read(request, path);
        var text = request.Option("resourceVersion") ?? "";
        var sendsInitial = request.IsSet("sendInitialEvents");
        var sendsNothing = request.Option("sendInitialEvents") == "false";
        if (request.Option("sendInitialEvents") is not null && request.Option("resourceVersionMatch") is null)
            throw Invalid("resourceVersionMatch",
                "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");

        long asked = 0;
        if (text.Length > 0 && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out asked))
            throw ApiFault.Unforeseen(ApiFault.Unparsable(text));
        if (!sendsInitial && asked > 0 && asked < api.Store.Compacted)
            throw ApiFault.Expired($"too old resource version: {asked} ({api.Store.Compacted})");

        var seconds = int.TryParse(request.Option("timeoutSeconds"), out var limit) && limit > 0 ? limit : 0;
        return new ApiWatch(api, selection, new WatchTerms
        {
            View = request.View,
            After = asked,
            StartsWithState = sendsInitial || (asked == 0 && !sendsNothing),
            MarksEndOfState = sendsInitial && request.IsSet("allowWatchBookmarks"),
            SendsBookmarks = request.IsSet("allowWatchBookmarks"),
            Ends = api.Time.GetUtcNow() + (seconds > 0 ? TimeSpan.FromSeconds(seconds) : Longest),
            Form = AnswerForm.Read(request, api),
        });
    }

    private static ApiFault Invalid(string field, string why)
    {
        var errors = new FieldErrors();
        errors.Forbidden(field, why);
        return errors.Fault("meta.k8s.io", "ListOptions", "");
    }
}
