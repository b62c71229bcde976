using System.Text.Json;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Tests.Chat;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Slack;

public sealed class SlackApiTests : ChatConformance
{
    public override string ConnectorType => "slack";

    protected override IReadOnlyList<string> Secrets => ["xoxb-t0ken", "/api/chat.postMessage"];

    [Fact]
    public async Task The_request_is_a_message_of_the_bot()
    {
        var (_, request) = await PostAsync(Pushes.Named("Ann"), services: Services);

        request.ShouldNotBeNull().Headers["Authorization"].ShouldBe("Bearer xoxb-t0ken");
        request
            .Json.GetRawText()
            .ShouldBe(
                """
                {"channel":"C1","text":"Hello Ann","client_msg_id":"01234567-89ab-cdef-0123-456789abcdef",
                "unfurl_links":false,"unfurl_media":false}
                """.ReplaceLineEndings("")
            );
    }

    [Theory]
    [InlineData("channel_not_found", DeliveryOutcome.Misconfigured)]
    [InlineData("not_in_channel", DeliveryOutcome.Misconfigured)]
    [InlineData("is_archived", DeliveryOutcome.Misconfigured)]
    [InlineData("invalid_auth", DeliveryOutcome.Misconfigured)]
    [InlineData("token_revoked", DeliveryOutcome.Misconfigured)]
    [InlineData("missing_scope", DeliveryOutcome.Misconfigured)]
    [InlineData("no_text", DeliveryOutcome.Rejected)]
    [InlineData("msg_too_long", DeliveryOutcome.Rejected)]
    [InlineData("invalid_blocks", DeliveryOutcome.Rejected)]
    [InlineData("msg_blocks_too_long", DeliveryOutcome.Rejected)]
    [InlineData("something_new", DeliveryOutcome.Rejected)]
    [InlineData("ratelimited", DeliveryOutcome.Retry)]
    [InlineData("message_limit_exceeded", DeliveryOutcome.Retry)]
    [InlineData("fatal_error", DeliveryOutcome.Unknown)]
    [InlineData("internal_error", DeliveryOutcome.Unknown)]
    [InlineData("request_timeout", DeliveryOutcome.Unknown)]
    [InlineData("service_unavailable", DeliveryOutcome.Unknown)]
    public async Task Every_error_has_its_meaning(string error, DeliveryOutcome expected)
    {
        var (result, _) = await PostAsync(Pushes.Create(), Error(error));

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    [Theory]
    [InlineData(429, """{"ok":false,"error":"ratelimited"}""", DeliveryScope.Push)]
    [InlineData(200, """{"ok":false,"error":"rate_limited"}""", DeliveryScope.Push)]
    [InlineData(200, """{"ok":false,"error":"message_limit_exceeded"}""", DeliveryScope.Connector)]
    [InlineData(429, "busy", DeliveryScope.Connector)]
    [InlineData(503, "busy", DeliveryScope.Connector)]
    public async Task Only_Slacks_own_limit_is_the_channels(int status, string body, DeliveryScope expected)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(status, body, RetryAfter: "30"));

