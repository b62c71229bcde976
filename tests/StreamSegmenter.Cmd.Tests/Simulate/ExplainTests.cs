using System.Text;
using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Simulate;

/// <summary>Every expected line is worked out by hand.</summary>
public sealed class ExplainTests : IDisposable
{
    private const string Rules = """
        segments {
          at-risk-vip { rule = "count(support_contact, 30d) >= 3 and sum(purchase.amount where currency = \"EUR\", 365d) > 1M" }
          quiet { rule = "since(any) > 30d or profile.mood = \"gone\"" }
        }
        """;

    private const string Events = """
        {"type":"track","event":"purchase","userId":"u1","messageId":"m1","timestamp":"2020-01-01T12:00:00Z","properties":{"amount":1000001.50,"currency":"EUR"}}
        {"type":"track","event":"support_contact","userId":"u1","messageId":"m2","timestamp":"2020-01-01T12:00:00.250Z"}
        {"type":"track","event":"support_contact","userId":"u1","messageId":"m3","timestamp":"2020-01-02T12:00:00Z"}
        {"type":"track","event":"support_contact","userId":"u1","messageId":"m4","timestamp":"2020-01-03T12:00:00Z"}

        """;

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task A_member_is_told_why_and_until_when()
    {
        var answer = await SimulateAsync(Events, "--explain", "u1", "at-risk-vip");

        answer.ShouldBe(
            new(
                0,
                """
                u1 is in at-risk-vip at 2020-01-03T12:00:00.000Z
                entered at 2020-01-03T12:00:00.000Z
                leaves at 2020-01-31T12:00:00.250Z unless an event changes that

                ✓ all of                                                          until 2020-01-31T12:00:00.250Z
                ├─ ✓ count(support_contact, 30d) >= 3                             until 2020-01-31T12:00:00.250Z
                │  └─ count(support_contact, 30d)  →  3
                │       · 2020-01-03T12:00:00.000Z
                │       · 2020-01-02T12:00:00.000Z
                │       · 2020-01-01T12:00:00.250Z
                └─ ✓ sum(purchase.amount where currency = "EUR", 365d) > 1000000  until 2020-12-31T12:00:00.000Z
                   └─ sum(purchase.amount where currency = "EUR", 365d)  →  1000001.5
                        · 2020-01-01T12:00:00.000Z  1000001.5

                """,
                ""
            )
        );
    }

    [Fact]
    public async Task At_leaves_out_what_came_later()
    {
        var answer = await SimulateAsync(Events, "--explain", "u1", "at-risk-vip", "--at", "2020-01-02T13:00:00Z");

        answer
            .OutputLines[..7]
            .ShouldBe([
                "u1 is not in at-risk-vip at 2020-01-02T13:00:00.000Z",
                "was never in it",
                "stays out unless an event changes that",
                "✗ all of",
                "├─ ✗ count(support_contact, 30d) >= 3",
                "│  └─ count(support_contact, 30d)  →  2",
                "│       · 2020-01-02T12:00:00.000Z",
            ]);
    }

    [Fact]
    public async Task At_after_the_last_event_lets_time_pass()
    {
        var answer = await SimulateAsync(Events, "--explain", "u1", "at-risk-vip", "--at", "2020-02-01");

        answer
            .OutputLines[..3]
            .ShouldBe([
                "u1 is not in at-risk-vip at 2020-02-01T00:00:00.000Z",
                "left at 2020-01-31T12:00:00.250Z",
                "stays out unless an event changes that",
            ]);
    }

    [Fact]
    public async Task Who_will_enter_by_time_is_told_when()
    {
        var answer = await SimulateAsync(Events, "--explain", "u1", "quiet", "--until", "2020-01-04T12:00:00Z");

        answer.OutputLines.ShouldBe([
            "u1 is not in quiet at 2020-01-04T12:00:00.000Z",
            "was never in it",
            "enters at 2020-02-02T12:00:00.001Z unless an event changes that",
            "✗ any of               until 2020-02-02T12:00:00.001Z",
            "├─ ✗ since(any) > 30d  until 2020-02-02T12:00:00.001Z",
            "│  └─ since(any)  →  1d",
            "│       · 2020-01-03T12:00:00.000Z",
            "└─ ✗ profile.mood = \"gone\"",
            "   └─ profile.mood  →  missing",
        ]);
    }

