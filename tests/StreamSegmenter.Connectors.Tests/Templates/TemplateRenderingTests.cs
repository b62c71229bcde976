using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Templates;

public sealed class TemplateRenderingTests
{
    [Theory]
    [InlineData("{{customer}}", "u1")]
    [InlineData("{{profile.name}} {{profile.Name}}", "ann ANN")]
    [InlineData("{{event.properties.total}}", "1234.50")]
    [InlineData("{{event.properties.huge}}", "123456789012345678901234567890")]
    [InlineData("{{event.properties.exponent}}", "1e2")]
    [InlineData("{{event.properties.yes}} {{event.properties.no}}", "true false")]
    [InlineData("{{event.properties.[order id]}}", "A-1")]
    [InlineData("{{event.properties.tags.0}} {{event.properties.tags.[1]}}", "a b")]
    [InlineData("{{event.properties.nested}}", """{"k":[1,2]}""")]
    [InlineData("{{#each event.properties.tags}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}", "0a,1b")]
    [InlineData("{{#each event.properties.nested}}{{@key}}={{this}}{{/each}}", "k=[1,2]")]
    [InlineData("{{#with event.properties.nested}}{{k.1}}{{/with}}", "2")]
    [InlineData("{{#if event.properties.no}}a{{else if event.properties.yes}}b{{else}}c{{/if}}", "b")]
    [InlineData("{{#if event.properties.zero}}a{{else}}b{{/if}}", "b")]
    [InlineData("{{#if event.properties.none}}a{{else}}b{{/if}}", "b")]
    [InlineData("{{#if profile.missing}}a{{else}}b{{/if}}", "b")]
    [InlineData("{{#each profile.missing}}a{{else}}b{{/each}}", "b")]
    [InlineData("{{default profile.missing \"friend\"}}", "friend")]
    [InlineData("{{default event.properties.null \"friend\"}}", "friend")]
    [InlineData("{{default event.properties.empty 'friend'}}", "friend")]
    [InlineData("{{default profile.name \"friend\"}}", "ann")]
    [InlineData("{{default (money profile.missing2.x) 1}}", null)]
    [InlineData("{{default profile.missing profile.name}}", "ann")]
    [InlineData("{{date transition.at}}", "2020-01-31")]
    [InlineData("{{date transition.at \"dd MMM yyyy HH:mm\"}}", "31 Jan 2020 12:00")]
    [InlineData("{{date event.properties.ms}}", "2020-01-31")]
    [InlineData("{{money event.properties.total}}", "1,234.50")]
    [InlineData("{{money event.properties.total \"EUR\"}}", "1,234.50 EUR")]
    [InlineData("{{! a comment }}{{!-- }} --}}x \\{{x}}", "x {{x}}")]
    [InlineData("<b>&{{event.properties.markup}}", "<b>&<i>&\"'`=")]
    [InlineData("{{event.properties.half}}", "a\uFFFDb😀")]
    [InlineData("{{@root.customer}}", "u1")]
    public void A_value_is_written_as_it_came(string source, string? expected)
    {
        var (text, refusal) = Render(TemplatePart.Text, source);

        text.ShouldBe(expected, refusal?.Detail);
    }

    [Theory]
    [InlineData("{{profile.missing}}", "profile.missing")]
    [InlineData("{{event.properties.null}}", "null")]
    [InlineData("{{profile.name.first}}", "first")]
    [InlineData("{{profile.name.Length}}", "Length")]
    [InlineData("{{event.properties.tags.Count}}", "Count")]
    [InlineData("{{event.properties.tags.length}}", "length")]
    [InlineData("{{event.properties.tags.2}}", "2")]
    [InlineData("{{profile.GetType}}", "GetType")]
    [InlineData("{{money profile.missing}}", "missing")]
    [InlineData("{{money profile.name}}", "'ann'")]
    [InlineData("{{date profile.name}}", "'ann'")]
    [InlineData("{{date transition.at 'q'}}", "'q'")]
    [InlineData("{{#each event.properties.nulls}}{{this}}{{/each}}", "null")]
    public void What_cannot_be_written_rejects_the_push_by_name(string source, string named)
    {
        var (text, refusal) = Render(TemplatePart.Text, source);

        text.ShouldBeNull();
        refusal.ShouldNotBeNull().Outcome.ShouldBe(DeliveryOutcome.Rejected);
        refusal.Detail.ShouldContain(named);
        refusal.Detail.ShouldContain("'t', text");
    }

