using System.Text.Json;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Slack;

public sealed class SlackConnectorTests : HttpConnectorConformance
{
    public override string ConnectorType => "slack-webhook";

    protected override bool HasKey => false;

    protected override IReadOnlyList<string> Secrets => ["/services/T0/B0/secret"];

    [Fact]
    public async Task The_message_is_text_channel_and_name()
    {
        var (_, body) = await SendAsync(
            Pushes.Create(),
            options => (options.Channel, options.Username) = ("vip", "seg")
        );

        body.ShouldBe(
            """{"text":"u1 entered at-risk-vip at 2020-01-31T12:00:00.000Z.","channel":"vip","username":"seg"}"""
        );
    }

    [Fact]
    public async Task A_push_may_name_its_template_and_its_channel()
    {
        var push = Pushes.Create(options: """{ "template": "hello", "channel": "#shouts" }""");

        var (_, body) = await SendAsync(push, options => options.Channel = "vip");

        body.ShouldBe("""{"text":"Hello Ann","channel":"#shouts"}""");
    }

    [Theory]
    [InlineData(200, "ok", DeliveryOutcome.Delivered)]
    [InlineData(200, "ok\n", DeliveryOutcome.Delivered)]
    [InlineData(200, """{"success":true}""", DeliveryOutcome.Delivered)]
    [InlineData(200, """{"ok":true}""", DeliveryOutcome.Delivered)]
    [InlineData(200, """{"success":false,"error":"x"}""", DeliveryOutcome.Rejected)]
    [InlineData(200, "<html>Welcome</html>", DeliveryOutcome.Unknown)]
    [InlineData(200, "{}", DeliveryOutcome.Unknown)]
    [InlineData(200, "", DeliveryOutcome.Unknown)]
    [InlineData(
        200,
        """{"success":false,"error":"Invalid integration id or token provided."}""",
        DeliveryOutcome.Rejected
    )]
    [InlineData(400, """{"id":"web.incoming_webhook.channel.app_error","status_code":400}""", DeliveryOutcome.Rejected)]
    [InlineData(403, """{"id":"web.incoming_webhook.permissions.app_error"}""", DeliveryOutcome.Misconfigured)]
    [InlineData(501, """{"id":"web.incoming_webhook.disabled.app_error"}""", DeliveryOutcome.Misconfigured)]
    [InlineData(302, "", DeliveryOutcome.Misconfigured)]
    [InlineData(400, "invalid_payload", DeliveryOutcome.Rejected)]
    [InlineData(400, "no_text", DeliveryOutcome.Rejected)]
    [InlineData(400, "too_many_attachments", DeliveryOutcome.Rejected)]
    [InlineData(403, "action_prohibited", DeliveryOutcome.Misconfigured)]
    [InlineData(403, "invalid_token", DeliveryOutcome.Misconfigured)]
    [InlineData(404, "no_service", DeliveryOutcome.Misconfigured)]
    [InlineData(404, "channel_not_found", DeliveryOutcome.Misconfigured)]
    [InlineData(410, "channel_is_archived", DeliveryOutcome.Misconfigured)]
    [InlineData(429, "ok", DeliveryOutcome.Retry)]
    [InlineData(500, "rollup_error", DeliveryOutcome.Retry)]
    [InlineData(500, "ok", DeliveryOutcome.Unknown)]
    [InlineData(503, "", DeliveryOutcome.Retry)]
    [InlineData(418, "teapot", DeliveryOutcome.Rejected)]
    public async Task Every_answer_has_its_meaning(int status, string text, DeliveryOutcome expected)
    {
        var (result, _) = await SendAsync(Pushes.Create(), reply: new HttpReply(status, text));

        result.Outcome.ShouldBe(expected);
    }

    [Fact]
    public async Task A_wrong_channel_that_the_push_named_is_the_pushes_fault()
    {
        var push = Pushes.Create(options: """{ "channel": "nowhere" }""");

        var (result, _) = await SendAsync(push, reply: new HttpReply(404, "channel_not_found"));

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
    }

    [Fact]
    public async Task The_cut_of_a_long_text_calls_nobody()
    {
        List<string> texts = [];
        for (int pad = 3_985; pad <= 4_000; pad++)
        {
            string profile = $$"""{ "name": "{{new string('a', pad)}} @allXYZzzz" }""";
            var (_, body) = await SendAsync(Pushes.Create(profile, options: """{ "template": "name-only" }"""));
            texts.Add(JsonDocument.Parse(body).RootElement.GetProperty("text").GetString()!);
        }

        texts.ShouldAllBe(text => !text.Contains("@all…") && text.Length <= 4_000);
        texts[3_994 - 3_985].ShouldEndWith(" @al…"); // 4,000 with all of the mention
    }

    [Theory]
    [InlineData("<!channel>", "Hello &lt;!channel&gt;")]
    [InlineData("@everyone", "Hello @\u200Beveryone")]
    [InlineData(
        "[Reset your password](https://evil.example)",
        "Hello [Reset your password]\u200B(https://evil.example)"
    )]
    [InlineData("a\r\nb\u0000", "Hello a\r\nb\u0000")]
    public async Task Hostile_names_are_inert(string name, string expected)
    {
        var (_, body) = await SendAsync(Greeting(name));

        TextOf(body).ShouldBe(expected);
    }

