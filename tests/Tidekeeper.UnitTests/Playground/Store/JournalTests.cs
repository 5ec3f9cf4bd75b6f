using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Store;

public sealed class JournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("journal").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_cluster_goes_on_where_it_stopped()
    {
        var before = Run(api =>
        {
            api.Create("v1/configmaps", "default", Named("kept"));
            api.Create("v1/configmaps", "default", Named("gone"));
            api.Delete("v1/configmaps", "default", "gone");
        });
        var after = Run(api =>
        {
            Assert.Equal(before, api.Api.Head);
            Assert.Equal("kept", Assert.Single(api.List("v1/configmaps", "default")).Name());
            Assert.Equal("10.0.0.1", api.Get("v1/services", "default", "kubernetes").Text("spec", "clusterIP"));
            api.Create("v1/configmaps", "default", Named("new"));
        });
        Assert.Equal(before + 1, after);
    }

    [Fact]
    public void A_torn_last_line_is_dropped()
    {
        Run(api => api.Create("v1/configmaps", "default", Named("kept")));
        File.AppendAllText(JournalFile(), """{"rv":99,"resource":"configmaps","key":"default/torn","obj""");
        Run(api => Assert.Equal("kept", Assert.Single(api.List("v1/configmaps", "default")).Name()));
    }

    [Fact]
    public void A_broken_journal_is_not_taken_for_an_empty_one()
    {
        Run(api => api.Create("v1/configmaps", "default", Named("kept")));
        File.WriteAllText(JournalFile(), "nonsense\n" + File.ReadAllText(JournalFile()));
        var problem = Assert.Throws<InvalidDataException>(() => Run(_ => { }));
        Assert.Contains("line 1 is no journal entry", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_something_else_is_not_taken_for_a_torn_journal()
    {
        File.WriteAllText(Path.Combine(_directory, "cluster.journal"), "nonsense\n");
        Assert.Throws<InvalidDataException>(() => Run(_ => { }));
        Assert.Equal("nonsense\n", File.ReadAllText(JournalFile()));
    }

    [Fact]
    public void A_directory_has_one_playground_at_a_time()
    {
        using (Journal.Open(_directory, new ObjectStore()))
        {
            var problem = Assert.Throws<IOException>(() => Journal.Open(_directory, new ObjectStore()));
            Assert.Contains($"--data-dir {_directory} cannot be used", problem.Message, StringComparison.Ordinal);
        }

        Run(api => Assert.NotNull(api.Create("v1/configmaps", "default", Named("next"))));
    }

    private long Run(Action<ApiClient> act)
    {
        var store = new ObjectStore();
        using var journal = Journal.Open(_directory, store);
        var api = new ApiServer(TimeProvider.System, new Random((int)store.Head), store);
        act(new ApiClient(api, "tester"));
        return api.Head;
    }

    private string JournalFile() => Assert.Single(Directory.GetFiles(_directory));

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
