using Tidekeeper.Model.StandIns;
using Tidekeeper.StandIn;

namespace Tidekeeper.UnitTests.StandIn;

public sealed class FilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-files-").FullName;

    private string In(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_a_file_and_is_listed_and_read()
    {
        Assert.Equal(new Answer(1), Files.Answer(new WriteFile(In("member/wal/a"), "x"u8.ToArray()) { Number = 1 }));
        Assert.Equal("x", File.ReadAllText(In("member/wal/a")));
        Assert.Equal(["member/wal/a"], Files.Answer(new ListFolder(_folder)).Names);
        Assert.Equal("x"u8.ToArray(), Files.Answer(new ReadFile(In("member/wal/a"))).Content);
        Files.Answer(new DeleteFile(In("member/wal/a")));
        Assert.Empty(Files.Answer(new ListFolder(_folder)).Names!);
    }

    [Fact]
    public void A_file_that_is_not_there_is_no_fault_and_a_folder_that_is_not_there_is_empty()
    {
        Assert.Equal(new Answer(0), Files.Answer(new ReadFile(In("no/such"))));
        Assert.Empty(Files.Answer(new ListFolder(In("no"))).Names!);
    }

    [Fact]
    public void What_cannot_be_written_is_a_fault_in_the_systems_words()
    {
        File.WriteAllText(In("file"), "");
        Assert.Contains("file", Files.Answer(new WriteFile(In("file/below"), [])).Fault);
    }
}
