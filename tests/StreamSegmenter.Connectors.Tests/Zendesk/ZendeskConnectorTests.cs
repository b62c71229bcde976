using System.Text;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Zendesk;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Zendesk;

public sealed class ZendeskConnectorTests : HttpConnectorConformance
{
    protected override string KeyHeader => "Idempotency-Key";

    protected override IReadOnlyList<string> Secrets => ["t0ken", Base64("bot@example.com/token:t0ken")];

    [Fact]
    public async Task The_request_creates_a_ticket()
    {
        var (result, request) = await SendAsync(
            Pushes.Create(),
            options =>
            {
                options.Priority = "high";
                options.Tags = ["vip", "segment"];
            }
        );

        result.ShouldBe(DeliveryResult.Delivered);
        request.Path.ShouldBe("/api/v2/tickets");
        request.Headers["content-type"].ShouldBe("application/json");
        request.Headers["idempotency-key"].ShouldBe(Pushes.Id);
        request.Headers["authorization"].ShouldBe("Basic " + Base64("bot@example.com/token:t0ken"));
        Encoding
            .UTF8.GetString(request.Body)
            .ShouldBe(
                """
                {"ticket":{"subject":"at-risk-vip: u1 entered",
                "comment":{"body":"u1 entered at-risk-vip at 2020-01-31T12:00:00.000Z.","public":false},
                "priority":"high","tags":["vip","segment"],
                "external_id":"0123456789abcdef0123456789abcdef",
                "requester":{"name":"Ann","email":"ann@example.com"}}}
                """.ReplaceLineEndings("")
            );
    }

    [Fact]
    public async Task A_bearer_token_takes_the_place_of_the_api_token()
    {
        var (_, request) = await SendAsync(
            Pushes.Create(),
            options => (options.Email, options.ApiToken, options.BearerToken) = (null, null, new Secret("b34rer"))
        );

        request.Headers["authorization"].ShouldBe("Bearer b34rer");
    }

    [Theory]
    [InlineData("""{ "name": "Ann" }""", null)]
    [InlineData("""{ "name": "Ann", "email": "not an address" }""", null)]
    [InlineData("""{ "email": "ann@example.com" }""", """{"name":"ann@example.com","email":"ann@example.com"}""")]
    [InlineData("""{ "email": "ann@example.com", "name": "A\r\nB" }""", """{"name":"A B","email":"ann@example.com"}""")]
    public async Task A_requester_needs_an_address(string profile, string? expected)
    {
        var (result, request) = await SendAsync(Pushes.Create(profile));

        result.ShouldBe(DeliveryResult.Delivered);
        var ticket = Pushes.Json(request.Body).GetProperty("ticket");
        (ticket.TryGetProperty("requester", out var requester) ? requester.GetRawText() : null).ShouldBe(expected);
    }

    [Fact]
    public async Task A_push_may_set_its_priority()
    {
        var (_, request) = await SendAsync(
            Pushes.Create(options: """{ "priority": "urgent" }"""),
            options => options.Priority = "low"
        );

        Pushes.Json(request.Body).GetProperty("ticket").GetProperty("priority").GetString().ShouldBe("urgent");
    }