    [Theory]
    [InlineData("{{event.properties.markup}}", "&lt;i&gt;&amp;&quot;&#39;&#96;&#61;")]
    [InlineData("{{default profile.missing event.properties.markup}}", "&lt;i&gt;&amp;&quot;&#39;&#96;&#61;")]
    [InlineData("{{event.properties.nested}}", "{&quot;k&quot;:[1,2]}")]
    [InlineData("<p class=\"x\">{{#if profile.name}}<b>{{profile.name}}</b>{{/if}}", "<p class=\"x\"><b>ann</b>")]
    public void Values_are_inert_in_html(string source, string expected) =>
        Render(TemplatePart.Html, source).Text.ShouldBe(expected);

    [Theory]
    [InlineData(
        "<!channel> {{event.properties.shout}}",
        "<!channel> &lt;!channel&gt; @\u200Beveryone, @\u200BALL; ann@allgood.example"
    )]
    [InlineData("{{event.properties.markup}}", "&lt;i&gt;&amp;\"'`=")]
    [InlineData("@{{event.properties.everybody}}", "@\u200Bhere")]
    [InlineData("@room @rooms", "@\u200Broom @rooms")]
    [InlineData("{{default '[Reset](https://evil.example)' 1}}", "[Reset]\u200B(https://evil.example)")]
    [InlineData("{{default '![a][1] [1]: https://evil.example' 1}}", "![a]\u200B[1] [1]\u200B: https://evil.example")]
    [InlineData("{{default '[Reset]' 1}}{{default '(b)' 1}}", "[Reset]\u200B\u200B(b)")]
    [InlineData("[a]{{default ': b' 1}}", "[a]\u200B: b")]
    [InlineData("[{{default 'a [b] c' 1}}](https://crm.example/{{customer}})", "[a [b] c](https://crm.example/u1)")]
    public void Values_are_inert_in_chat(string source, string expected) =>
        Render(TemplatePart.Chat, source).Text.ShouldBe(expected);

    [Fact]
    public void Chat_falls_back_to_the_text_with_chats_escaping()
    {
        var templates = TestServices.Templates(("t", new TemplateOptions { Text = "{{event.properties.markup}}" }));

        Render(templates, TemplatePart.Chat).Text.ShouldBe("&lt;i&gt;&amp;\"'`=");
    }

    [Fact]
    public void A_subject_is_one_line()
    {
        Render(TemplatePart.Subject, " Hello\r\n{{event.properties.lines}} ")
            .Text.ShouldBe("Hello a Bcc: all@example.com b");
    }

    [Fact]
    public void The_built_in_template_suits_every_push()
    {
        var text = Render(TestServices.Templates(), TemplatePart.Text, "default").Text;

        text.ShouldBe("u1 entered at-risk-vip at 2020-01-31T12:00:00.000Z.");
    }

    [Fact]
    public void Output_is_bounded()
    {
        var limits = new TemplateLimits { MaxOutputLength = 10 };
        var templates = TestServices.Templates(
            limits,
            ("t", new TemplateOptions { Text = "{{event.properties.huge}}" })
        );

        Render(templates, TemplatePart.Text)
            .Refusal.ShouldNotBeNull()
            .Detail.ShouldContain("longer than 10 characters");
    }

