using System.Text.Json.Nodes;

namespace Tidekeeper.EndToEnd.Rights;

/// <summary>A request as the API server judged it.</summary>
/// <param name="Resource">With its subresource: <c>tidbclusters/status</c>.</param>
public sealed record AuditedRequest(
    string Verb, string Group, string Resource, string Namespace, string Name, int Status, bool IsForbidden)
{
    /// <summary>A server-side apply that has made its object needed the right to create it as well.</summary>
    public IEnumerable<Grant> Needs => Verb == "patch" && Status == 201
        ? [new(Group, Resource, Verb), new(Group, Resource, "create")]
        : [new(Group, Resource, Verb)];

    public override string ToString() => $"{Verb} {Resource} of '{Group}' in '{Namespace}' ({Name}): {Status}";
}

/// <summary>One verb on one resource.</summary>
public sealed record Grant(string Group, string Resource, string Verb)
{
    public override string ToString() => $"{Verb} {Resource} of '{Group}'";
}

/// <summary>
/// What an account asked of a real API server, from its audit log, and how that compares with what it was granted.
/// </summary>
public sealed class AuditLog(IReadOnlyList<AuditedRequest> requests)
{
    public IReadOnlyList<AuditedRequest> Requests => requests;

    /// <param name="account">For example <c>tidekeeper-system:tidekeeper</c>.</param>
    /// <param name="starting">
    /// While it starts, a server refuses everybody: it has not read the rules yet. What came then is no judgement.
    /// </param>
    public static AuditLog Read(string file, string account, (DateTimeOffset From, DateTimeOffset To)? starting = null)
    {
        // The server has the file open and goes on writing.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        List<AuditedRequest> requests = [];
        while (reader.ReadLine() is { } line)
        {
            if (JsonNode.Parse(line) is not { } entry || entry["objectRef"] is not JsonObject reference
                || (string?)entry["user"]!["username"] != $"system:serviceaccount:{account}")
            {
                continue;
            }

            if (starting is { } span && (DateTimeOffset)entry["requestReceivedTimestamp"]! is var at
                && at >= span.From && at <= span.To)
            {
                continue;
            }

            var subresource = (string?)reference["subresource"] is { } sub ? $"/{sub}" : "";
            var status = (int?)entry["responseStatus"]?["code"] ?? 0;
            // A refusal by an admission plugin or a quota is a 403 as well, of a request that was allowed.
            var decision = (string?)entry["annotations"]?["authorization.k8s.io/decision"];
            requests.Add(new(
                (string)entry["verb"]!, (string?)reference["apiGroup"] ?? "", $"{reference["resource"]}{subresource}",
                (string?)reference["namespace"] ?? "", (string?)reference["name"] ?? "", status, decision == "forbid"));
        }

        return new(requests);
    }

    /// <summary>Requests that the authorizer refused, and those that failed for want of another right.</summary>
    /// <param name="going">
    /// Namespaces that were deleted: nothing new is let into those, which is a 403 as well, and the log does not say
    /// why.
    /// </param>
    public IReadOnlyList<string> Refused(params IReadOnlyCollection<string> going) =>
    [
        .. requests.Where(one => one.IsForbidden || (one.Status == 403 && !going.Contains(one.Namespace)))
            .Select(one => $"{one}").Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Rights for which no request was made.</summary>
    public IReadOnlyList<Grant> Idle(IEnumerable<Grant> granted) =>
        [.. granted.Except(requests.SelectMany(one => one.Needs)).OrderBy(one => $"{one}", StringComparer.Ordinal)];
}

/// <summary>The rules of a Role or ClusterRole as single rights.</summary>
internal static class Grants
{
    public static IEnumerable<Grant> Of(JsonNode role) =>
        from rule in role["rules"]!.AsArray()
        from api in rule!["apiGroups"]!.AsArray()
        from resource in rule["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        select new Grant((string)api!, (string)resource!, (string)verb!);
}
