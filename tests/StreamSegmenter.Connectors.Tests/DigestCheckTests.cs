using StreamSegmenter.Connectors.Console;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.HttpApi;
using StreamSegmenter.Connectors.Kafka;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Webhook;

namespace StreamSegmenter.Connectors.Tests;

/// <summary>Whether a push that carries others would tell of them, asked before there is one.</summary>
public sealed class DigestCheckTests
{
    private const string Silent = "{{profile.name}}";
    private const string Telling = "{{#each digest}}{{segment.name}}{{else}}{{segment.name}}{{/each}}";

    [Fact]
    public void A_template_that_does_not_name_the_digest_is_refused() =>
        Errors(new ConsoleOptions(), new TemplateOptions { Text = Silent })
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                "segments.vip.on-enter[0].digest: template 't' does not name digest, and would tell of the first push "
                    + "alone; write {{#each digest}}...{{else}}...{{/each}}, or leave digest out"
            );

    [Theory]
    [InlineData(Telling)]
    [InlineData("{{#if digest}}{{digest.length}}{{/if}}")]
    [InlineData("{{#with profile}}{{#each @root.digest}}{{segment.name}}{{/each}}{{/with}}")]
    [InlineData("{{> list}}")]
    public void One_that_names_it_anywhere_is_taken(string text) =>
        Errors(new ConsoleOptions(), new TemplateOptions { Text = text }).ShouldBeEmpty();

    [Fact]
    public void Every_part_that_is_rendered_counts_and_no_other()
    {
        var html = new TemplateOptions
        {
            Subject = Silent,
            Text = Silent,
            Html = Telling,
        };

        Errors(new EmailOptions(), html).ShouldBeEmpty();
        Errors(new ConsoleOptions(), html).ShouldHaveSingleItem();
    }

    [Fact]
    public void Every_language_has_to_name_it()
    {
        var template = new TemplateOptions
        {
            Text = Telling,
            Locales = new Dictionary<string, TemplateParts>(StringComparer.Ordinal)
            {
                ["de"] = new() { Text = Silent },
            },
        };

        Errors(new ConsoleOptions(), template).ShouldHaveSingleItem();
        template.Locales = new Dictionary<string, TemplateParts>(StringComparer.Ordinal)
        {
            ["de"] = new() { Subject = Silent },
        };
        Errors(new ConsoleOptions(), template).ShouldBeEmpty();
    }

    [Fact]
    public void Pushes_that_gather_nothing_are_not_asked()
    {
        var template = new TemplateOptions { Text = Silent };

        Errors(new ConsoleOptions(), template, digest: null).ShouldBeEmpty();
        Errors(new ConsoleOptions(), template, digest: "0s").ShouldBeEmpty();
        Errors(new ConsoleOptions { Policy = Gathering }, template, digest: "0s").ShouldBeEmpty();
        Errors(new ConsoleOptions { Policy = Gathering }, template, digest: null).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_a_connector_writes_itself_counts()
    {
        var template = new TemplateOptions { Text = Silent };

        Errors(new WebhookOptions(), template).ShouldBeEmpty();
        Errors(Http("""{ "a": {{json digest}} }"""), template).ShouldBeEmpty();
        Errors(Http("""{ "a": "{{message.text}}" }"""), template).ShouldHaveSingleItem();
        Errors(Http("""{ "a": "{{message.text}}" }"""), new TemplateOptions { Text = Telling }).ShouldBeEmpty();
        Errors(Http("""{ "a": "{{customer}}" }"""), template)
            .ShouldHaveSingleItem()
            .Message.ShouldStartWith("the body does not name digest");
        Errors(new SlackApiOptions { Blocks = """[ "{{#if digest}}x{{/if}}" ]""" }, template).ShouldBeEmpty();
        Errors(new SlackApiOptions { Blocks = """[ "x" ]""" }, template).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(RecordFormat.Transition, true)]
    [InlineData(RecordFormat.SegmentIdentify, false)]
    [InlineData(RecordFormat.SegmentTrack, false)]
    public void A_call_of_Segments_tells_of_one_transition(RecordFormat format, bool isTaken)
    {
        var errors = Errors(new KafkaOptions { Format = format }, new TemplateOptions { Text = Silent });

        errors.Count.ShouldBe(isTaken ? 0 : 1);
        errors.ShouldAllBe(error => error.Message.Contains("format = transition"));
    }

    private static Streams.Pushes.Policy.Settings.ConnectorPolicyOptions Gathering =>
        new() { Digest = TimeSpan.FromHours(1) };

    private static HttpApiOptions Http(string body) => new() { Url = new("https://example.com/"), Body = body };

    private static IReadOnlyList<OptionError> Errors(
        ConnectorOptions options,
        TemplateOptions template,
        string? digest = "1h"
    )
    {
        var templates = TemplateSet.Compile(
            new Dictionary<string, TemplateOptions>(StringComparer.Ordinal) { ["t"] = template },
            new TemplateLimits(),
            out var errors,
            new Dictionary<string, PartialOptions>(StringComparer.Ordinal) { ["list"] = new() { Text = Telling } }
        );
        errors.ShouldBeEmpty();
        var push = new Dictionary<string, string>(StringComparer.Ordinal) { ["template"] = "t" };
        if (digest is not null)
        {
            push["digest"] = digest;
        }

        // That the template has what the connector renders is another check's.
        return
        [
            .. new ConnectorFactory(TestServices.Create(templates))
                .CheckPush("segments.vip.on-enter[0]", push, options)
                .Where(error => error.Key.EndsWith(".digest", StringComparison.Ordinal)),
        ];
    }
}
