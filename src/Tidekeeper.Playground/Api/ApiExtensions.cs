using Tidekeeper.Playground.Api.Crd;

namespace Tidekeeper.Playground.Api;

/// <summary>Puts in place what makes the API speak for itself: custom kinds, discovery, OpenAPI and tables.</summary>
internal static class ApiExtensions
{
    public static void Install(World world)
    {
        var kinds = new CustomKinds();
        world.Api.Shapes.Custom = kinds;
        world.Add(new CrdController(world.Api));
    }
}