    [Fact]
    public async Task Whatever_customers_are_called_the_message_says_that_and_calls_nobody()
    {
        await using var peer = await HttpPeer.StartAsync(ReplyTo);
        var options = Options($"http://localhost:{peer.Port}");
        options.MaxTextLength = 40_000;
        options.Template = "t";
        var templates = TestServices.Templates(("t", new TemplateOptions { Chat = "[{{profile.name}}]" }));
        var connector = TestServices.Connector(options, TestServices.Create(templates));
        string[] names = [.. NaughtyStrings.All.Where(name => name.Length < 10_000)];

        foreach (string name in names)
        {
            var result = await connector.SendAsync(Pushes.Named(name), CancellationToken.None);
            result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        }

        var texts = peer.Received.Select(push => TextOf(push.Body)).ToList();
        texts.ShouldAllBe(text => !text.Contains('<') && !text.Contains('>'));
        texts.ShouldAllBe(text => !text.Contains("@everyone") && !text.Contains("@channel") && !text.Contains("@here"));
        texts.ShouldAllBe(text => !text.Contains("](") && !text.Contains("][") && !text.Contains("]:"));
        texts.Select(text => Unescaped(text)).ShouldBe(names.Select(name => $"[{name.Replace("\u200B", "")}]"));
    }

    [Fact]
    public async Task A_long_text_is_cut_between_characters()
    {
        const string Family = "👨‍👩‍👧‍👦"; // 11 UTF-16 units that people see as one character

        var (_, body) = await SendAsync(Greeting(string.Concat(Enumerable.Repeat(Family, 4_000))));

        string text = TextOf(body);
        text.Length.ShouldBeInRange(3_990, 4_000);
        text.ShouldStartWith("Hello 👨");
        text.ShouldEndWith(Family + "…");
    }

    [Theory]
    [InlineData("abcd&amp;efg", 12, "abcd&amp;efg")]
    [InlineData("abcd&amp;efg", 11, "abcd&amp;e…")]
    [InlineData("abcd&amp;efg", 10, "abcd&amp;…")]
    [InlineData("abcd&amp;efg", 9, "abcd…")]
    [InlineData("abcd&amp;efg", 6, "abcd…")]
    [InlineData("abcd&lt;efgh", 8, "abcd…")]
    [InlineData("a & b, and more", 9, "a & b, a…")]
    public void A_long_text_is_not_cut_through_an_entity(string text, int length, string expected) =>
        ChatText.Cut(text, length).ShouldBe(expected);

    [Fact]
    public async Task A_text_of_blanks_is_rejected()
    {
        var push = Pushes.Create(profile: """{ "name": "" }""", options: """{ "template": "name-only" }""");

        var (result, _) = await SendAsync(push);

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Detail.ShouldContain("rendered no text");
    }

    [Fact]
    public void Options_are_checked()
    {
        TestServices
            .Errors(
                new SlackOptions
                {
                    Url = new("http://x/y"),
                    MaxTextLength = 1,
                    Template = "nope",
                }
            )
            .Select(error => error.ToString())
            .ShouldBe([
                "connectors.c.template: there is no template 'nope'; there are default",
                "connectors.c.url: is plain http; use https, or set allow-http = true if the way there is private",
                "connectors.c.max-text-length: 1 is outside 100 to 40000",
            ]);
    }

    private protected override HttpConnectorOptions OptionsAt(string origin) => Options(origin);

    private protected override HttpReply Answer(Conduct conduct) => ReplyTo(conduct);

    private static SlackOptions Options(string origin) =>
        new() { Url = new($"{origin}/services/T0/B0/secret"), AllowHttp = true };

    private static HttpReply ReplyTo(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(200, "ok"),
            Conduct.FailForNow => new(503, "try later"),
            Conduct.Refuse => new(400, "invalid_payload"),
            Conduct.LimitRate => new(429, "rate_limited", RetryAfter: "7"),
            Conduct.RefuseCredentials => new(403, "invalid_token"),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };

    private static string Unescaped(string text) =>
        text.Replace("\u200B", "").Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&");

    private static Push Greeting(string name) =>
        Pushes.Of(
            Pushes.Content(
                profile: new System.Text.Json.Nodes.JsonObject { ["name"] = name }.ToJsonString(),
                options: """{ "template": "hello" }"""
            )
        );

    private static string TextOf(string body) =>
        Pushes.Json(System.Text.Encoding.UTF8.GetBytes(body)).GetProperty("text").GetString().ShouldNotBeNull();

    private static async Task<(DeliveryResult Result, string Body)> SendAsync(
        Push push,
        Action<SlackOptions>? configure = null,
        HttpReply? reply = null
    )
    {
        await using var peer = await HttpPeer.StartAsync(ReplyTo);
        peer.Reply = reply;
        var options = Options($"http://localhost:{peer.Port}");
        configure?.Invoke(options);
        var templates = TestServices.Templates(
            ("hello", new TemplateOptions { Chat = "Hello {{profile.name}}" }),
            ("name-only", new TemplateOptions { Chat = "{{profile.name}} " })
        );
        var connector = TestServices.Connector(options, TestServices.Create(templates));
        var result = await connector.SendAsync(push, CancellationToken.None);
        return (result, peer.Received is [.., var last] ? last.Body : "");
    }
}
