using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Templates;

/// <summary><c>segctl template preview</c>: what a template says to somebody.</summary>
public sealed class TemplatePreviewTests : IDisposable
{
    private const string Configuration = """
        segments.at-risk-vip { rule = "exists(a)", on-enter = [ { to = screen, template = call, priority = urgent } ] }
        partials.footer { text = "-- {{segment.name}}" }
        templates.call {
          subject = "Call {{profile.name}}"
          text = "{{options.priority}}: {{money profile.spent \"EUR\"}} {{> footer}}"
          locales.de { subject = "{{profile.name}} anrufen" }
        }
        connectors.screen { type = console }
        """;

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task Every_part_is_printed_in_the_readers_language()
    {
        string customer = _workplace.Write("ann.json", """{ "name": "Ann", "spent": 1234.50, "locale": "de" }""");

        var answer = await RunAsync(Configuration, "call", "--customer-json", customer);

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines.ShouldBe([
            "--- subject",
            "Ann anrufen",
            "--- text",
            "urgent: 1,234.50 EUR -- at-risk-vip",
            "--- chat",
            "urgent: 1,234.50 EUR -- at-risk-vip",
            "--- markdown",
            "urgent: 1,234.50 EUR -- at\\-risk\\-vip",
        ]);
    }

    [Fact]
    public async Task One_part_is_printed_alone_or_refused_as_a_push_would_be()
    {
        var subject = await RunAsync(Configuration, "call", "--part", "subject");
        var text = await RunAsync(Configuration, "call", "--part", "text");
        var html = await RunAsync(Configuration, "call", "--part", "html");

        (subject.ExitCode, subject.Output).ShouldBe((0, "Call Test Customer\n"));
        (text.ExitCode, text.Output).ShouldBe((1, ""));
        text.Error.ShouldBe(
            "Template 'call', text: 'profile.spent' is missing; write {{default profile.spent \"...\"}} if it may be.\n"
        );
        (html.ExitCode, html.Error).ShouldBe((1, "the template has no html; it has subject, text, chat, markdown\n"));
    }

    [Fact]
    public async Task A_link_to_unsubscribe_is_shown_as_mail_has_one()
    {
        const string Mail = "templates.news { text = \"https://x.example/u/{{unsubscribe.token}}\" }\n";

        var with = await RunAsync(
            Mail + "unsubscribe.secret = \"0123456789abcdef0123456789abcdef\"",
            "news",
            "--part",
            "text"
        );
        var without = await RunAsync(Mail, "news", "--part", "text");

        (with.ExitCode, with.Output).ShouldBe((0, "https://x.example/u/sample-token\n"), with.Error);
        without.ExitCode.ShouldBe(1);
        without.Error.ShouldContain("'unsubscribe' is missing");
    }

    [Fact]
    public async Task A_customer_is_asked_for_at_the_node_with_its_secret()
    {
        using var node = new OneAnswer(200, """{"customer":"u 1","traits":{"name":"Zoe","spent":5},"stale":false}""");

        var answer = await RunAsync(
            Configuration + "\napi.secret = \"0123456789abcdef\"",
            "call",
            "--customer",
            "u 1",
            "--node",
            node.Address,
            "--part",
            "subject"
        );

        answer.Output.ShouldBe("Call Zoe\n", answer.Error);
        string request = await node.Request;
        request.ShouldStartWith("GET /v1/customers?id=u%201 HTTP/1.1\r\n");
        request.ShouldContain("Authorization: Bearer 0123456789abcdef\r\n");
    }

    [Fact]
    public async Task A_customer_whom_the_node_does_not_know_is_told()
    {
        using var node = new OneAnswer(404, """{"source":"owner"}""");

        var answer = await RunAsync(Configuration, "call", "--customer", "u9", "--node", node.Address);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldBe($"customer u9: {node.Address}/ answered 404\n");
    }

    [Theory]
    [InlineData("there is no template \"none\"; there are call, default", "none")]
    [InlineData("--customer and --customer-json: give one of them", "call", "--customer", "u", "--customer-json", "x")]
    [InlineData("127.0.0.1:1/ cannot be reached: ", "call", "--customer", "u", "--node", "http://127.0.0.1:1")]
    [InlineData("write an address such as", "call", "--customer", "u", "--node", "ftp://x")]
    public async Task What_cannot_be_shown_is_refused(string expected, params string[] arguments)
    {
        var answer = await RunAsync(Configuration, arguments);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task A_mistake_in_a_partial_or_a_translation_is_told_with_file_and_line()
    {
        var answer = await RunAsync(
            """
            partials.footer { text = "{{> footer}}" }
            templates.call {
              text = "x"
              locales.de { text = "{{> foter}}" }
            }
            """,
            "call"
        );

        answer.ExitCode.ShouldBe(1);
        answer.ErrorLines[0].ShouldContain("shop.conf:1:");
        answer.Error.ShouldContain("partials.footer.text: line 1, column 1: partial 'footer' contains itself");
        answer.Error.ShouldContain("shop.conf:4:");
        answer.Error.ShouldContain(
            "templates.call.locales.de.text: line 1, column 1: there is no 'foter' under partials"
        );
    }

    private Task<SegctlAnswer> RunAsync(string configuration, params string[] arguments) =>
        SegctlRun.InProcessAsync(
            default,
            ["template", "preview", .. arguments, "--config", _workplace.Write("shop.conf", configuration)]
        );
}
