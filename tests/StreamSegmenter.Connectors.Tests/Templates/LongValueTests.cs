using System.Text.Json.Nodes;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Templates;

/// <summary>No customer can keep a push from being rendered by what a trait holds.</summary>
public sealed class LongValueTests
{
    private const int Length = 32 * 1024;

    // Whatever any place gives a meaning to is among them.
    private static readonly IEnumerable<char> Characters = Enumerable.Range(0, 128).Select(c => (char)c).Append('é');

    public static TheoryData<TemplatePart> Parts => [.. Enum.GetValues<TemplatePart>()];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_long_value_of_any_character_is_rendered(TemplatePart part)
    {
        string source = part is TemplatePart.Json or TemplatePart.Blocks ? "\"{{profile.name}}\"" : "a{{profile.name}}";
        var errors = new OptionErrors("c");
        var compiled = TestServices.Templates().Compile(part, source, "text", errors);
        errors.All.ShouldBeEmpty();

        foreach (char c in Characters)
        {
            PushPayload.TryParse(Pushes.Named(new string(c, Length)), out var payload, out _).ShouldBeTrue();
            using (payload)
            {
                compiled
                    .ShouldNotBeNull()
                    .TryRender("p", payload.Root, out string? text, out var refusal, CancellationToken.None)
                    .ShouldBeTrue(refusal?.Detail);
                bool isOneLine = part == TemplatePart.Subject && SingleLine.Of($"a{c}").Length == 1;
                text.ShouldNotBeNull().Length.ShouldBeGreaterThan(isOneLine ? 0 : Length);
            }
        }
    }

    [Theory]
    [InlineData("<", "&lt;")]
    [InlineData("a&", "a&amp;")]
    public async Task A_long_value_is_cut_and_delivered(string piece, string shown)
    {
        await using var peer = await HttpPeer.StartAsync(_ => new HttpReply(200, "ok"));
        var templates = TestServices.Templates(("default", new TemplateOptions { Chat = "Call {{profile.name}}" }));
        var connector = TestServices.Connector(
            new SlackOptions { Url = new($"http://localhost:{peer.Port}/x"), AllowHttp = true },
            TestServices.Create(templates)
        );
        string name = string.Concat(Enumerable.Repeat(piece, Length / piece.Length));

        var result = await connector.SendAsync(Pushes.Named(name), CancellationToken.None);

        result.Outcome.ShouldBe(DeliveryOutcome.Delivered, result.Detail);
        string text = JsonNode.Parse(peer.Received.ShouldHaveSingleItem().Body)!["text"]!.GetValue<string>();
        text.ShouldStartWith($"Call {shown}{shown}");
        text.ShouldEndWith("…");
        text.Length.ShouldBeInRange(3_990, 4_000);
    }
}
