using Tidekeeper.Playground.Api.Crd;
using Tidekeeper.Playground.Api.Discovery;
using Tidekeeper.Playground.Api.OpenApi;
using Tidekeeper.Playground.Api.Tables;

namespace Tidekeeper.Playground.Api;

/// <summary>Puts in place what makes the API speak for itself: custom kinds, discovery, OpenAPI and tables.</summary>
internal static class ApiExtensions
{
    public static void Install(World world)
    {
        var kinds = new CustomKinds();
        world.Api.Shapes.Custom = kinds;
        world.Api.Tables = new TablePrinter(type => kinds.Of(type).Columns, world.Time);
        world.Api.Pages.Add(new DiscoveryPages(world.Api.Catalog).Answer);
        world.Api.Pages.Add(ServerPages.Answer);
        world.Api.Pages.Add(new OpenApiPages(world.Api.Catalog).Answer);
        world.Api.Pages.Add(request => SubjectReviews.Answer(request, world.Time.GetUtcNow()));
        world.Add(new CrdController(world.Api));
    }
}
