using System.Net;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Node.Ingest;

namespace StreamSegmenter.Node.Tests.Ingest;

public sealed class IngestEndpointTests
{
    [Theory]
    [InlineData("track", "track")]
    [InlineData("t", "track")]
    [InlineData("identify", "identify")]
    [InlineData("i", "identify")]
    [InlineData("page", "page")]
    [InlineData("p", "page")]
    [InlineData("screen", "screen")]
    [InlineData("s", "screen")]
    [InlineData("group", "group")]
    [InlineData("g", "group")]
    [InlineData("alias", "alias")]
    [InlineData("a", "alias")]
    public async Task An_address_of_one_event_gives_it_its_type(string path, string type)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync(
            $"/v1/{path}",
            """{"userId":"ann","event":"E","messageId":"m1","x":1.50}"""
        );
        (await response.CountsAsync()).ShouldBe((1, 0));
        (var customer, string payload) = host.Log.Records.Single();
        customer.Value.ShouldBe("ann");
        using JsonDocument stored = JsonDocument.Parse(payload);
        stored.RootElement.GetProperty("type").GetString().ShouldBe(type);
        payload.ShouldEndWith(""","userId":"ann","event":"E","messageId":"m1","x":1.50}""");
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("b")]
    [InlineData("import")]
    public async Task A_batch_keeps_its_order(string path)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        string events = string.Join(
            ',',
            Enumerable
                .Range(0, 200)
                .Select(i => $$"""{"type":"page","anonymousId":"a{{i % 3}}","messageId":"m{{i}}"}""")
        );
        using var response = await host.PostAsync($"/v1/{path}", $$"""{"batch":[{{events}}]}""");
        (await response.CountsAsync()).ShouldBe((200, 0));
        host.Log.Appends.ShouldBe(1);
        host.Log.Records.Select(record => Member(record.Payload, "messageId"))
            .ShouldBe(Enumerable.Range(0, 200).Select(i => (string?)$"m{i}"));
    }

    [Fact]
    public async Task The_envelope_is_ours()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        using var response = await host.PostAsync(
            "/v1/batch",
            """
            {"sentAt":"2020-01-01T00:00:05.000Z","batch":[
              {"type":"page","userId":"u","receivedAt":"1999-01-01T00:00:00Z"},
              {"type":"page","userId":"u","messageId":"own","sentAt":"2020-01-01T00:00:01.000Z"}]}
            """
        );
        (await response.CountsAsync()).ShouldBe((2, 0));
        string[] payloads = [.. host.Log.Records.Select(record => record.Payload)];
        foreach (string payload in payloads)
        {
            DateTimeOffset received = DateTimeOffset.Parse(Member(payload, "receivedAt")!, null);
            received.ShouldBeInRange(before.AddMilliseconds(-1), TimeProvider.System.GetUtcNow());
            payload.ShouldNotContain("127.0.0.1");
        }

        Member(payloads[0], "sentAt").ShouldBe("2020-01-01T00:00:05.000Z");
        Member(payloads[0], "messageId").ShouldBe("generated-1");
        Member(payloads[1], "sentAt").ShouldBe("2020-01-01T00:00:01.000Z");
        Member(payloads[1], "messageId").ShouldBe("own");
    }

    [Fact]
    public async Task The_answer_waits_for_stable_storage()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        TaskCompletionSource stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Log.Gate = stored.Task;
        Task<HttpResponseMessage> answer = host.PostAsync("/v1/page", """{"userId":"u"}""");
        (await Task.WhenAny(answer, Task.Delay(300))).ShouldNotBe(answer);
        stored.SetResult();
        using var response = await answer;
        (await response.CountsAsync()).ShouldBe((1, 0));
    }

    [Fact]
    public async Task One_bad_event_costs_itself_only_and_is_kept_byte_for_byte()
    {
        await using IngestHost host = await IngestHost.StartAsync(new() { Keys = [new IngestKey("shop", Key: "k1")] });
        string[] bad =
        [
            """{ "type" : "track", "event":"no id" }""",
            """{"type":"page","userId":"u","userId":"twice"}""",
            """{"type":"page","userId":"\ud800"}""",
            """{"type":"page","userId":"u","timestamp":"yesterday"}""",
            "42",
            "null",
            "[]",
        ];
        string body = $$"""
            {"writeKey":"k1","batch":[{"type":"page","userId":"u"}, {{string.Join(
                " , ",
                bad
            )}}, {"type":"page","userId":"u"}]}
            """;
        using var response = await host.PostAsync("/v1/batch", body);
        (await response.CountsAsync()).ShouldBe((2, 7));
        host.DeadLetters.Letters.Select(letter => Encoding.UTF8.GetString(letter.Payload.Span)).ShouldBe(bad);
        host.DeadLetters.Letters.ShouldAllBe(letter => letter.Source == "http shop");
        host.DeadLetters.Letters.Select(letter => letter.Reason)
            .ShouldBe([
                "no-id",
                "duplicate-key",
                "invalid-utf8",
                "bad-timestamp",
                "not-an-object",
                "not-an-object",
                "not-an-object",
            ]);
        JsonElement first = (await response.JsonAsync()).GetProperty("rejections")[0];
        first.GetProperty("index").GetInt32().ShouldBe(1);
        first.GetProperty("reason").GetString().ShouldBe("no-id");
        first.GetProperty("detail").GetString().ShouldBe(host.DeadLetters.Letters[0].Detail);
    }

    [Theory]
    [InlineData("/v1/batch", "", "the body is not JSON: there is nothing in it")]
    [InlineData("/v1/batch", "{\"batch\":[{]}", "the body is not JSON: ']' cannot stand here; ")]
    [InlineData("/v1/batch", "{\"batch\":[]} x", "the body is not JSON: something follows the JSON value; ")]
    [InlineData("/v1/batch", "[]", "the body must be a JSON object")]
    [InlineData("/v1/batch", "{}", "the body needs an array \"batch\"")]
    [InlineData("/v1/batch", "{\"batch\":{}}", "the body needs an array \"batch\"")]
    [InlineData("/v1/track", "event=x&userId=u", "the body is not JSON: event=x is none of true, false and null; ")]
    [InlineData("/v1/track", "17", "the body must be a JSON object")]
    public async Task What_cannot_be_read_at_all_is_refused_and_kept(string path, string body, string message)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync(path, body);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement json = await response.JsonAsync();
        json.GetProperty("success").GetBoolean().ShouldBeFalse();
        json.GetProperty("error").GetString().ShouldBe("not-json");
        json.GetProperty("message").GetString().ShouldStartWith(message);
        var letter = host.DeadLetters.Letters.Single();
        (letter.Reason, Encoding.UTF8.GetString(letter.Payload.Span)).ShouldBe(("not-json", body));
    }

    [Fact]
    public async Task An_answer_is_fit_to_be_read_in_a_terminal()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync("/v1/batch", "{}");
        (await response.Content.ReadAsStringAsync()).ShouldContain("the body needs an array \\\"batch\\\"");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task An_invalid_single_event_is_answered_as_Segment_does()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync("/v1/track", """{"event":"x"}""");
        (await response.CountsAsync()).ShouldBe((0, 1));
        host.DeadLetters.Letters.Single().Reason.ShouldBe("no-id");
    }

    [Fact]
    public async Task An_empty_batch_is_fine()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync("/v1/batch", """{"batch":[]}""");
        (await response.CountsAsync()).ShouldBe((0, 0));
        host.Log.Appends.ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/v1/track", 405)]
    [InlineData("HEAD", "/v1/batch", 405)]
    [InlineData("PUT", "/v1/identify", 405)]
    [InlineData("POST", "/v1/nothing", 404)]
    [InlineData("POST", "/", 404)]
    public async Task Other_methods_and_addresses_are_refused_as_usual(string method, string path, int status)
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using var response = await host.Client.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task A_query_string_is_ignored()
    {
        await using IngestHost host = await IngestHost.StartAsync();
        using var response = await host.PostAsync("/v1/track?type=page&userId=v", """{"userId":"u","event":"E"}""");
        (await response.CountsAsync()).ShouldBe((1, 0));
        host.Log.Records.Single().Customer.Value.ShouldBe("u");
    }

    private static string? Member(string json, string name)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString();
    }
}