    [Fact]
    public async Task A_long_condition_is_wrapped_and_many_events_are_counted()
    {
        var name = new string('x', 200);
        var events = new StringBuilder();
        for (var day = 10; day < 30; day++)
        {
            events.Append(
                $$$"""{"type":"page","userId":"u","timestamp":"2020-01-{{{day}}}","properties":{"name":"{{{name}}}"}}"""
            );
            events.Append('\n');
        }

        const string rule =
            "distinct(page.name where name != 'nothing at all' and title is missing and "
            + "(path starts with '/one' or path starts with '/two' or name is present), 30d) > 0";
        var answer = await SegctlRun.InProcessAsync(
            Encoding.UTF8.GetBytes(events.ToString()),
            "simulate",
            "--config",
            _workplace.Write("long.conf", $"segments.long {{ rule = \"{rule}\" }}"),
            "--events",
            "-",
            "--explain",
            "u",
            "long"
        );

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines.ShouldAllBe(line => line.Length <= 140);
        answer.Output.ShouldContain("   · and 15 older\n");
        answer.Output.ShouldContain("xxx…\n");
    }

    [Fact]
    public async Task What_the_reference_shows_is_what_is_printed()
    {
        const string config = """"
            segments.needs-care {
              rule = """count("Support Contacted", 30d) >= 3 and sum("Order Completed".revenue, 365d) < 1k"""
            }
            """";
        const string events = """
            {"type":"track","event":"Order Completed","userId":"ann","timestamp":"2024-01-11","properties":{"revenue":120}}
            {"type":"track","event":"Order Completed","userId":"ann","timestamp":"2024-02-20","properties":{"revenue":80}}
            {"type":"track","event":"Support Contacted","userId":"ann","timestamp":"2024-02-28T00:00:00Z"}
            {"type":"track","event":"Support Contacted","userId":"ann","timestamp":"2024-02-28T12:00:00Z"}
            {"type":"track","event":"Support Contacted","userId":"ann","timestamp":"2024-02-29T00:00:00Z"}
            """;

        var answer = await SegctlRun.InProcessAsync(
            Encoding.UTF8.GetBytes(events),
            "simulate",
            "--config",
            _workplace.Write("care.conf", config),
            "--events",
            "-",
            "--explain",
            "ann",
            "needs-care",
            "--at",
            "2024-03-01"
        );

        answer.Output.ShouldBe(Document.Blocks("rules.md", "text").ShouldHaveSingleItem() + "\n");
    }

    [Fact]
    public async Task Nobody_is_explained_who_did_not_come_yet()
    {
        (await SimulateAsync(Events, "--explain", "nobody", "quiet")).ShouldBe(
            new(0, "nobody is not known at 2020-01-03T12:00:00.000Z: no event came from it until then\n", "")
        );
        (await SimulateAsync(Events, "--explain", "u1", "quiet", "--at", "2019-01-01")).Output.ShouldStartWith(
            "u1 is not known at 2019-01-01T00:00:00.000Z"
        );
    }

    [Fact]
    public async Task An_unknown_segment_is_refused_with_those_there_are() =>
        (await SimulateAsync(Events, "--explain", "u1", "vip")).ShouldBe(
            new(1, "", "--explain: there is no segment vip; there are at-risk-vip, quiet\n")
        );

    [Fact]
    public async Task At_without_explain_is_refused()
    {
        var answer = await SimulateAsync(Events, "--at", "2020-01-02");

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain("--at needs --explain CUSTOMER SEGMENT");
    }

    [Fact]
    public async Task Dead_letters_are_reported_as_ever()
    {
        var answer = await SimulateAsync("no event\n" + Events, "--explain", "u1", "quiet");

        answer.ExitCode.ShouldBe(2);
        answer.OutputLines[0].ShouldBe("u1 is not in quiet at 2020-01-03T12:00:00.000Z");
        answer.ErrorLines.Length.ShouldBe(1);
    }

    private Task<SegctlAnswer> SimulateAsync(string events, params string[] arguments) =>
        SegctlRun.InProcessAsync(
            Encoding.UTF8.GetBytes(events),
            ["simulate", "--config", _workplace.Write("demo.conf", Rules), "--events", "-", .. arguments]
        );
}
