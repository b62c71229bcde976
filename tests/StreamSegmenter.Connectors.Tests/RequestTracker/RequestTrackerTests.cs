using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.RequestTracker;
using StreamSegmenter.Connectors.Tests.Helpdesk;
using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.RequestTracker;

public sealed class RequestTrackerTests : HelpdeskConformance
{
    public override string ConnectorType => "request-tracker";

    protected override bool HasKey => false;

    protected override IReadOnlyList<string> Secrets => ["1-14-t0ken"];

    [Fact]
    public void Options_are_checked() =>
        TestServices
            .Errors(
                new RequestTrackerOptions
                {
                    Url = new("https://rt.example.com"),
                    Queue = "a' OR 1=1",
                    Tags = ["x"],
                    Username = "me",
                }
            )
            .Select(error => error.ToString())
            .ShouldBe([
                "connectors.c.queue: needs the name of a queue, without quotes, braces, backslashes",
                "connectors.c.external-id-field: needs the name of a custom field, without quotes, braces, backslashes",
                "connectors.c.tags-field: is needed with tags",
                "connectors.c.token: give either token, or username and password",
            ]);

    private protected override HttpReply FoundNothing => new(200, """{"total":0,"items":[]}""");

    private protected override HttpReply Found(bool isOpen, string mark) =>
        new(
            200,
            $$"""
            {"items":[{"id":"7","type":"ticket","Status":"{{(isOpen ? "open" : "resolved")}}",
              "CustomFields":[{"id":"1","name":"Push","values":["{{Thread}} {{mark}}"]}]}]}
            """
        );

    private protected override bool IsUpdate(HttpRequestSeen request) =>
        request is { Method: "POST", Path: "/REST/2.0/ticket/7/comment" };

    private protected override HttpConnectorOptions OptionsAt(string origin) =>
        new RequestTrackerOptions
        {
            Url = new(origin),
            AllowHttp = true,
            Token = new("1-14-t0ken"),
            Queue = "VIP",
            ExternalIdField = "Push",
        };

    private protected override HttpReply Answer(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(201, """{"id":"7","type":"ticket"}"""),
            Conduct.FailForNow => new(503),
            Conduct.Refuse => new(400, """{"message":"Could not create ticket"}"""),
            Conduct.LimitRate => new(429, RetryAfter: "7"),
            Conduct.RefuseCredentials => new(401),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };
}
