using System.Net;
using System.Text;
using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Pushes;

/// <summary>What operators type about pushes, and what a node is asked then.</summary>
public sealed class PushesTests : IDisposable
{
    private readonly ScriptedNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Pushes_are_listed_a_line_each()
    {
        _node.Answers.Enqueue(
            (
                200,
                """
                {"pushes":[{"id":"p1","settledAt":"2026-03-01T09:00:00.000Z","connector":"mail","customer":"ann",
                 "segment":null,"attempts":3,"reason":"rejected: 422"}],"next":"17-p1"}
                """
            )
        );

        SegctlAnswer answer = await RunAsync("list", "--state", "held", "--reason", "a b&c", "--limit", "1");

        answer.Output.ShouldBe("p1  2026-03-01T09:00:00.000Z  mail  ann  -  3  rejected: 422\n");
        answer.Error.ShouldContain("--after 17-p1");
        answer.ExitCode.ShouldBe(0);
        _node.Asked.ShouldBe(["GET /v1/pushes?state=held&reason=a%20b%26c&limit=1 Bearer hush "]);
    }

    [Fact]
    public async Task Pushes_are_listed_whatever_became_of_them()
    {
        _node.Answers.Enqueue(
            (
                200,
                """
                {"pushes":[{"id":"p1","settledAt":null,"notBefore":"2026-03-01T08:00:00.000Z","connector":"mail",
                 "customer":"ann","segment":"vip","attempts":0,"reason":"quiet-hours: until 08:00"}],"next":null}
                """
            )
        );
        SegctlAnswer answer = await RunAsync("list", "--state", "pending", "--customer", "ann");
        answer.Output.ShouldBe("p1  2026-03-01T08:00:00.000Z  mail  ann  vip  0  quiet-hours: until 08:00\n");

        foreach (string state in (string[])["delivered", "dropped", "merged", "dead", "unknown", "held", "discarded"])
        {
            _node.Answers.Enqueue((200, """{"pushes":[],"next":null}"""));
            (await RunAsync("list", "--state", state, "--from", "2026-03-01T09:00Z")).ExitCode.ShouldBe(0);
            _node.Asked[^1].ShouldStartWith($"GET /v1/pushes?state={state}&from=2026-03-01T09%3A00Z&limit=100 ");
        }
    }

