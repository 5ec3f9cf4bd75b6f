namespace Tidekeeper.Engines;

/// <summary>What the operator runs on and as.</summary>
public sealed record Platform
{
    /// <summary>The operator's own image, which discovery runs too.</summary>
    public string OperatorImage { get; init; } = "tidekeeper/operator:0.1.0";

    /// <summary>The operator's version, for example <c>0.1.0</c>.</summary>
    public string OperatorVersion { get; init; } = "0.1.0";

    /// <summary>The groups and versions that the API server serves, for example <c>policy/v1</c>.</summary>
    public IReadOnlyList<string> ServedApis { get; init; } =
        ["v1", "apps/v1", "policy/v1", "rbac.authorization.k8s.io/v1"];

    /// <summary>
    /// What the API server drops of our clusters because their definition is an older one, and what to do; empty for
    /// nothing.
    /// </summary>
    public string DefinitionNotice { get; init; } = "";

    /// <summary>By component, where an operator was told other failover periods than the usual one.</summary>
    public SortedDictionary<string, TimeSpan> FailoverPeriods { get; init; } = new(StringComparer.Ordinal);

    /// <summary>For clusters that do not say it themselves. Five minutes, as with the Go operator.</summary>
    public TimeSpan FailoverPeriod(string component) =>
        FailoverPeriods.TryGetValue(component, out var period) ? period : TimeSpan.FromMinutes(5);

    /// <summary>Whether objects of that group and version may be written.</summary>
    public bool Serves(string apiVersion) => ServedApis.Contains(apiVersion, StringComparer.Ordinal);
}
