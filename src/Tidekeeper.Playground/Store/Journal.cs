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

    /// <summary>Loads what the directory keeps into an empty store, and writes down everything from now on.</summary>
    public static Journal Open(string directory, ObjectStore store)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        var objects = new SortedDictionary<string, Entry>(StringComparer.Ordinal);
        var head = File.Exists(path) ? Read(path, objects) : 0;
        store.Restore(head, objects.Values.Select(each => (each.Resource, each.Key, each.Item)));

        // The snapshot takes the old journal's place in one step: a crash leaves one or the other, whole.
        var fresh = path + ".new";
        using (var snapshot = new StreamWriter(fresh, append: false, Utf8))
        {
            foreach (var (resource, key, item) in objects.Values)
                snapshot.WriteLine(Line(item.ResourceVersion(), resource, key, item));
            snapshot.WriteLine(Line(head, "", "", null));
        }

        File.Move(fresh, path, overwrite: true);
        var journal = new Journal(new StreamWriter(path, append: true, Utf8) { AutoFlush = true });
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

    private static long Read(string path, SortedDictionary<string, Entry> objects)
    {
        var head = 0L;
        var number = 0;
        using var reader = new StreamReader(path, Utf8);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (Parse(line) is not { } entry)
            {
                if (reader.ReadLine() is null)
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
