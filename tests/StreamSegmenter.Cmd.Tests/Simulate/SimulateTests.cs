using System.IO.Compression;
using System.Text;
using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Simulate;

/// <summary>Every expected line is worked out by hand.</summary>
public sealed class SimulateTests : IDisposable
{
    private const string Vip = """
        segments {
          at-risk-vip {
            rule = "count(support_contact, 30d) >= 3 and sum(purchase.amount, 365d) > 1M"
            on-enter = [ { to = nowhere, template = none } ]
          }
        }
        """;

    private const string VipEvents = """
        {"type":"track","event":"purchase","userId":"u1","messageId":"m1","timestamp":"2020-01-01T12:00:00Z","properties":{"amount":1000001}}
        {"type":"track","event":"support_contact","userId":"u1","messageId":"m2","timestamp":"2020-01-01T12:00:00.000Z"}
        {"type":"track","event":"support_contact","userId":"u1","messageId":"m3","timestamp":"2020-01-02T12:00:00Z"}
        {"type":"track","event":"support_contact","userId":"u1","messageId":"m4","timestamp":"2020-01-03T12:00:00Z"}

        """;

    private const string Lapsed = """segments { lapsed { rule = "since(any) > 30d" } }""";

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task The_example_of_the_contract_comes_out_byte_for_byte()
    {
        var answer = await SimulateAsync(Vip, VipEvents, "--until", "2020-02-10T00:00:00Z");

        answer.Output.ShouldBe(
            """
            {"at":"2020-01-03T12:00:00.000Z","customer":"u1","segment":"at-risk-vip","transition":"entered","cause":"event"}
            {"at":"2020-01-31T12:00:00.000Z","customer":"u1","segment":"at-risk-vip","transition":"exited","cause":"time"}

            """
        );
        answer.Error.ShouldBeEmpty();
        answer.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Without_until_the_clock_stops_at_the_last_event() =>
        (await SimulateAsync(Vip, VipEvents)).OutputLines.Length.ShouldBe(1);

    [Fact]
    public async Task Until_includes_its_instant_and_nothing_after_it()
    {
        (await SimulateAsync(Vip, VipEvents, "--until", "2020-01-31T12:00:00Z")).OutputLines.Length.ShouldBe(2);
        (await SimulateAsync(Vip, VipEvents, "--until", "2020-01-31T11:59:59.999Z")).OutputLines.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Until_without_a_zone_is_in_utc_and_with_one_is_in_that() =>
        (await SimulateAsync(Vip, VipEvents, "--until", "2020-01-31T14:00+02:00")).OutputLines.Length.ShouldBe(2);

    [Fact]
    public async Task Transitions_are_in_order_of_time_then_customer_then_segment()
    {
        const string config = """segments { z { rule = "exists(any)" }, a { rule = "since(any) >= 1d" } }""";
        const string events = """
            {"type":"page","userId":"u2","timestamp":"2020-01-01T00:00:00Z"}
            {"type":"page","userId":"U3","timestamp":"2020-01-01T00:00:00Z"}
            {"type":"page","anonymousId":"u1","timestamp":"2020-01-01T00:00:00Z"}
            """;

        var answer = await SimulateAsync(config, events, "--until", "2020-01-02");

        answer.OutputLines.ShouldBe([
            TransitionLine.Of("2020-01-01T00:00:00.000Z", "U3", "z", "entered", "event"),
            TransitionLine.Of("2020-01-01T00:00:00.000Z", "u1", "z", "entered", "event"),
            TransitionLine.Of("2020-01-01T00:00:00.000Z", "u2", "z", "entered", "event"),
            TransitionLine.Of("2020-01-02T00:00:00.000Z", "U3", "a", "entered", "time"),
            TransitionLine.Of("2020-01-02T00:00:00.000Z", "u1", "a", "entered", "time"),
            TransitionLine.Of("2020-01-02T00:00:00.000Z", "u2", "a", "entered", "time"),
        ]);
    }

    [Fact]
    public async Task Log_time_is_receivedAt_else_the_events_time_and_never_goes_back()
    {
        const string config = """segments { early { rule = "exists(early)" }, late { rule = "exists(late)" } }""";
        const string events = """
            {"type":"track","event":"late","userId":"u1","timestamp":"2020-01-01T00:00:00Z","receivedAt":"2020-01-05T00:00:00Z"}
            {"type":"track","event":"early","userId":"u1","timestamp":"2020-01-02T00:00:00Z"}
            """;

        var answer = await SimulateAsync(config, events);

        answer.OutputLines.ShouldBe(
            [
                TransitionLine.Of("2020-01-05T00:00:00.000Z", "u1", "late", "entered", "event"),
                TransitionLine.Of("2020-01-05T00:00:00.000Z", "u1", "early", "entered", "event"),
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task The_time_zone_decides_where_a_day_begins()
    {
        const string config = """segments { two-days { rule = "days(any) >= 2" } }, time-zone = "America/New_York" """;
        const string events = """
            {"type":"page","userId":"u1","timestamp":"2020-01-01T23:00:00Z"}
            {"type":"page","userId":"u1","timestamp":"2020-01-02T04:59:59Z"}
            {"type":"page","userId":"u1","timestamp":"2020-01-02T05:00:00Z"}
            """;

        (await SimulateAsync(config, events)).OutputLines.ShouldBe([
            TransitionLine.Of("2020-01-02T05:00:00.000Z", "u1", "two-days", "entered", "event"),
        ]);
    }

    [Fact]
    public async Task Names_stay_readable_and_cannot_break_the_json()
    {
        const string config = """segments { "größer: \"x\" <b>" { rule = "exists(any)" } }""";
        const string events = """{"type":"page","userId":"Ünal & 太郎\n","timestamp":"2020-01-01T00:00:00Z"}""";

        (await SimulateAsync(config, events)).OutputLines.ShouldBe([
            TransitionLine.Of(
                "2020-01-01T00:00:00.000Z",
                "Ünal & 太郎\\n",
                "größer: \\\"x\\\" <b>",
                "entered",
                "event"
            ),
        ]);
    }

    [Fact]
    public async Task Dead_letters_name_line_reason_detail_and_text_and_make_the_exit_code_2()
    {
        const string events = """
            {"type":"page","userId":"u1","timestamp":"2020-01-01T00:00:00Z"}

            nonsense
            {"type":"page","timestamp":"2020-01-01T00:00:00Z"}
            {"type":"page","userId":"u1","timestamp":"2020-02-01T00:00:00Z"}
            """;

        var answer = await SimulateAsync(Lapsed, events);

        answer.ExitCode.ShouldBe(2);
        answer.OutputLines.ShouldBe([
            TransitionLine.Of("2020-01-31T00:00:00.001Z", "u1", "lapsed", "entered", "time"),
            TransitionLine.Of("2020-02-01T00:00:00.000Z", "u1", "lapsed", "exited", "event"),
        ]);
        answer.ErrorLines.Length.ShouldBe(2);
        answer.ErrorLines[0].ShouldStartWith("line 3: not-json: ");
        answer.ErrorLines[0].ShouldEndWith(": \"nonsense\"");
        answer.ErrorLines[1].ShouldStartWith("line 4: no-id: ");
        answer
            .ErrorLines[1]
            .ShouldEndWith(""": "{\"type\":\"page\",\"timestamp\":\"2020-01-01T00:00:00Z\"}" """.TrimEnd());
    }

    [Fact]
    public async Task A_line_over_the_limit_is_a_dead_letter_however_long_it_is()
    {
        string events = new string('x', 3_000_000) + "\r\n" + new string('ä', 20_000) + "\n" + VipEvents;

        var answer = await SimulateAsync(Vip, events);

        answer.ExitCode.ShouldBe(2);
        answer.OutputLines.Length.ShouldBe(1);
        answer.ErrorLines.ShouldBe([
            "line 1: too-large: the line has 3000001 bytes; limits.max-bytes allows 32768: "
                + $"\"{new string('x', 200)}...\" (3000001 bytes)",
            "line 2: too-large: the line has 40000 bytes; limits.max-bytes allows 32768: "
                + $"\"{new string('ä', 100)}...\" (40000 bytes)",
        ]);
    }

    [Theory]
    [InlineData("\r\n", false, true)]
    [InlineData("\n", true, false)]
    [InlineData("\r\n\r\n \t\n", true, true)]
    public async Task Line_ends_and_a_byte_order_mark_make_no_difference(string end, bool mark, bool endsLast)
    {
        string events = string.Join(end, VipEvents.Trim().Split('\n'));
        byte[] bytes =
        [
            .. mark ? Encoding.UTF8.Preamble : [],
            .. Encoding.UTF8.GetBytes(events + (endsLast ? end : "")),
        ];

        var answer = await SimulateAsync(Vip, bytes);

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Input_compressed_with_gzip_is_read_too_from_a_file_and_from_standard_input()
    {
        byte[] packed = Gzip(VipEvents);

        var fromFile = await SimulateAsync(Vip, packed);
        string config = _workplace.Write("demo.conf", Vip);
        var fromInput = await SegctlRun.InProcessAsync(packed, "simulate", "--config", config, "--events", "-");

        fromFile.OutputLines.Length.ShouldBe(1);
        fromInput.ShouldBe(fromFile);
    }

    [Fact]
    public async Task Compressed_input_that_ends_too_early_is_refused()
    {
        byte[] packed = Gzip(VipEvents);
        string events = _workplace.Write("events.ndjson.gz", packed[..^12]);
        string config = _workplace.Write("demo.conf", Vip);

        var answer = await SegctlRun.ProcessAsync(default, "simulate", "--config", config, "--events", events);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldBe($"--events {events}: the gzip is damaged or cut short; compress the events again\n");
    }

    [Fact]
    public async Task A_directory_is_no_file_of_events()
    {
        string config = _workplace.Write("demo.conf", Vip);
        string directory = Path.GetDirectoryName(config)!;

        var answer = await SegctlRun.InProcessAsync(default, "simulate", "--config", config, "--events", directory);

        answer.ShouldBe(new(1, "", $"--events {directory}: this is a directory; name a file in it\n"));
    }

    [Fact]
    public async Task No_events_are_no_transitions() => (await SimulateAsync(Vip, "")).ShouldBe(new(0, "", ""));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2020-02-30")]
    [InlineData("")]
    public async Task A_bad_until_is_refused(string until)
    {
        var answer = await SimulateAsync(Vip, VipEvents, "--until", until);

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.ErrorLines[0].ShouldBe($"--until: \"{until}\" is not an instant; write e.g. 2020-01-31T12:00:00Z");
    }

    [Fact]
    public async Task A_missing_file_of_events_is_refused()
    {
        string config = _workplace.Write("demo.conf", Vip);

        var answer = await SegctlRun.InProcessAsync(default, "simulate", "--config", config, "--events", "no.ndjson");

        answer.ShouldBe(new(1, "", "--events no.ndjson: the file does not exist; correct its name\n"));
    }

    [Fact]
    public async Task An_invalid_configuration_stops_at_once_with_every_problem_and_its_place()
    {
        const string config = """
            segments {
              vip {
                rule = "count(purchase, 30d) >"
                cooldown = soon
              }
            }
            """;

        var answer = await SimulateAsync(config, VipEvents);

        string file = _workplace.PathOf("demo.conf");
        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.ErrorLines.Length.ShouldBe(4);
        answer.ErrorLines[0].ShouldStartWith($"{file}:3:35: segments.vip.rule: expected");
        answer.ErrorLines[1].ShouldBe("  3 |     rule = \"count(purchase, 30d) >\"");
        answer.ErrorLines[2].ShouldBe("    |                                   ^");
        answer
            .ErrorLines[3]
            .ShouldBe(
                $"{file}:4:16: segments.vip.cooldown: expected a duration, got \"soon\"; "
                    + "write e.g. 500ms, 30s, 5m, 12h or 7d"
            );
    }

    [Fact]
    public async Task An_override_of_the_command_line_wins()
    {
        var answer = await SimulateAsync(
            Vip,
            VipEvents,
            "--set",
            "limits.max-bytes=256",
            "--set",
            "limits.max-depth=1"
        );

        answer.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("line 1: too-deep: ");
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private Task<SegctlAnswer> SimulateAsync(string config, string events, params string[] more) =>
        SimulateAsync(config, Encoding.UTF8.GetBytes(events), more);

    private Task<SegctlAnswer> SimulateAsync(string config, byte[] events, params string[] more) =>
        SegctlRun.InProcessAsync(
            default,
            [
                "simulate",
                "--config",
                _workplace.Write("demo.conf", config),
                "--events",
                _workplace.Write("events.ndjson", events),
                .. more,
            ]
        );
}
