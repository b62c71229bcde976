using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamSegmenter.Node.Tests.Ingest;

public sealed class IngestBodyTests
{
    private const string Event = """{"type":"track","event":"E","userId":"u"}""";
    private const string Batch = $$"""{"batch":[{{Event}}]}""";

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "gzip", true)]
    [InlineData("application/json", null, true)]
    [InlineData("text/plain", null, false)]
    [InlineData(null, null, false)]
    [InlineData("application/json", "gzip", false)]
    [InlineData("image/png", "identity", false)]
    public async Task A_body_is_read_by_what_it_is(string? contentType, string? contentEncoding, bool isPacked)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        byte[] body = Encoding.UTF8.GetBytes(Batch);
        using var response = await host.PostAsync(
            "/v1/batch",
            isPacked ? Pack(body) : body,
            contentType,
            contentEncoding
        );
        (await response.CountsAsync()).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_byte_order_mark_is_skipped()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync("/v1/batch", "\uFEFF" + Batch);
        (await response.CountsAsync()).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Gzip_cut_short_anywhere_is_refused()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        byte[] packed = Pack(Encoding.UTF8.GetBytes(Batch));
        for (int length = 2; length < packed.Length; length++)
        {
            await ShouldBeBadGzipAsync(host, packed[..length]);
        }
    }

    [Theory]
    [InlineData(2, "the method")]
    [InlineData(8, "the checksum")]
    [InlineData(4, "the length")]
    public async Task Gzip_that_does_not_add_up_is_refused(int fromEnd, string what)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        byte[] packed = Pack(Encoding.UTF8.GetBytes(Batch));
        packed[what == "the method" ? fromEnd : packed.Length - fromEnd] ^= 0x01;
        await ShouldBeBadGzipAsync(host, packed);
    }

    [Fact]
    public async Task Gzip_may_have_several_members()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        byte[] body = Encoding.UTF8.GetBytes(Batch);
        byte[] members = [.. Pack(body[..20]), .. Pack([]), .. Pack(body[20..])];
        using var response = await host.PostAsync("/v1/batch", members, null, "gzip");
        (await response.CountsAsync()).ShouldBe((1, 0));
        await ShouldBeBadGzipAsync(host, members[..^1], accepted: 1);
    }

    [Fact]
    public async Task What_follows_a_whole_gzip_is_ignored_as_gzip_itself_does()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        byte[] padded = [.. Pack(Encoding.UTF8.GetBytes(Batch)), .. "\0\0padding"u8];
        using var response = await host.PostAsync("/v1/batch", padded, null, "gzip");
        (await response.CountsAsync()).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_gzip_bomb_is_cut_off_at_the_limit()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        byte[] bomb = Pack(new byte[64 * 1024 * 1024]);
        bomb.Length.ShouldBeLessThan(500 * 1024, "it must pass the limit on what is sent");
        long before = GC.GetTotalAllocatedBytes(precise: true);
        using var response = await host.PostAsync("/v1/batch", bomb, null, "gzip");
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        allocated.ShouldBeLessThan(16 * 1024 * 1024);
        host.DeadLetters.Letters.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/track", 32 * 1024, true)]
    [InlineData("/v1/track", 32 * 1024 + 1, false)]
    [InlineData("/v1/batch", 500 * 1024, true)]
    [InlineData("/v1/batch", 500 * 1024 + 1, false)]
    public async Task A_body_may_be_exactly_as_large_as_the_limit(string path, int bytes, bool fits)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        string json = path == "/v1/track" ? Event : Batch;
        byte[] body = Encoding.UTF8.GetBytes(json.PadRight(bytes));
        foreach (bool isChunked in (bool[])[false, true])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            request.Headers.TransferEncodingChunked = isChunked;
            using var response = await host.Client.SendAsync(request);
            response.StatusCode.ShouldBe(fits ? HttpStatusCode.OK : HttpStatusCode.RequestEntityTooLarge);
        }

        host.Log.Records.Count.ShouldBe(fits ? 2 : 0);
    }

    [Fact]
    public async Task An_event_above_its_limit_costs_itself_only()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        string large = $$$"""{"type":"page","userId":"u","properties":{"x":"{{{new string('x', 33_000)}}}"}}""";
        using var response = await host.PostAsync("/v1/batch", $$"""{"batch":[{{Event}},{{large}}]}""");
        (await response.CountsAsync()).ShouldBe((1, 1));
        host.DeadLetters.Letters.Single().Reason.ShouldBe("too-large");
    }

    [Fact]
    public async Task A_batch_of_too_many_events_is_refused_whole()
    {
        await using IngestHost host = await IngestHost.StartAsync(new() { MaxBatchEvents = 3 });
        using var full = await host.PostAsync("/v1/batch", $$"""{"batch":[{{Event}},{{Event}},{{Event}}]}""");
        (await full.CountsAsync()).ShouldBe((3, 0));
        using var over = await host.PostAsync("/v1/batch", """{"batch":[0,0,0,0]}""");
        over.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        host.DeadLetters.Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_times_out()
    {
        await using IngestHost host = await IngestHost.StartAsync(
            new() { ReadTimeout = TimeSpan.FromMilliseconds(200) }
        );
        using TcpClient tcp = new();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await using NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
        using StreamReader reader = new(stream);
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 408 Request Timeout");
    }

    [Fact]
    public async Task A_producer_that_hangs_up_leaves_nothing_behind()
    {
        await using IngestHost host = await IngestHost.StartAsync(new() { MaxConcurrentRequests = 1 });
        for (int i = 0; i < 5; i++)
        {
            using TcpClient tcp = new();
            await tcp.ConnectAsync(IPAddress.Loopback, host.Address.Port);
            tcp.LingerState = new(enable: true, seconds: 0);
            NetworkStream stream = tcp.GetStream();
            await stream.WriteAsync("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
        }

        HttpStatusCode status = HttpStatusCode.TooManyRequests;
        for (int tries = 0; tries < 200 && status == HttpStatusCode.TooManyRequests; tries++)
        {
            using var response = await host.PostAsync("/v1/batch", Batch);
            status = response.StatusCode;
        }

        status.ShouldBe(HttpStatusCode.OK, "a request that ended still counts as running");
        host.DeadLetters.Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_producer_may_ask_before_it_sends_the_body()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/batch") { Content = new StringContent(Batch) };
        request.Headers.ExpectContinue = true;
        using var response = await host.Client.SendAsync(request);
        (await response.CountsAsync()).ShouldBe((1, 0));
    }

    private static async Task ShouldBeBadGzipAsync(IngestHost host, byte[] body, int accepted = 0)
    {
        using var response = await host.PostAsync("/v1/batch", body, null, "gzip");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).GetProperty("error").GetString().ShouldBe("bad-gzip");
        host.Log.Records.Count.ShouldBe(accepted);
        host.DeadLetters.Letters.ShouldBeEmpty();
    }

    private static byte[] Pack(byte[] plain)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
