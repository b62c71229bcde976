using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Teams;
using StreamSegmenter.Connectors.Tests.Chat;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Teams;

public sealed class TeamsWorkflowTests : ChatConformance
{
    public override string ConnectorType => "teams";

    protected override IReadOnlyList<string> Secrets => ["/workflows/1/triggers/manual?sig=s3cret"];

    [Fact]
    public async Task The_card_has_a_title_and_a_block_for_each_line()
    {
        var (_, request) = await PostAsync(
            Pushes.Named("Ann\r\n\n**Bob** [x](https://evil.example)"),
            services: Services
        );

        var card = request.ShouldNotBeNull().Json.GetProperty("attachments")[0];
        card.GetProperty("contentType").GetString().ShouldBe("application/vnd.microsoft.card.adaptive");
        card.GetProperty("content")
            .GetProperty("body")
            .EnumerateArray()
            .Select(block => $"{block.GetProperty("type")}: {block.GetProperty("inlines")[0].GetProperty("text")}")
            .ShouldBe([
                "RichTextBlock: VIP",
                "RichTextBlock: Hello Ann",
                "RichTextBlock: **Bob** [x](https://evil.example)",
            ]);
    }

    [Fact]
    public async Task A_card_never_gets_too_large()
    {
        var (_, request) = await PostAsync(
            Pushes.Named(new string('語', 20_000)),
            configure: options => ((TeamsOptions)options).MaxTextLength = 20_000,
            services: Services
        );

        request.ShouldNotBeNull().Body.Length.ShouldBeInRange(20_000, 28 * 1024);
    }

    [Theory]
    [InlineData(202, "", DeliveryOutcome.Delivered)]
    [InlineData(200, "1", DeliveryOutcome.Delivered)]
    [InlineData(200, """{"id":"x"}""", DeliveryOutcome.Delivered)]
    [InlineData(200, "<html>", DeliveryOutcome.Unknown)]
    [InlineData(
        200,
        "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x",
        DeliveryOutcome.Retry
    )]
    [InlineData(200, "Microsoft Teams endpoint returned HTTP error 413", DeliveryOutcome.Rejected)]
    [InlineData(400, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", DeliveryOutcome.Rejected)]
    [InlineData(401, """{"error":{"code":"DirectApiAuthorizationRequired"}}""", DeliveryOutcome.Misconfigured)]
    [InlineData(404, """{"error":{"code":"WorkflowNotFound"}}""", DeliveryOutcome.Misconfigured)]
    [InlineData(429, "", DeliveryOutcome.Retry)]
    [InlineData(502, "", DeliveryOutcome.Unknown)]
    public async Task Every_answer_has_its_meaning(int status, string body, DeliveryOutcome expected)
    {
        var (result, _) = await PostAsync(Pushes.Create(), new HttpReply(status, body));

        result.Outcome.ShouldBe(expected, result.Detail);
    }

    // A card calls those that its "msteams" lists as entities, and nobody else.
    private protected override void ShouldCallNobody(HttpRequestSeen request, string name) =>
        request
            .Json.GetProperty("attachments")[0]
            .GetProperty("content")
            .TryGetProperty("msteams", out _)
            .ShouldBeFalse();

    private protected override HttpConnectorOptions OptionsAt(string origin) =>
        new TeamsOptions { Url = new($"{origin}/workflows/1/triggers/manual?sig=s3cret"), AllowHttp = true };

    private protected override string Shown(JsonElement body) =>
        string.Join(
            '\n',
            body.GetProperty("attachments")[0]
                .GetProperty("content")
                .GetProperty("body")
                .EnumerateArray()
                .Select(block => block.GetProperty("inlines")[0])
                .Where(run => !run.TryGetProperty("weight", out _))
                .Select(run => run.GetProperty("text").GetString())
        );

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
