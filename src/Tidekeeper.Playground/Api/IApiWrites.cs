using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api;

/// <summary>
/// Writes to an API server that is not in this process. Each waits for the answer and throws <see cref="ApiFault"/>
/// for a refusal, and for no answer at all.
/// </summary>
public interface IApiWrites
{
    JsonObject Create(ResourceType type, string? ns, JsonObject body, string manager);

    /// <summary>Replaces an object, or only its status when <paramref name="subresource"/> says so.</summary>
    JsonObject Update(ResourceType type, JsonObject body, string subresource, string manager);

    void Delete(
        ResourceType type, string? ns, string name, string? uid, int? graceSeconds, string propagation);
}