    [Theory]
    [InlineData(200, """{"ticket":{}}""", DeliveryOutcome.Delivered)]
    [InlineData(201, """ {"ticket":{}}""", DeliveryOutcome.Delivered)]
    [InlineData(200, "<html>Log in</html>", DeliveryOutcome.Unknown)]
    [InlineData(201, "", DeliveryOutcome.Unknown)]
    [InlineData(302, "", DeliveryOutcome.Misconfigured)]
    [InlineData(400, """{"error":"IdempotentRequestError"}""", DeliveryOutcome.Rejected)]
    [InlineData(400, "", DeliveryOutcome.Rejected)]
    [InlineData(401, """{"error":"Couldn't authenticate you"}""", DeliveryOutcome.Misconfigured)]
    [InlineData(403, "", DeliveryOutcome.Misconfigured)]
    [InlineData(404, "No help desk at nowhere.zendesk.com", DeliveryOutcome.Misconfigured)]
    [InlineData(409, "", DeliveryOutcome.Retry)]
    [InlineData(413, "", DeliveryOutcome.Rejected)]
    [InlineData(422, """{"error":"RecordInvalid"}""", DeliveryOutcome.Rejected)]
    [InlineData(429, "Number of allowed API requests per minute exceeded", DeliveryOutcome.Retry)]
    [InlineData(500, "", DeliveryOutcome.Retry)]
    [InlineData(503, "", DeliveryOutcome.Retry)]
    public async Task Every_answer_has_its_meaning(int status, string body, DeliveryOutcome expected)
    {
        var (result, _) = await SendAsync(Pushes.Create(), reply: new HttpReply(status, body));

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    [Fact]
    public async Task Whatever_customers_are_called_the_ticket_says_exactly_that()
    {
        await using var peer = await HttpPeer.StartAsync(ReplyTo);
        var templates = TestServices.Templates(
            ("t", new TemplateOptions { Subject = "{{profile.name}}", Text = "<{{profile.name}}>" })
        );
        var options = Options($"http://localhost:{peer.Port}");
        options.Template = "t";
        var connector = TestServices.Connector(options, TestServices.Create(templates));
        string[] names = [.. NaughtyStrings.All.Where(name => name.Length > 0)];

        foreach (string name in names)
        {
            var result = await connector.SendAsync(Pushes.Named(name), CancellationToken.None);
            result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        }

        peer.Requests.Select(request =>
                Pushes.Json(request.Body).GetProperty("ticket").GetProperty("comment").GetProperty("body").GetString()
            )
            .ShouldBe(names.Select(name => $"<{name}>"));
    }

    [Fact]
    public void Options_are_checked()
    {
        var errors = TestServices.Errors(
            new ZendeskOptions
            {
                Url = new("https://example.zendesk.com"),
                ApiToken = new("t"),
                Priority = "critical",
                Tags = ["a b"],
            }
        );

        errors
            .Select(error => error.ToString())
            .ShouldBe([
                "connectors.c.email: is needed with api-token",
                "connectors.c.priority: there is no priority 'critical'; there are urgent, high, normal, low",
                "connectors.c.tags: 'a b' is no tag: a tag is not empty and holds no blanks",
            ]);
    }

    [Fact]
    public void Exactly_one_way_to_log_in_is_needed()
    {
        var none = new ZendeskOptions { Url = new("https://example.zendesk.com") };
        var both = new ZendeskOptions
        {
            Url = new("https://example.zendesk.com"),
            Email = "a@example.com",
            ApiToken = new("t"),
            BearerToken = new("t"),
        };

        TestServices.Errors(none).ShouldHaveSingleItem().Key.ShouldBe("connectors.c.api-token");
        TestServices.Errors(both).ShouldHaveSingleItem().Key.ShouldBe("connectors.c.api-token");
    }

    [Fact]
    public void The_priority_of_a_push_is_checked_at_start()
    {
        var push = new Dictionary<string, string>(StringComparer.Ordinal) { ["priority"] = "asap" };

        new ConnectorFactory(TestServices.Create())
            .CheckPush("segments.vip.on-enter[1]", push, new ZendeskOptions())
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                "segments.vip.on-enter[1].priority: there is no priority 'asap'; there are urgent, high, normal, low"
            );
    }

    private protected override HttpConnectorOptions OptionsAt(string origin) => Options(origin);

    private protected override HttpReply Answer(Conduct conduct) => ReplyTo(conduct);

    private static ZendeskOptions Options(string origin) =>
        new()
        {
            Url = new($"{origin}/"),
            AllowHttp = true,
            Email = "bot@example.com",
            ApiToken = new("t0ken"),
        };

    private static HttpReply ReplyTo(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(201, """{"ticket":{"id":35436}}"""),
            Conduct.FailForNow => new(503),
            Conduct.Refuse => new(422, """{"error":"RecordInvalid"}"""),
            Conduct.LimitRate => new(429, RetryAfter: "7"),
            Conduct.RefuseCredentials => new(401, """{"error":"Couldn't authenticate you"}"""),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<(DeliveryResult Result, HttpRequestSeen Request)> SendAsync(
        Push push,
        Action<ZendeskOptions>? configure = null,
        HttpReply? reply = null
    )
    {
        await using var peer = await HttpPeer.StartAsync(ReplyTo);
        peer.Reply = reply;
        var options = Options($"http://localhost:{peer.Port}");
        configure?.Invoke(options);
        var result = await TestServices.Connector(options).SendAsync(push, CancellationToken.None);
        return (result, peer.Requests.ShouldHaveSingleItem());
    }
}
