using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Store;

/// <summary>
/// Keeps a store on disk: one JSON line per committed change, after a snapshot that is written at each start. A last
/// line that was torn by a crash is dropped: its change was never acknowledged to be on disk.
/// </summary>
public sealed class Journal : IDisposable
{
    private const string FileName = "cluster.journal";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private sealed record Entry(string Resource, string Key, JsonObject Item);

    private readonly StreamWriter _writer;

    private Journal(StreamWriter writer) => _writer = writer;

    /// <summary>
    /// Loads what the directory keeps into an empty store, and writes down everything from now on. Two playgrounds over
    /// one directory would overwrite each other: throws <see cref="IOException"/> when one runs there.
    /// </summary>
    public static Journal Open(string directory, ObjectStore store)
    {
        var path = Path.Combine(directory, FileName);
        var fresh = path + ".new";
        var objects = new SortedDictionary<string, Entry>(StringComparer.Ordinal);
        StreamWriter writer;
        long head;
        try
        {
            Directory.CreateDirectory(directory);
            using var old = File.Exists(path) ? Alone(path, FileMode.Open, FileAccess.Read) : null;
            head = old is null ? 0 : Read(path, old, objects);
            writer = new StreamWriter(Alone(fresh, FileMode.Create, FileAccess.Write), Utf8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--data-dir {directory} cannot be used: {e.Message}", e);
        }

        store.Restore(head, objects.Values.Select(each => (each.Resource, each.Key, each.Item)));
        foreach (var (resource, key, item) in objects.Values)
            writer.WriteLine(Line(item.ResourceVersion(), resource, key, item));
        writer.WriteLine(Line(head, "", "", null));
        writer.Flush();

        // The snapshot takes the old journal's place in one step: a crash leaves one or the other, whole. It stays
        // open, and with that locked, under its new name.
        File.Move(fresh, path, overwrite: true);
        writer.AutoFlush = true;
        var journal = new Journal(writer);
        store.Committed += journal.Append;
        return journal;
    }

    public void Dispose() => _writer.Dispose();

    private void Append(StoreEvent change) => _writer.WriteLine(Line(change.Revision, change.Resource, change.Key,
        change.Type == StoreEventType.Deleted ? null : change.Object));

    private static string Line(long revision, string resource, string key, JsonObject? item) =>
        $"{{\"rv\":{revision.ToString(CultureInfo.InvariantCulture)},\"resource\":{Quoted(resource)},"
        + $"\"key\":{Quoted(key)},\"object\":{item?.ToJsonString() ?? "null"}}}";

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    /// <summary>The kernel keeps the lock as long as the file is open, and gives it up with the process.</summary>
    private static FileStream Alone(string path, FileMode mode, FileAccess access) =>
        new(path, mode, access, FileShare.None);

    private static long Read(string path, Stream content, SortedDictionary<string, Entry> objects)
    {
        var head = 0L;
        var number = 0;
        using var reader = new StreamReader(content, Utf8);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (Parse(line) is not { } entry)
            {
                if (number > 1 && reader.ReadLine() is null)
                    break;
                throw new InvalidDataException(
                    $"{path} line {number} is no journal entry; move the file away to start with an empty cluster");
            }

            head = Math.Max(head, entry.Number("rv") ?? 0);
            var (resource, key) = (entry.Text("resource") ?? "", entry.Text("key") ?? "");
            if (entry["object"] is JsonObject item)
                objects[resource + "/" + key] = new Entry(resource, key, item.Copy());
            else
                objects.Remove(resource + "/" + key);
        }

        return head;
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
