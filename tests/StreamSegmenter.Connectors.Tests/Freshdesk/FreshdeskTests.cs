using StreamSegmenter.Connectors.Freshdesk;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Helpdesk;
using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.Freshdesk;

public sealed class FreshdeskTests : HelpdeskConformance
{
    public override string ConnectorType => "freshdesk";

    protected override bool HasKey => false;

    protected override IReadOnlyList<string> Secrets => ["apik3y", "YXBpazN5Olg="];

    [Fact]
    public async Task The_request_creates_a_ticket()
    {
        var services = TestServices.Create(
            TestServices.Templates(("default", new TemplateOptions { Subject = "VIP", Text = "<{{profile.name}}>\nx" }))
        );

        var (_, request) = await PostAsync(
            Pushes.Named("Ann & \"Bob\""),
            configure: options => ((FreshdeskOptions)options).Tags = ["vip"],
            services: services
        );

        request.ShouldNotBeNull().Path.ShouldBe("/api/v2/tickets");
        request.Headers["Authorization"].ShouldBe("Basic YXBpazN5Olg="); // base64 of apik3y:X
        var json = request.Json;
        json.GetProperty("email").GetString().ShouldBe("ann@example.com");
        json.GetProperty("name").GetString().ShouldBe("Ann & \"Bob\"");
        json.GetProperty("subject").GetString().ShouldBe("VIP");
        json.GetProperty("description").GetString().ShouldBe("<div>&lt;Ann &amp; &quot;Bob&quot;&gt;<br>x</div>");
        json.GetProperty("status").GetInt32().ShouldBe(2);
        json.GetProperty("priority").GetInt32().ShouldBe(2);
        json.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe([Thread, "vip", Mark]);
        json.GetProperty("tags").EnumerateArray().ShouldAllBe(tag => tag.GetString()!.Length <= 32);
    }

    [Fact]
    public async Task A_customer_without_an_address_is_named_by_id()
    {
        var (_, request) = await PostAsync(Pushes.Create("""{ "x": 1 }"""));

        request.ShouldNotBeNull().Json.GetProperty("unique_external_id").GetString().ShouldBe("u1");
    }

    [Theory]
    [InlineData("low", 1)]
    [InlineData("normal", 2)]
    [InlineData("high", 3)]
    [InlineData("urgent", 4)]
    public async Task Priorities_are_numbers(string priority, int number)
    {
        var (_, request) = await PostAsync(Pushes.Create(options: $$"""{ "priority": "{{priority}}" }"""));

        request.ShouldNotBeNull().Json.GetProperty("priority").GetInt32().ShouldBe(number);
    }

    [Fact]
    public void Options_are_checked() =>
        TestServices
            .Errors(new FreshdeskOptions { Url = new("https://example.freshdesk.com"), Tags = [new string('x', 33)] })
            .Select(error => error.ToString())
            .ShouldBe([
                "connectors.c.api-key: needs the API key of an agent",
                $"connectors.c.tags: '{new string('x', 33)}' is longer than 32 characters",
            ]);

    private protected override HttpReply FoundNothing => new(200, """{"total":0,"results":[]}""");

    private protected override HttpReply Found(bool isOpen, string mark) =>
        new(
            200,
            $$"""{"total":1,"results":[{"id":7,"status":{{(isOpen ? 3 : 4)}},"tags":["{{Thread}}","{{mark}}"]}]}"""
        );

    private protected override bool IsUpdate(HttpRequestSeen request) =>
        request is { Method: "PUT", Path: "/api/v2/tickets/7" };

    private protected override HttpConnectorOptions OptionsAt(string origin) =>
        new FreshdeskOptions
        {
            Url = new(origin),
            AllowHttp = true,
            ApiKey = new("apik3y"),
        };

    private protected override HttpReply Answer(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(201, """{"id":7}"""),
            Conduct.FailForNow => new(503),
            Conduct.Refuse => new(400, """{"description":"Validation failed"}"""),
            Conduct.LimitRate => new(429, RetryAfter: "7"),
            Conduct.RefuseCredentials => new(401, """{"code":"invalid_credentials"}"""),
            Conduct.TakeAndBabble => new(200, "<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };
}
