using System.Net;
using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.UnitTests.Kube.Http;

public class HttpTransportTests
{
    private sealed class Answers(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
        : HttpMessageHandler
    {
        public List<string> Sent { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            Sent.Add($"{request.Method} {request.RequestUri} {request.Headers.Authorization}");
            return answer(request, cancel);
        }
    }

    private static HttpTransport Over(Answers handler, TimeProvider? time = null) =>
        new(new KubeEndpoint(new Uri("http://api:1/prefix/")), FixedCredentials.Bearer("t"), "me/1",
            time ?? TimeProvider.System, handler);

    private static Task<HttpResponseMessage> Reply(HttpStatusCode status, string body) =>
        Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });

    [Fact]
    public async Task A_request_goes_below_the_servers_path_with_our_token()
    {
        var handler = new Answers((_, _) => Reply(HttpStatusCode.OK, "{}"));
        using var transport = Over(handler);
        await transport.Send(Requests.List(Resource.Pods, "n", new() { LabelSelector = "a=b" }), default);
        Assert.Equal(["GET http://api:1/prefix/api/v1/namespaces/n/pods?labelSelector=a%3Db Bearer t"], handler.Sent);
    }

    [Fact]
    public async Task Warnings_and_the_pause_asked_for_are_handed_on()
    {
        using var transport = Over(new((_, _) =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("") };
            response.Headers.TryAddWithoutValidation("Retry-After", "7");
            response.Headers.TryAddWithoutValidation("Warning", "299 - \"say \\\"no\\\"\"");
            return Task.FromResult(response);
        }));
        var answer = await transport.Send(new("GET", "/"), default);
        Assert.Equal((429, TimeSpan.FromSeconds(7), "say \"no\""),
            (answer.Status, answer.RetryAfter, answer.Warnings[0]));
    }

    [Fact]
    public async Task A_connection_that_was_never_made_means_that_nothing_happened()
    {
        using var transport = Over(new((_, _) =>
            throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused")));
        var fault = await Assert.ThrowsAsync<TransportException>(() => transport.Send(new("POST", "/"), default));
        Assert.False(fault.MayHaveArrived);
    }

    [Fact]
    public async Task A_connection_that_broke_later_leaves_it_open()
    {
        using var transport = Over(new((_, _) =>
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended early")));
        var fault = await Assert.ThrowsAsync<TransportException>(() => transport.Send(new("POST", "/"), default));
        Assert.True(fault.MayHaveArrived);
    }

    [Fact]
    public void A_server_that_is_silent_is_given_up_in_time() => Stage.Run(async time =>
    {
        using var transport = Over(new(async (_, cancel) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
            throw new InvalidOperationException("never");
        }), time);
        var fault = await Assert.ThrowsAsync<TransportException>(() => transport.Send(new("POST", "/"), default));
        Assert.True(fault.MayHaveArrived);
        Assert.Equal(30, (time.Now - Stage.Start).TotalSeconds);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_was_renewed_is_read_again_when_the_old_one_is_refused(bool watches)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old");
        var handler = new Answers((request, _) => Reply(
            $"{request.Headers.Authorization}" == "Bearer new" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, ""));
        using var transport = new HttpTransport(new KubeEndpoint(new Uri("http://api:1")),
            new TokenFile(file, TimeProvider.System), "me/1", TimeProvider.System, handler);
        Assert.Equal(401, (await transport.Send(new("GET", "/"), default)).Status);
        await File.WriteAllTextAsync(file, "new");
        if (watches)
            Assert.IsType<WatchOpening.Opened>(await transport.Watch(new("GET", "/"), default));
        else
            Assert.Equal(200, (await transport.Send(new("GET", "/"), default)).Status);

        // While the file is being replaced there is none: a fault that passes, and no end of the one who asks.
        File.Delete(file);
        using var fresh = new HttpTransport(new KubeEndpoint(new Uri("http://api:1")),
            new TokenFile(file, TimeProvider.System), "me/1", TimeProvider.System, handler);
        var fault = await Assert.ThrowsAsync<TransportException>(() => watches
            ? fresh.Watch(new("GET", "/"), default) : fresh.Send(new("GET", "/"), default));
        Assert.False(fault.MayHaveArrived);
        Assert.Contains("the token cannot be read", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAll(string body)
    {
        using var transport = Over(new((_, _) => Reply(HttpStatusCode.OK, body)));
        var opened = Assert.IsType<WatchOpening.Opened>(await transport.Watch(new("GET", "/"), default));
        await using var stream = opened.Stream;
        var lines = new List<string>();
        try
        {
            while (await stream.Read(default) is { } line)
                lines.Add(line.Length > 20 ? $"{line.Length} bytes" : Encoding.UTF8.GetString(line));
            lines.Add("end");
        }
        catch (TransportException)
        {
            lines.Add("broken");
        }

        return string.Join('|', lines);
    }

    [Fact]
    public async Task A_watch_is_read_line_by_line() => Assert.Equal("{a}|{b}|end", await ReadAll("{a}\n\n{b}\n"));

    [Fact]
    public async Task A_line_longer_than_the_buffer_is_one_event() =>
        Assert.Equal("50000 bytes|{b}|end", await ReadAll(new string('x', 50000) + "\n{b}\n"));

    [Fact]
    public async Task Half_a_line_is_a_broken_watch() => Assert.Equal("{a}|broken", await ReadAll("{a}\n{b"));
}
