namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// The hashes of a component's StatefulSet. They say whether the one that exists is as wanted, and rendering it only to
/// find that out would be most of the work of a reconcile.
/// </summary>
/// <param name="Document">Of the whole document, as nobody else has touched it.</param>
/// <param name="Intent">Of what the user wants.</param>
/// <param name="Fixed">Of what a StatefulSet can never change.</param>
internal sealed record SetSeal(int Replicas, string Document, string Intent, string Fixed)
{
    public static SetSeal Of(Component component, int replicas)
    {
        var document = StatefulSets.Of(component, replicas);
        return new(
            replicas, Fingerprint.Of(document), Objects.Intent.OfSet(component, replicas),
            Objects.Intent.OfFixedFields(component, document));
    }

    /// <summary>What stands behind the document's own hash in the annotation.</summary>
    public string Hashes => $".{Intent}.{Fixed}";
}
