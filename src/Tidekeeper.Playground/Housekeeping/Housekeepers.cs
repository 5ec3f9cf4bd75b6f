namespace Tidekeeper.Playground.Housekeeping;

/// <summary>The actors that keep any cluster in order, whatever runs in it.</summary>
public static class Housekeepers
{
    public static void AddTo(World world)
    {
        world.Add(NamespaceFurniture.RootCertificates(world.Api));
        world.Add(NamespaceFurniture.ServiceAccounts(world.Api));
        world.Add(new GarbageCollector(world.Api));
        world.Add(new NamespaceController(world.Api));
    }
}
