using System.Text.Json;
using System.Text.RegularExpressions;
using StreamSegmenter.Connectors.Discord;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Tests.Chat;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Discord;

public sealed partial class DiscordWebhookTests : ChatConformance
{
    public override string ConnectorType => "discord";

    protected override IReadOnlyList<string> Secrets => ["/api/webhooks/1/t0ken"];

    [Fact]
    public async Task The_message_notifies_nobody_and_asks_for_confirmation()
    {
        var (_, request) = await PostAsync(
            Pushes.Named("Ann"),
            configure: options => ((DiscordOptions)options).Username = "seg",
            services: Services
        );

        request.ShouldNotBeNull().Query.ShouldBe("?wait=true");
        request
            .Json.GetRawText()
            .ShouldBe("""{"content":"Hello Ann","username":"seg","allowed_mentions":{"parse":[]}}""");
    }

    [Fact]
    public async Task The_address_may_name_a_thread()
    {
        var (_, request) = await PostAsync(
            Pushes.Create(),
            configure: options => options.Url = new(options.Url.Reveal() + "?thread_id=5")
        );

        request.ShouldNotBeNull().Query.ShouldBe("?thread_id=5&wait=true");
    }

    [Theory]
    [InlineData("[click](https://evil.example)", @"\[click\]\(https\://evil.example\)")]
    [InlineData("**x** __y__ `z` ~~w~~ ||v||", @"\*\*x\*\* \_\_y\_\_ \`z\` \~\~w\~\~ \|\|v\|\|")]
    [InlineData("<@1> <#2>", @"\<\@1\> \<\#2\>")]
    public async Task A_name_is_no_markdown(string name, string written)
    {
        var (_, request) = await PostAsync(Pushes.Named(name), services: Services);

        request.ShouldNotBeNull().Json.GetProperty("content").GetString().ShouldBe($"Hello {written}");
    }

    [Fact]
    public async Task The_wait_is_read_from_the_body_with_its_fraction()
    {
        var (result, _) = await PostAsync(
            Pushes.Create(),
            new HttpReply(429, """{"message":"You are being rate limited.","retry_after":1.337,"global":false}""", "2")
        );

        result.Outcome.ShouldBe(DeliveryOutcome.Retry);
        result.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1.337));
    }

    [Theory]
    [InlineData(200, """{"id":"1"}""", DeliveryOutcome.Delivered)]
    [InlineData(204, "", DeliveryOutcome.Delivered)]
    [InlineData(200, "", DeliveryOutcome.Unknown)]
    [InlineData(200, "{\"status\":429}", DeliveryOutcome.Unknown)]
    [InlineData(200, "{\"ok\":false}", DeliveryOutcome.Unknown)]
    [InlineData(200, "[]", DeliveryOutcome.Unknown)]
    [InlineData(400, """{"code":50035,"message":"Invalid Form Body"}""", DeliveryOutcome.Rejected)]
    [InlineData(401, """{"code":50027,"message":"Invalid Webhook Token"}""", DeliveryOutcome.Misconfigured)]
    [InlineData(404, """{"code":10015,"message":"Unknown Webhook"}""", DeliveryOutcome.Misconfigured)]
    [InlineData(500, "", DeliveryOutcome.Unknown)]
    [InlineData(503, "", DeliveryOutcome.Retry)]
    public async Task Every_answer_has_its_meaning(int status, string body, DeliveryOutcome expected)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(status, body));

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    private protected override HttpConnectorOptions OptionsAt(string origin) =>
        new DiscordOptions { Url = new($"{origin}/api/webhooks/1/t0ken"), AllowHttp = true };

    private protected override string Shown(JsonElement body) =>
        Escape().Replace(body.GetProperty("content").GetString()!, "${shown}");

    private protected override HttpReply Answer(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(200, """{"id":"1"}"""),
            Conduct.FailForNow => new(503),
            Conduct.Refuse => new(400, """{"code":50035}"""),
            Conduct.LimitRate => new(429, """{"retry_after":7.0}""", RetryAfter: "8"),
            Conduct.RefuseCredentials => new(401),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };

    // Discord shows what follows a backslash as it is, unless that is a letter, a digit or a blank.
    [GeneratedRegex(@"\\(?<shown>[^0-9A-Za-z\s])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Escape();
}
