using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Connectors.Tests.Templates;

/// <summary>What templates make of a push that carries others.</summary>
public sealed class DigestRenderingTests
{
    // As in the documentation.
    private const string Documented = """
        {{#if digest}}{{#each digest}}- {{segment.name}}, {{transition.at}}
        {{/each}}{{else}}{{segment.name}}{{/if}}
        """;

    private static readonly Push Single = Pushes.Create();

    private static readonly Push Both = Single with
    {
        Content = PushDigest.Write(
            Single.Content,
            [Pushes.Of(Pushes.Content().Replace("at-risk-vip", "lapsed", StringComparison.Ordinal)).Content]
        ),
    };

    [Fact]
    public void A_template_lists_what_the_push_carries_itself_first() =>
        Rendered(Both, Documented)
            .ShouldBe("- at-risk-vip, 2020-01-31T12:00:00.000Z\n- lapsed, 2020-01-31T12:00:00.000Z\n");

    [Fact]
    public void Alone_it_lists_nothing() => Rendered(Single, Documented).ShouldBe("at-risk-vip");

    [Fact]
    public void The_built_in_template_has_a_line_for_each()
    {
        const string line = "u1 entered at-risk-vip at 2020-01-31T12:00:00.000Z.";

        Rendered(Single).ShouldBe(line);
        Rendered(Both).ShouldBe($"{line}\n{line.Replace("at-risk-vip", "lapsed", StringComparison.Ordinal)}");
    }

    private static string? Rendered(Push push, string? source = null)
    {
        var templates = source is null
            ? TestServices.Templates()
            : TestServices.Templates(("t", new TemplateOptions { Text = source }));
        PushPayload.TryParse(push, out var payload, out _).ShouldBeTrue();
        using (payload)
        {
            string name = source is null ? TemplateSet.DefaultName : "t";
            templates.TryChoose(payload, name, out var template, out _).ShouldBeTrue();
            template.TryRender(TemplatePart.Text, payload, out string? text, out var refusal, CancellationToken.None);
            refusal.ShouldBeNull();
            return text;
        }
    }
}
