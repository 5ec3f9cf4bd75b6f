using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>Keeps <c>metadata.managedFields</c>: who last set which field.</summary>
internal sealed class FieldOwners
{
    public void OnCreate(WriteCall call, JsonObject item)
    {
    }

    public void OnUpdate(WriteCall call, JsonObject item, JsonObject old)
    {
    }
}
