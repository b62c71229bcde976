using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Connectors;

/// <summary><c>segctl connectors</c>: a message through the real connector, and nothing told that is secret.</summary>
public sealed class ConnectorsTests : IDisposable
{
    private const string Segments = """
        segments {
          at-risk-vip { rule = "exists(a)", on-enter = [ { to = screen, template = call }, { to = chat } ] }
          lapsed { rule = "exists(b)", on-exit = [ { to = chat, channel = "#lapsed" } ] }
        }
        templates.call { text = "Call {{profile.name}}, who has spent {{profile.spent}}" }
        """;

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task The_list_says_who_pushes_to_what()
    {
        var answer = await RunAsync(Configuration("http://127.0.0.1:1/hush"), "list");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines.ShouldBe([
            "chat    slack-webhook  at-risk-vip, lapsed",
            "mail    email          -",
            "screen  console        at-risk-vip",
        ]);
    }

    [Fact]
    public async Task A_message_is_sent_once_and_shows_that_it_is_a_test()
    {
        using var server = new OneAnswer(200, "ok");

        var answer = await RunAsync(
            Configuration($"{server.Address}/services/hush"),
            "test",
            "chat",
            "--to",
            "#tests",
            "--segment",
            "lapsed"
        );

        answer.ExitCode.ShouldBe(0, answer.Error + answer.Output);
        answer.Output.ShouldStartWith("chat (slack-webhook), push ");
        answer.Output.ShouldEndWith(": delivered\n");
        string request = await server.Request;
        request.ShouldContain("test-customer entered [TEST] lapsed at ");
        request.ShouldContain("\"channel\":\"#tests\"");
    }

    [Fact]
    public async Task A_refusal_is_told_without_the_secret()
    {
        using var server = new OneAnswer(403, "no access to /services/hush");

        var answer = await RunAsync(Configuration($"{server.Address}/services/hush"), "test", "chat");

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldContain(": misconfigured: HTTP 403: no access to ***");
        (answer.Output + answer.Error).ShouldNotContain("hush");
    }

    [Fact]
    public async Task The_customer_may_be_given_and_the_pushs_own_template_is_used()
    {
        string customer = _workplace.Write(
            "ann.json",
            """{ "customer": "u1", "traits": { "name": "Ann", "spent": 1234.50 }, "segments": [] }"""
        );

        var answer = await RunAsync(
            Configuration("http://127.0.0.1:1/x"),
            "test",
            "screen",
            "--customer-json",
            customer
        );

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines[0].ShouldEndWith("[TEST] Call Ann, who has spent 1234.50");
    }

    [Fact]
    public async Task A_value_that_is_missing_is_named()
    {
        var answer = await RunAsync(Configuration("http://127.0.0.1:1/x"), "test", "screen");

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldContain("rejected: Template 'call', text: 'profile.spent' is missing");
    }

    [Theory]
    [InlineData("there is no connector \"nobody\"; there are ", "nobody")]
    [InlineData("the customer has no profile.email; say with --to who shall get the message", "mail")]
    [InlineData("a connector of type console has one receiver", "screen", "--to", "x")]
    [InlineData("--segment: there is no segment none", "screen", "--segment", "none")]
    [InlineData("Could not find file", "screen", "--customer-json", "/nowhere.json")]
    public async Task What_cannot_be_sent_is_refused_before_anything_is(string expected, params string[] arguments)
    {
        var answer = await RunAsync(Configuration("http://127.0.0.1:1/x"), ["test", .. arguments]);

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldContain(expected);
    }

    private static string Configuration(string url) =>
        $$"""
            {{Segments}}
            connectors {
              chat { type = slack-webhook, url = "{{url}}", allow-http = true }
              screen { type = console }
              mail { type = email, host = "127.0.0.1", port = 1, from = "shop@example.com" }
            }
            """;

    private Task<SegctlAnswer> RunAsync(string configuration, params string[] arguments) =>
        SegctlRun.InProcessAsync(
            default,
            ["connectors", .. arguments, "--config", _workplace.Write("shop.conf", configuration)]
        );
}
