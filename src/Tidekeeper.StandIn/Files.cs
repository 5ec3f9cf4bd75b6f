using Tidekeeper.Model.StandIns;

namespace Tidekeeper.StandIn;

/// <summary>The container's files, with the rights of its user.</summary>
public static class Files
{
    private const string Unfinished = ".unfinished";

    /// <summary>Answers question after question until the world has gone.</summary>
    public static async Task Serve(Stream world, string session)
    {
        try
        {
            await world.WriteAsync(StandInWire.Bytes(new FilesOf(session)));
            while (await StandInWire.Read(world, CancellationToken.None) is StandInQuestion question)
                await world.WriteAsync(StandInWire.Bytes(Answer(question)));
        }
        catch (IOException)
        {
            // Who talks with the world on the other connection ends the process.
        }
    }

    public static Answer Answer(StandInQuestion question)
    {
        try
        {
            switch (question)
            {
                case ReadFile read:
                    return new Answer(read.Number) { Content = Read(read.Path) };
                case ListFolder list:
                    return new Answer(list.Number) { Names = Below(list.Path) };
                case WriteFile write:
                    Write(write.Path, write.Content);
                    return new Answer(write.Number);
                case DeleteFile delete:
                    File.Delete(delete.Path);
                    return new Answer(delete.Number);
                default:
                    return new Answer(question.Number, $"{question.GetType().Name} is no question about files");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Answer(question.Number, e.Message);
        }
    }

    private static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Below(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(Unfinished, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whole or not at all, also when the container dies meanwhile.</summary>
    private static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path + Unfinished, content);
        File.Move(path + Unfinished, path, overwrite: true);
    }
}
