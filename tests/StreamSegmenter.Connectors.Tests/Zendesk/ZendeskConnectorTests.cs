using System.Text;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Helpdesk;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Zendesk;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Zendesk;

public sealed class ZendeskConnectorTests : HelpdeskConformance
{
    public override string ConnectorType => "zendesk";

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
                "priority":"high","tags":["vip","segment","push-0123456789abcdef01234567"],
                "external_id":"THREAD",
                "requester":{"name":"Ann","email":"ann@example.com"}}}
                """.ReplaceLineEndings("").Replace("THREAD", Thread)
            );
    }

    [Fact]
    public async Task An_update_keeps_the_tags_and_undoes_no_change()
    {
        await using var peer = await HttpPeer.StartAsync(ReplyTo);
        peer.Lookup = request => request.Method == "GET" ? Found(isOpen: true, "push-other") : null;
        var connector = TestServices.Connector(Options($"http://localhost:{peer.Port}"));

        var taken = await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        peer.Reply = new(409, """{"error":"UpdateConflict"}""");
        var overtaken = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        peer.Requests[0].Query.ShouldBe($"?external_id={Thread}");
        Encoding
            .UTF8.GetString(peer.Requests[1].Body)
            .ShouldBe(
                """
                {"ticket":{"comment":{"body":"u1 entered at-risk-vip at 2020-01-31T12:00:00.000Z.","public":false},
                "tags":["push-other","push-0123456789abcdef01234567"],
                "safe_update":true,"updated_stamp":"2020-01-30T00:00:00Z"}}
                """.ReplaceLineEndings("")
            );
        taken.Outcome.ShouldBe(DeliveryOutcome.Delivered, taken.Detail);
        overtaken.Outcome.ShouldBe(DeliveryOutcome.Retry, overtaken.Detail);
    }

    [Fact]
    public async Task A_key_with_another_body_is_rejected_and_one_that_is_known_delivered()
    {
        var (known, _) = await SendAsync(Pushes.Create(), reply: new HttpReply(201, """{"ticket":{"id":1}}"""));
        var (other, _) = await SendAsync(
            Pushes.Create(),
            reply: new HttpReply(
                400,
                """
                {"error":"IdempotentRequestError",
                 "description":"Request parameters don't match the given idempotency key"}
                """
            )
        );

        known.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        other.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        other.Detail.ShouldContain("An earlier attempt was taken with other content");
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
        peer.Lookup = NoTicketsFor;
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

        peer.Requests.Where(request => NoTicketsFor(request) is null)
            .Select(request =>
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
                "connectors.c.priority: there is no priority 'critical'; there are urgent, high, normal, low",
                "connectors.c.tags: 'a b' is no tag: a tag is not empty and holds no blanks",
                "connectors.c.email: is needed with api-token",
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

    private protected override HttpReply FoundNothing => NoTickets;

    private protected override HttpReply Found(bool isOpen, string mark) =>
        new(
            200,
            $$"""
            {"tickets":[{"id":7,"status":"{{(isOpen ? "pending" : "closed")}}","tags":["{{mark}}"],
              "updated_at":"2020-01-30T00:00:00Z"}]}
            """
        );

    private protected override bool IsUpdate(HttpRequestSeen request) =>
        request is { Method: "PUT", Path: "/api/v2/tickets/7" };

    private static HttpReply NoTickets => new(200, """{"tickets":[]}""");

    private static HttpReply? NoTicketsFor(HttpRequestSeen request) => request.Method == "GET" ? NoTickets : null;

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
        peer.Lookup = NoTicketsFor;
        var options = Options($"http://localhost:{peer.Port}");
        configure?.Invoke(options);
        var result = await TestServices.Connector(options).SendAsync(push, CancellationToken.None);
        return (result, peer.Requests.Single(request => NoTicketsFor(request) is null));
    }
}
