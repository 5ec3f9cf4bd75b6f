using System.Text.Json;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Kube.Cache;

/// <summary>One event of a watch, its object already reduced to what is kept.</summary>
public abstract record WatchEvent<T>
{
    private WatchEvent() { }

    /// <summary>Added or modified.</summary>
    public sealed record Put(Store<T>.Entry Item) : WatchEvent<T>;

    /// <summary>Deleted, or no longer matching the selector.</summary>
    public sealed record Deleted(Store<T>.Entry Item) : WatchEvent<T>;

    /// <summary>Nothing else happened up to this version.</summary>
    public sealed record Bookmark(string Version) : WatchEvent<T>;

    public sealed record Error(Refusal Refusal) : WatchEvent<T>;
}

/// <summary>Reads events.</summary>
public static class WatchEvent
{
    /// <summary>Parses one line; throws JsonException, InvalidOperationException or KeyNotFoundException.</summary>
    public static WatchEvent<T> Read<T>(byte[] line, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(line);
        var type = document.RootElement.GetProperty("type").GetString();
        var item = document.RootElement.GetProperty("object");
        return type switch
        {
            "ADDED" or "MODIFIED" => new WatchEvent<T>.Put(Entry(item, read)),
            "DELETED" => new WatchEvent<T>.Deleted(Entry(item, read)),
            "BOOKMARK" => new WatchEvent<T>.Bookmark(
                item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!),
            "ERROR" => new WatchEvent<T>.Error(Refusal.FromStatus(item, 500)),
            _ => throw new InvalidOperationException($"a watch event of unknown type {type}"),
        };
    }

    /// <summary>Key, version and projection of one object.</summary>
    public static Store<T>.Entry Entry<T>(JsonElement item, Func<JsonElement, T> read)
    {
        var metadata = item.GetProperty("metadata");
        var ns = metadata.TryGetProperty("namespace", out var n) ? n.GetString() : null;
        return new(new(SharedText.Of(ns ?? ""), SharedText.Of(metadata.GetProperty("name").GetString()!)),
            SharedText.Of(metadata.GetProperty("resourceVersion").GetString()!), read(item));
    }
}