    [Theory]
    [InlineData("{{#each event.list}}{{#each ../event.list}}{{#each @root.event.list}}{{/each}}{{/each}}{{/each}}")]
    [InlineData("{{#each event.list}}{{#each @root.event.list}}{{#if missing}}x{{/if}}{{/each}}{{/each}}")]
    [InlineData("{{#each event.list}}{{#each @root.event.list}}x{{/each}}{{/each}}")]
    public void Loops_are_bounded_even_when_they_write_nothing(string source)
    {
        string list = string.Join(',', Enumerable.Repeat("1", 1_000));
        var templates = TestServices.Templates(("t", new TemplateOptions { Text = source }));

        var (_, refusal) = Render(templates, TemplatePart.Text, evt: $$"""{ "list": [{{list}}] }""");

        refusal.ShouldNotBeNull().Detail.ShouldContain("10000 steps");
    }

    [Fact]
    public void A_cancelled_rendering_is_tried_again()
    {
        var templates = TestServices.Templates();
        PushPayload.TryParse(Pushes.Create(), out var payload, out _).ShouldBeTrue();
        templates.TryChoose(payload, "default", out var template, out _).ShouldBeTrue();

        template.TryRender(TemplatePart.Text, payload, out _, out var refusal, new(canceled: true)).ShouldBeFalse();

        refusal.Outcome.ShouldBe(DeliveryOutcome.Retry);
    }

    [Fact]
    public void A_push_that_names_an_unknown_template_is_rejected()
    {
        PushPayload
            .TryParse(Pushes.Create(options: """{ "template": "nope" }"""), out var payload, out _)
            .ShouldBeTrue();

        TestServices.Templates().TryChoose(payload, "default", out _, out var refusal).ShouldBeFalse();

        refusal.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        refusal.Detail.ShouldContain("'nope'");
    }

    [Fact]
    public void Many_threads_render_the_same()
    {
        var templates = TestServices.Templates(
            ("t", new TemplateOptions { Html = "{{#each event.properties.tags}}{{this}}{{/each}}{{profile.name}}" })
        );

        var texts = Enumerable
            .Range(0, 2_000)
            .AsParallel()
            .WithDegreeOfParallelism(4)
            .Select(_ => Render(templates, TemplatePart.Html).Text)
            .Distinct(StringComparer.Ordinal);

        texts.ShouldBe(["abann"]);
    }

    private static (string? Text, DeliveryResult? Refusal) Render(TemplatePart part, string source)
    {
        var options = new TemplateOptions
        {
            Subject = part == TemplatePart.Subject ? source : null,
            Text = part == TemplatePart.Text ? source : null,
            Html = part == TemplatePart.Html ? source : null,
            Chat = part == TemplatePart.Chat ? source : null,
        };
        return Render(TestServices.Templates(("t", options)), part);
    }

    private static (string? Text, DeliveryResult? Refusal) Render(
        TemplateSet templates,
        TemplatePart part,
        string name = "t",
        string? evt = null
    )
    {
        var push = Pushes.Create(profile: """{ "name": "ann", "Name": "ANN" }""", evt: evt ?? Event);
        PushPayload.TryParse(push, out var payload, out _).ShouldBeTrue();
        using (payload)
        {
            templates.TryChoose(payload, name, out var template, out _).ShouldBeTrue();
            template.TryRender(part, payload, out string? text, out var refusal, CancellationToken.None);
            return (text, refusal);
        }
    }

    private const string Event = """
        { "properties": {
            "total": 1234.50, "huge": 123456789012345678901234567890, "exponent": 1e2, "zero": 0.0, "ms": 1580472000000,
            "yes": true, "no": false, "null": null, "empty": "", "none": [], "nulls": [1, null],
            "order id": "A-1", "tags": ["a", "b"], "nested": {"k":[1,2]},
            "markup": "<i>&\"'`=", "half": "a\ud800b\ud83d\ude00", "everybody": "here",
            "shout": "<!channel> @everyone, @ALL; ann@allgood.example",
            "lines": "a\r\nBcc: all@example.com\u0000\u2028b" } }
        """;
}