    [Theory]
    [InlineData("discard", "")]
    [InlineData("replay", "")]
    [InlineData("replay", " ")]
    [InlineData("discard", "", "--state", "dead")]
    [InlineData("discard", "p1", "")]
    [InlineData("show", "")]
    [InlineData("edit", "", "--options", "{}")]
    public async Task An_empty_id_is_refused_before_a_node_is_asked(params string[] arguments)
    {
        SegctlAnswer answer = await RunAsync(arguments);

        answer.Error.ShouldContain("An ID is empty");
        answer.ExitCode.ShouldNotBe(0);
        _node.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_goes_on_until_its_limit()
    {
        const string Push = """
            {"id":"p1","settledAt":"2026-03-01T09:00:00.000Z","connector":"mail","customer":"ann","segment":null,
             "attempts":1,"reason":null}
            """;
        _node.Answers.Enqueue((200, $$"""{"pushes":[{{Push}}],"next":"1-p"}"""));
        _node.Answers.Enqueue((200, """{"pushes":[],"next":"2-p"}"""));
        _node.Answers.Enqueue((200, $$"""{"pushes":[{{Push}},{{Push}}],"next":"3-p"}"""));

        SegctlAnswer answer = await RunAsync("list", "--state", "delivered", "--limit", "3", "--after", "0-p");

        answer.OutputLines.Length.ShouldBe(3);
        answer.Error.ShouldContain("--after 3-p");
        _node
            .Asked.Select(line => line.Split(" Bearer")[0])
            .ShouldBe([
                "GET /v1/pushes?state=delivered&limit=3&after=0-p",
                "GET /v1/pushes?state=delivered&limit=2&after=1-p",
                "GET /v1/pushes?state=delivered&limit=2&after=2-p",
            ]);
    }

    [Fact]
    public async Task What_the_node_answers_can_be_had_as_it_is()
    {
        _node.Answers.Enqueue((200, """{"pushes":[],"next":null}"""));
        (await RunAsync("list", "--json")).Output.ShouldBe("{\"pushes\":[],\"next\":null}\n");
        _node.Answers.Enqueue((200, """{"id":"p1"}"""));
        (await RunAsync("show", "p1")).Output.ReplaceLineEndings("").ShouldBe("{  \"id\": \"p1\"}");
    }

    [Fact]
    public async Task Pushes_are_moved_by_id_or_by_filter_until_the_limit()
    {
        _node.Answers.Enqueue((200, """{"replayed":1}"""));
        _node.Answers.Enqueue((200, """{"replayed":1}"""));
        (await RunAsync("replay", "p1", "p2")).Output.ShouldBe("replayed 2\n");

        _node.Answers.Enqueue((200, """{"discarded":0,"next":"5-p9"}"""));
        _node.Answers.Enqueue((200, """{"discarded":4,"next":null}"""));
        (await RunAsync("discard", "--connector", "mail", "--limit", "10")).Output.ShouldBe("discarded 4\n");

        _node
            .Asked.Select(line => line.Split(" Bearer")[0])
            .ShouldBe([
                "POST /v1/pushes/p1/replay",
                "POST /v1/pushes/p2/replay",
                "POST /v1/pushes/discard?state=dead&connector=mail&limit=10",
                "POST /v1/pushes/discard?state=dead&connector=mail&limit=10&after=5-p9",
            ]);
    }

    [Fact]
    public async Task A_push_is_edited()
    {
        _node.Answers.Enqueue((200, """{"edited":1}"""));
        (await RunAsync("edit", "p1", "--options", "{ \"template\": \"x\" }")).Output.ShouldBe("edited 1\n");
        _node.Asked.ShouldBe(["PUT /v1/pushes/p1 Bearer hush {\"options\":{ \"template\": \"x\" }}"]);
    }

    [Fact]
    public async Task What_the_node_refuses_is_said_with_its_reason()
    {
        _node.Answers.Enqueue((409, """{"error":"there is no push of this id that is dead, unknown or held"}"""));
        SegctlAnswer answer = await RunAsync("replay", "p1");
        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldContain("there is no push of this id that is dead, unknown or held");
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("discard", "--limit", "5")]
    [InlineData("edit", "p1")]
    [InlineData("edit", "p1", "--options", "{")]
    [InlineData("list", "--state", "sent")]
    [InlineData("replay", "--state", "pending")]
    [InlineData("discard", "--state", "delivered")]
    public async Task What_is_too_much_or_too_little_is_refused_without_asking(params string[] arguments)
    {
        SegctlAnswer answer = await RunAsync(arguments);
        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldNotBeEmpty();
        _node.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", "list")]
    [InlineData("[]", "list")]
    [InlineData("{\"pushes\":[{\"id\":5}],\"next\":null}", "list")]
    [InlineData("{\"dead\":1}", "replay", "--state", "dead")]
    [InlineData("{\"replayed\":1.5,\"next\":null}", "replay", "--state", "dead")]
    public async Task Another_answer_is_said_to_be_one(string body, params string[] arguments)
    {
        _node.Answers.Enqueue((200, body));

        SegctlAnswer answer = await RunAsync(arguments);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldBe($"{_node.Address} answered something else: name the address of a node's api.listen\n");
    }

    [Fact]
    public async Task The_secret_of_the_environment_is_used_but_not_shown_by_help()
    {
        const string Variable = "SEGMENTER_API_SECRET";
        Environment.SetEnvironmentVariable(Variable, "a-secret-of-this-test");
        try
        {
            SegctlAnswer help = await SegctlRun.InProcessAsync(default, "pushes", "list", "--help");
            help.Output.ShouldContain(Variable);
            help.Output.ShouldNotContain("a-secret-of-this-test");

            _node.Answers.Enqueue((200, """{"id":"p1"}"""));
            await SegctlRun.InProcessAsync(default, "pushes", "show", "p1", "--node", _node.Address.ToString());
            _node.Asked.ShouldBe(["GET /v1/pushes/p1 Bearer a-secret-of-this-test "]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    private Task<SegctlAnswer> RunAsync(params string[] arguments) =>
        SegctlRun.InProcessAsync(
            default,
            ["pushes", .. arguments, "--node", _node.Address.ToString(), "--secret", "hush"]
        );

    /// <summary>Gives the answers it was told, one after the other, and writes down what it was asked.</summary>
    private sealed class ScriptedNode : IDisposable
    {
        private readonly HttpListener _listener = new();

        public ScriptedNode()
        {
            Address = new($"http://127.0.0.1:{FreePort()}/");
            _listener.Prefixes.Add(Address.ToString());
            _listener.Start();
            _ = AnswerAsync();
        }

        public Uri Address { get; }

        public Queue<(int Status, string Body)> Answers { get; } = new();

        public List<string> Asked { get; } = [];

        public void Dispose() => _listener.Close();

        private static int FreePort()
        {
            using System.Net.Sockets.TcpListener probe = new(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        private async Task AnswerAsync()
        {
            while (true)
            {
                HttpListenerContext call;
                try
                {
                    call = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using StreamReader body = new(call.Request.InputStream);
                Asked.Add(
                    $"{call.Request.HttpMethod} {call.Request.RawUrl} {call.Request.Headers["Authorization"]} "
                        + await body.ReadToEndAsync()
                );
                (int status, string answer) = Answers.Dequeue();
                call.Response.StatusCode = status;
                await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                call.Response.Close();
            }
        }
    }
}
