using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.SendGrid;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.SendGrid;

public sealed class SendGridTests : HttpConnectorConformance
{
    public override string ConnectorType => "sendgrid";

    protected override bool HasKey => false;

    protected override IReadOnlyList<string> Secrets => ["SG.k3y"];

    [Fact]
    public async Task The_request_is_one_mail()
    {
        var template = new TemplateOptions
        {
            Subject = "Hi {{profile.name}}",
            Text = "t",
            Html = "<p>{{profile.name}}</p>",
        };

        var (result, request) = await PostAsync(
            Pushes.Named("Ann & Bob\r\nBcc: x"),
            configure: options =>
            {
                var mail = (SendGridOptions)options;
                mail.ReplyTo = "help@example.com";
                mail.UnsubscribeUrl = "https://example.com/out?id={{push.id}}&n={{profile.name}}";
            },
            services: TestServices.Create(TestServices.Templates(("default", template)))
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        request.ShouldNotBeNull().Headers["Authorization"].ShouldBe("Bearer SG.k3y");
        request
            .Json.GetRawText()
            .ShouldBe(
                $$$"""
                {"personalizations":[{"to":[{"email":"ann@example.com"}],"custom_args":{"push_id":"{{{Pushes.Id}}}"}}],
                "from":{"email":"shop@example.com","name":"Shop"},"reply_to":{"email":"help@example.com"},
                "subject":"Hi Ann & Bob Bcc: x","content":[{"type":"text/plain","value":"t"},
                {"type":"text/html","value":"<p>Ann &amp; Bob\r\nBcc: x</p>"}],
                "headers":{"List-Unsubscribe":
                "<https://example.com/out?id={{{Pushes.Id}}}&n=Ann%20%26%20Bob%0D%0ABcc%3A%20x>",
                "List-Unsubscribe-Post":"List-Unsubscribe=One-Click"}}
                """.ReplaceLineEndings("")
            );
    }

    [Theory]
    [InlineData("""{ "name": "Ann" }""", "has no address")]
    [InlineData("""{ "name": "Ann", "email": "a@b\r\nx" }""", "no address that mail can be sent to")]
    public async Task A_customer_without_an_address_is_rejected(string profile, string reason)
    {
        var (result, request) = await PostAsync(Pushes.Create(profile));

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Detail.ShouldContain(reason);
        request.ShouldBeNull();
    }

    [Theory]
    [InlineData(202, "", DeliveryOutcome.Delivered)]
    [InlineData(200, "<html>", DeliveryOutcome.Unknown)]
    [InlineData(200, "{\"message\":\"success\",\"errors\":[]}", DeliveryOutcome.Delivered)]
    [InlineData(200, "{\"status\":429}", DeliveryOutcome.Unknown)]
    [InlineData(200, "{\"ok\":false}", DeliveryOutcome.Unknown)]
    [InlineData(200, "{\"errors\":[{\"message\":\"no\"}]}", DeliveryOutcome.Unknown)]
    [InlineData(400, """{"errors":[{"message":"Bad Request"}]}""", DeliveryOutcome.Rejected)]
    [InlineData(401, """{"errors":[{"message":"authorization grant is invalid"}]}""", DeliveryOutcome.Misconfigured)]
    [InlineData(403, """{"errors":[{"message":"not a verified Sender Identity"}]}""", DeliveryOutcome.Misconfigured)]
    [InlineData(413, "", DeliveryOutcome.Rejected)]
    [InlineData(429, "", DeliveryOutcome.Retry)]
    [InlineData(500, "", DeliveryOutcome.Unknown)]
    [InlineData(503, "", DeliveryOutcome.Retry)]
    public async Task Every_answer_has_its_meaning(int status, string body, DeliveryOutcome expected)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(status, body));

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    [Theory]
    [InlineData("http://example.com/x")]
    [InlineData("https://{{profile.name}}/x")]
    [InlineData("mailto:x@example.com")]
    public void An_address_to_unsubscribe_at_is_checked(string url) =>
        TestServices
            .Errors(
                new SendGridOptions
                {
                    ApiKey = new("k"),
                    From = "a@example.com",
                    UnsubscribeUrl = url,
                }
            )
            .ShouldHaveSingleItem()
            .Key.ShouldBe("connectors.c.unsubscribe-url");

    [Theory]
    [InlineData("{}", "service")]
    [InlineData("""{ "purpose": "news" }""", "news")]
    public async Task A_link_to_a_node_unsubscribes_from_what_the_mail_is_for(string options, string purpose)
    {
        UnsubscribeTokens tokens = new("a secret of this test");
        const string link = "https://events.example.com/v1/unsubscribe/{{unsubscribe.token}}";
        var template = new TemplateOptions { Subject = "s", Text = $"No more: {link}" };

        var (result, request) = await PostAsync(
            Pushes.Create(options: options),
            configure: mail => ((SendGridOptions)mail).UnsubscribeUrl = link,
            services: new()
            {
                Templates = TestServices.Templates(("default", template)),
                Time = TimeProvider.System,
                Output = TextWriter.Null,
                Unsubscribe = tokens,
            }
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        string expected = $"https://events.example.com/v1/unsubscribe/{tokens.Make(new(new("u1"), "email", purpose))}";
        var mail = request.ShouldNotBeNull().Json;
        mail.GetProperty("headers").GetProperty("List-Unsubscribe").GetString().ShouldBe($"<{expected}>");
        mail.GetProperty("content")[0].GetProperty("value").GetString().ShouldBe($"No more: {expected}");
    }

    [Fact]
    public void A_token_needs_somebody_who_makes_it() =>
        TestServices
            .Errors(
                new SendGridOptions
                {
                    ApiKey = new("k"),
                    From = "a@example.com",
                    UnsubscribeUrl = "https://example.com/{{unsubscribe.token}}",
                }
            )
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldContain("unsubscribe-url: needs unsubscribe.secret");

    private protected override HttpConnectorOptions OptionsAt(string origin) =>
        new SendGridOptions
        {
            Url = new($"{origin}/v3/mail/send"),
            AllowHttp = true,
            ApiKey = new("SG.k3y"),
            From = "Shop <shop@example.com>",
        };

    private protected override HttpReply Answer(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(202),
            Conduct.FailForNow => new(503),
            Conduct.Refuse => new(400),
            Conduct.LimitRate => new(429, RetryAfter: "7"),
            Conduct.RefuseCredentials => new(401),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };
}
