namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>
/// Values that the schema allows and that this operator, or this seed, cannot fulfil: they must be refused or made
/// harmless like any misoperation, and said so.
/// </summary>
internal static class Demands
{
    /// <summary>Switches whose neglect would be dangerous: refused until the operator can act upon them.</summary>
    private static readonly string[] RefusedWhenTrue =
    [
        "spec.tlsCluster.enabled", "spec.tidb.tlsClient.enabled", "spec.tidb.tokenBasedAuthEnabled",
        "spec.tidb.initializer.createPassword", "spec.acrossK8s", "spec.recoveryMode", "spec.tidb.binlogEnabled",
    ];

    /// <summary>What a StatefulSet, or a member of the database, cannot change once it exists.</summary>
    private static readonly string[] Fixed = ["podManagementPolicy", "clusterDomain", "dataSubDir"];

    /// <summary>Null where the edit is to be fulfilled.</summary>
    public static EditKind? Of(string path, Edit edit)
    {
        if (RefusedWhenTrue.Contains(path) && edit.Words.EndsWith("true", StringComparison.Ordinal))
            return EditKind.Invalid;
        // Kubernetes wants name servers with it; and no node has any image already.
        if (edit.Words is "becomes \"None\"" or "becomes \"Never\"")
            return EditKind.Unknown;
        if (path is "spec.pd.mode" or "spec.cluster.name" or "spec.cluster.namespace" or "spec.cluster.clusterDomain")
            return EditKind.Unknown;
        return Fixed.Contains(SpecPath.Last(path)) ? EditKind.Unknown : null;
    }
}
