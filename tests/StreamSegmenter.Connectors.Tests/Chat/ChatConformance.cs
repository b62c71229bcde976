using System.Text;
using System.Text.Json;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Chat;

/// <summary>What holds for every chat system besides: names call nobody, and long texts are cut.</summary>
public abstract class ChatConformance : HttpConnectorConformance
{
    protected override bool HasKey => false;

    private protected static ConnectorServices Services =>
        TestServices.Create(
            TestServices.Templates(
                ("default", new TemplateOptions { Subject = "VIP", Text = "Hello {{profile.name}}" }),
                ("bare", new TemplateOptions { Text = "{{profile.name}} " })
            )
        );

    /// <summary>What people read, with the system's escapes undone.</summary>
    private protected abstract string Shown(JsonElement body);

    [Fact]
    public async Task People_read_what_the_template_says()
    {
        var (result, request) = await PostAsync(Pushes.Named("Zoë & Söhne 😀"), services: Services);

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        Shown(request.ShouldNotBeNull().Json).ShouldBe("Hello Zoë & Söhne 😀");
    }

    [Theory]
    [InlineData("@everyone")]
    [InlineData("@here")]
    [InlineData("@channel")]
    [InlineData("@all")]
    [InlineData("<!channel>")]
    [InlineData("<@U123>")]
    public async Task A_name_calls_nobody(string name)
    {
        var (_, request) = await PostAsync(Pushes.Named(name), services: Services);

        ShouldCallNobody(request.ShouldNotBeNull(), name);
    }

    private protected virtual void ShouldCallNobody(HttpRequestSeen request, string name) =>
        Encoding.UTF8.GetString(request.Body).ShouldNotContain(name);

    [Fact]
    public async Task A_long_text_is_cut()
    {
        int length = ((ChatOptions)OptionsAt("http://localhost")).MaxTextLength;

        var (result, request) = await PostAsync(Pushes.Named(new string('é', 40_000)), services: Services);

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        string shown = Shown(request.ShouldNotBeNull().Json);
        shown.Length.ShouldBe(length);
        shown.ShouldEndWith("é…");
    }

    [Fact]
    public async Task A_text_of_blanks_is_rejected()
    {
        var push = Pushes.Create(profile: """{ "name": "" }""", options: """{ "template": "bare" }""");

        var (result, request) = await PostAsync(push, services: Services);

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Detail.ShouldContain("rendered no text");
        request.ShouldBeNull();
    }
}
