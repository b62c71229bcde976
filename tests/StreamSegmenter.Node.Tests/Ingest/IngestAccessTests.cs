using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using StreamSegmenter.Node.Ingest;

namespace StreamSegmenter.Node.Tests.Ingest;

public sealed class IngestAccessTests
{
    private const string Event = """{"type":"page","userId":"u"}""";

    private static readonly IngestOptions _two = new()
    {
        Keys =
        [
            new("literal", Key: "a/long+key"),
            new("hashed", Sha256: Convert.ToHexString(SHA256.HashData("other"u8))),
        ],
    };

    [Theory]
    [InlineData("a/long+key", "http literal")]
    [InlineData("other", "http hashed")]
    public async Task A_known_key_is_taken_from_Basic_or_from_the_body(string key, string source)
    {
        await using IngestHost host = await IngestHost.StartAsync(_two);
        string escaped = key.Replace("/", "\\/", StringComparison.Ordinal);
        (string Path, string Body, string? Basic)[] ways =
        [
            ("/v1/batch", """{"batch":[{}]}""", key),
            ("/v1/batch", $$"""{"batch":[{}],"writeKey":"{{key}}"}""", null),
            ("/v1/batch", $$"""{"writeKey":"{{escaped}}","batch":[{}]}""", null),
            ("/v1/page", $$"""{"writeKey":"{{key}}"}""", null),
        ];
        foreach ((string path, string body, string? basic) in ways)
        {
            using var response = await host.PostAsync(path, Encoding.UTF8.GetBytes(body), null, basicUser: basic);
            (await response.CountsAsync()).ShouldBe((0, 1), body);
        }

        host.DeadLetters.Letters.Select(letter => letter.Source).ShouldBe(Enumerable.Repeat(source, 4));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("wrong", null)]
    [InlineData("", null)]
    [InlineData(null, "\"wrong\"")]
    [InlineData(null, "\"\"")]
    [InlineData(null, "17")]
    [InlineData(null, "{\"writeKey\":\"other\"}")]
    [InlineData(null, "\"\\ud800\"")]
    [InlineData("wrong", "\"other\"")]
    public async Task Without_a_known_key_nothing_gets_in(string? basic, string? inBody)
    {
        await using IngestHost host = await IngestHost.StartAsync(_two);
        string body = $$"""{"batch":[{{Event}}]{{(inBody is null ? "" : ",\"writeKey\":" + inBody)}}}""";
        using var response = await host.PostAsync(
            "/v1/batch?writeKey=other",
            Encoding.UTF8.GetBytes(body),
            "application/json",
            basicUser: basic
        );
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Basic");
        (await response.JsonAsync()).GetProperty("error").GetString().ShouldBe("unauthorized");
        host.Log.Records.ShouldBeEmpty();
        host.DeadLetters.Letters.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Bearer other")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic b3RoZXI=", true)]
    [InlineData("basic b3RoZXI6aWdub3JlZA==", true)]
    public async Task The_header_is_read_as_the_standard_says(string header, bool isKnown = false)
    {
        await using IngestHost host = await IngestHost.StartAsync(_two);
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/page") { Content = new StringContent(Event) };
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await host.Client.SendAsync(request);
        response.StatusCode.ShouldBe(isKnown ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Unreadable_bodies_of_strangers_are_not_kept()
    {
        await using IngestHost host = await IngestHost.StartAsync(_two);
        using var response = await host.PostAsync("/v1/batch", "rubbish");
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        host.DeadLetters.Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_open_ingest_says_so_at_the_start()
    {
        ListLogger open = new();
        await using IngestHost first = await IngestHost.StartAsync(logger: open);
        open.Lines.ShouldHaveSingleItem().ShouldStartWith("The ingest is open");
        ListLogger closed = new();
        await using IngestHost second = await IngestHost.StartAsync(_two, closed);
        closed.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_origin_may_send_by_default()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var preflight = await PreflightAsync(host, "https://shop.example");
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Header(preflight, "Access-Control-Allow-Origin").ShouldBe("*");
        Header(preflight, "Access-Control-Allow-Methods").ShouldBe("POST");
        Header(preflight, "Access-Control-Allow-Headers").ShouldBe("authorization,content-type,x-retry-count");
        using var response = await host.PostAsync("/v1/page", Event);
        Header(response, "Access-Control-Allow-Origin").ShouldBe("*");
        Header(response, "Access-Control-Expose-Headers").ShouldBe("Retry-After");
    }

    [Fact]
    public async Task Origins_can_be_restricted()
    {
        await using IngestHost host = await IngestHost.StartAsync(new() { AllowedOrigins = ["https://shop.example"] });
        using var known = await PreflightAsync(host, "https://shop.example");
        Header(known, "Access-Control-Allow-Origin").ShouldBe("https://shop.example");
        using var stranger = await PreflightAsync(host, "https://evil.example");
        Header(stranger, "Access-Control-Allow-Origin").ShouldBeNull();
        Header(stranger, "Access-Control-Allow-Headers").ShouldBeNull();
        Header(stranger, "Vary").ShouldBe("Origin");
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused_by_name()
    {
        new IngestOptions().Validate().ShouldBeEmpty();
        _two.Validate().ShouldBeEmpty();
        new IngestOptions
        {
            MaxBatchBytes = 5,
            Keys = [new("a"), new("b", "k", new string('0', 64)), new("c", Sha256: "xyz"), new("d", Key: "")],
        }
            .Validate()
            .ShouldBe([
                "max-batch-bytes = 5: give from max-event-bytes = 32768 to 64 MiB",
                "keys: \"a\" must have either key or sha256, not both or neither",
                "keys: \"b\" must have either key or sha256, not both or neither",
                "keys: the sha256 of \"c\" must be 64 hexadecimal digits, as sha256sum prints them",
                "keys: \"d\" has an empty key; give at least 16 random characters",
            ]);
    }

    private static async Task<HttpResponseMessage> PreflightAsync(IngestHost host, string origin)
    {
        using HttpRequestMessage request = new(HttpMethod.Options, "/v1/t");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-retry-count");
        return await host.Client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private sealed class ListLogger : ILogger<IngestHandler>
    {
        public List<string> Lines { get; } = [];

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