        result.Outcome.ShouldBe(DeliveryOutcome.Retry, result.Detail);
        result.Scope.ShouldBe(expected);
        result.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(200, "{}", DeliveryOutcome.Unknown)]
    [InlineData(200, "ok", DeliveryOutcome.Unknown)]
    [InlineData(200, "[]", DeliveryOutcome.Unknown)]
    [InlineData(200, """{"ok":false}""", DeliveryOutcome.Rejected)]
    [InlineData(200, """{"ok":false,"error":5}""", DeliveryOutcome.Rejected)]
    [InlineData(500, """{"ok":true}""", DeliveryOutcome.Unknown)]
    public async Task An_answer_that_says_nothing_is_no_delivery(int status, string body, DeliveryOutcome expected)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(status, body));

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    [Fact]
    public async Task A_wrong_channel_that_the_push_named_is_the_pushes_fault()
    {
        var push = Pushes.Create(options: """{ "channel": "nowhere" }""");

        var (result, request) = await PostAsync(push, Error("channel_not_found"));

        request.ShouldNotBeNull().Json.GetProperty("channel").GetString().ShouldBe("nowhere");
        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
    }

    [Fact]
    public async Task A_channel_that_has_to_wait_holds_up_no_other()
    {
        await using var peer = await HttpPeer.StartAsync(Answer);
        var clock = new FakeTimeProvider(new(2020, 1, 31, 12, 0, 5, TimeSpan.Zero));
        var connector = TestServices.Connector(
            OptionsAt($"http://localhost:{peer.Port}"),
            TestServices.Create(time: clock)
        );
        peer.Reply = new(429, """{"ok":false,"error":"ratelimited"}""", RetryAfter: "30");
        var told = await SendAsync("");
        peer.Reply = null;
        clock.Advance(TimeSpan.FromSeconds(10));

        var same = await SendAsync("");
        var other = await SendAsync("C2");
        clock.Advance(TimeSpan.FromSeconds(20));
        var later = await SendAsync("");

        told.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        told.Scope.ShouldBe(DeliveryScope.Push);
        same.ShouldBe(
            DeliveryResult.NotSent("Not sent: Slack asked to wait with this channel.", TimeSpan.FromSeconds(20))
        );
        other.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        later.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        peer.Requests.Count.ShouldBe(3);

        async Task<DeliveryResult> SendAsync(string channel) =>
            await connector.SendAsync(
                Pushes.Create(options: $$"""{ "channel": "{{channel}}" }"""),
                CancellationToken.None
            );
    }

    [Fact]
    public async Task Each_push_that_a_busy_channel_holds_back_is_told_a_second_of_its_own()
    {
        await using var peer = await HttpPeer.StartAsync(Answer);
        var clock = new FakeTimeProvider(new(2020, 1, 31, 12, 0, 5, TimeSpan.Zero));
        var connector = TestServices.Connector(
            OptionsAt($"http://localhost:{peer.Port}"),
            TestServices.Create(time: clock)
        );
        peer.Reply = new(429, """{"ok":false,"error":"ratelimited"}""", RetryAfter: "30");
        (await SendAsync(1)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        peer.Reply = null;

        (await SendAsync(2)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(31));
        (await SendAsync(3)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(32));
        clock.Advance(TimeSpan.FromSeconds(31));
        (await SendAsync(4)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
        (await SendAsync(2)).Outcome.ShouldBe(DeliveryOutcome.Delivered);
        peer.Requests.Count.ShouldBe(2);

        async Task<DeliveryResult> SendAsync(int push) =>
            await connector.SendAsync(Pushes.Create() with { Id = new($"{push:x32}") }, CancellationToken.None);
    }

    [Theory]
    [InlineData("Ann")]
    [InlineData("<!channel> & @everyone \"q\" \\ \n x")]
    public async Task Blocks_are_written_with_names_inert(string name)
    {
        var (result, request) = await PostAsync(
            Pushes.Named(name),
            configure: options =>
                ((SlackApiOptions)options).Blocks = """
                    [ { "type": "section", "text": { "type": "mrkdwn", "text": "*{{profile.name}}*" } } ]
                    """
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        string text = request
            .ShouldNotBeNull()
            .Json.GetProperty("blocks")[0]
            .GetProperty("text")
            .GetProperty("text")
            .GetString()!;
        text.ShouldBe(
            $"*{name.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("@", "@\u200B")}*"
        );
    }

    // By docs.slack.dev/reference/block-kit.
    [Theory]
    [InlineData("""{ "type": "section", "text": { "type": "mrkdwn", "text": "*NAME* needs" } }""", 3_000)]
    [InlineData("""{ "type": "header", "text": { "type": "plain_text", "text": "NAME" } }""", 150)]
    [InlineData("""{ "type": "section", "fields": [ { "type": "mrkdwn", "text": "NAME" } ] }""", 2_000)]
    [InlineData("""{ "type": "context", "elements": [ { "type": "mrkdwn", "text": "NAME" } ] }""", 3_000)]
    [InlineData(
        """
            { "type": "actions", "elements": [ { "type": "button", "text": { "type": "plain_text", "text": "NAME" } } ] }
            """,
        75
    )]
    [InlineData("""{ "type": "image", "image_url": "https://a.example/x.png", "alt_text": "NAME" }""", 2_000)]
    [InlineData("""{ "type": "image", "title": { "type": "plain_text", "text": "NAME" }, "alt_text": "x" }""", 2_000)]
    public async Task A_name_makes_no_text_of_a_block_longer_than_Slack_takes(string block, int longest)
    {
        foreach (string name in new[] { new string('n', 40_000), string.Concat(Enumerable.Repeat("@allX &", 2_000)) })
        {
            var (result, request) = await PostAsync(
                Pushes.Named(name),
                configure: options =>
                    ((SlackApiOptions)options).Blocks = $"[ {block.Replace("NAME", "{{profile.name}}")} ]"
            );

            result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
            var texts = Strings(request.ShouldNotBeNull().Json.GetProperty("blocks")[0]).ToList();
            texts.Max(text => text.Length).ShouldBeInRange(longest - 6, longest);
            texts.ShouldAllBe(text => !text.Contains("@all…"));
        }
    }

    [Fact]
    public async Task What_fits_into_blocks_stays_as_it_was_written()
    {
        const string Blocks =
            """[{"type":"divider"},{"type":"x","n":1.50,"ok":true,"none":null,"text":"é","l":[[]]}]""";

        var (_, request) = await PostAsync(
            Pushes.Named("Ann"),
            configure: options => ((SlackApiOptions)options).Blocks = Blocks
        );

        request.ShouldNotBeNull().Json.GetProperty("blocks").GetRawText().ShouldBe(Blocks);
    }

    private static IEnumerable<string> Strings(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
            JsonValueKind.String => [element.GetString()!],
            _ => [],
        };

    [Theory]
    [InlineData("""{ "type": "divider" }""", "no array of at most 50")]
    [InlineData("""[ "{{customer}}" """, "not JSON for this push")]
    [InlineData("""[ {{#each profile.many}}"{{this}}",{{/each}}"x" ]""", "no array of at most 50")]
    public async Task Blocks_that_are_none_reject_the_push(string blocks, string reason)
    {
        string many = string.Join(',', Enumerable.Range(0, 50));

        var (result, request) = await PostAsync(
            Pushes.Create($$"""{ "many": [{{many}}] }"""),
            configure: options => ((SlackApiOptions)options).Blocks = blocks
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Detail.ShouldContain(reason);
        request.ShouldBeNull();
    }

    [Theory]
    [InlineData("""[ {{profile.name}} ]""", "outside of a string")]
    [InlineData("""[ {{json profile.name}} ]""", "'json' is for bodies of JSON")]
    [InlineData("""[ "{{{profile.name}}}" ]""", "unescaped output")]
    public void A_value_out_of_place_is_found_at_start(string blocks, string message)
    {
        var options = (SlackApiOptions)OptionsAt("http://localhost");
        options.Blocks = blocks;

        TestServices.Errors(options).ShouldHaveSingleItem().Message.ShouldContain(message);
    }

    [Fact]
    public void Options_are_checked() =>
        TestServices
            .Errors(new SlackApiOptions())
            .Select(error => error.ToString())
            .ShouldBe([
                "connectors.c.token: needs the token of a bot, xoxb-...",
                "connectors.c.channel: needs a channel's id such as C0123456789, or its #name",
            ]);

    private protected override HttpConnectorOptions OptionsAt(string origin) =>
        new SlackApiOptions
        {
            Url = new($"{origin}/api/chat.postMessage"),
            AllowHttp = true,
            Token = new("xoxb-t0ken"),
            Channel = "C1",
        };

    private protected override string Shown(JsonElement body) =>
        body.GetProperty("text").GetString()!.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&");

    private protected override HttpReply Answer(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(200, """{"ok":true,"channel":"C1","ts":"1503435956.000247"}"""),
            Conduct.FailForNow => Error("ratelimited"),
            Conduct.Refuse => Error("no_text"),
            Conduct.LimitRate => new(429, """{"ok":false,"error":"ratelimited"}""", RetryAfter: "7"),
            Conduct.RefuseCredentials => Error("invalid_auth"),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };

    private static HttpReply Error(string word) => new(200, $$"""{"ok":false,"error":"{{word}}"}""");
}
