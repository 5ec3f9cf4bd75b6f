using System.Globalization;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>Checks the query of a list or a watch: what makes no sense together is refused.</summary>
internal static class ListOptions
{
    public static void Check(ApiRequest request)
    {
        var errors = new FieldErrors();
        var (version, match) = (request.Option("resourceVersion"), request.Option("resourceVersionMatch"));
        var isWatch = request.IsSet("watch");
        if (match is not null && !isWatch)
        {
            if (version is null)
            {
                errors.Forbidden("resourceVersionMatch",
                    "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }

            if (request.Option("continue") is not null)
                errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
            if (match is not ("Exact" or "NotOlderThan"))
                errors.Unsupported("resourceVersionMatch", match, "Exact", "NotOlderThan", "");
            if (match == "Exact" && version == "0")
            {
                errors.Forbidden("resourceVersionMatch",
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }

        if (!isWatch && request.Option("sendInitialEvents") is not null)
            errors.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        errors.ThrowIfAny("meta.k8s.io", "ListOptions", "");
    }

    /// <summary>How many objects a page has; 0 for all.</summary>
    public static int Limit(ApiRequest request)
    {
        if (request.Option("limit") is not { } text)
            return 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
        {
            throw ApiFault.BadRequest(
                $"strconv.ParseInt: parsing {RelaxedJson.Quote(text)}: invalid syntax");
        }

        return (int)Math.Clamp(limit, 0, int.MaxValue);
    }
}
