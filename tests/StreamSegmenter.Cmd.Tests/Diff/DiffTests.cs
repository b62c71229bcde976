using System.Text;
using System.Text.Json;
using StreamSegmenter.Cmd.Tests.Support;
using StreamSegmenter.Oracle;

namespace StreamSegmenter.Cmd.Tests.Diff;

/// <summary>Every expected line is worked out by hand, or by the oracle.</summary>
public sealed class DiffTests : IDisposable
{
    private const string Events = """
        {"type":"track","event":"buy","userId":"ann","messageId":"1","timestamp":"2024-01-01T00:00:00Z"}
        {"type":"track","event":"buy","userId":"ann","messageId":"2","timestamp":"2024-01-02T00:00:00Z"}
        {"type":"track","event":"buy","userId":"bob","messageId":"3","timestamp":"2024-01-02T00:00:00Z"}
        {"type":"track","event":"buy","userId":"ann","messageId":"4","timestamp":"2024-01-03T00:00:00Z"}
        {"type":"track","event":"buy","userId":"bob","messageId":"5","timestamp":"2024-01-03T00:00:00Z"}
        {"type":"track","event":"view","userId":"cat","messageId":"6","timestamp":"2024-01-03T00:00:00Z"}

        """;

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task Edited_added_removed_and_dependent_segments_are_told_with_their_customers()
    {
        var answer = await DiffAsync(
            """
            segments {
              fan { rule = "count(buy) >= 2" }
              gone { rule = "exists(buy)" }
              read { rule = "in(\"fan\")" }
              same { rule = "exists( any )  # all" }
            }
            """,
            """
            segments {
              fan { rule = "count(buy) >= 3" }
              new { rule = "not exists(buy)" }
              read { rule = "in(\"fan\")" }
              same { rule = "EXISTS(any)" }
            }
            """
        );

        answer.ShouldBe(
            new(
                0,
                """
                6 events, up to 2024-01-03T00:00:00.000Z

                fan (edited)
                  - count(buy) >= 2
                  + count(buy) >= 3
                  members      2 → 1: 0 would enter, 1 would leave, 1 stay
                  transitions  2 → 1
                  would leave  bob

                gone (removed)
                  - exists(buy)
                  members      2 → 0: 0 would enter, 2 would leave, 0 stay
                  transitions  2 → 0
                  would leave  ann, bob

                new (added)
                  + not exists(buy)
                  members      0 → 1: 1 would enter, 0 would leave, 0 stay
                  transitions  0 → 1
                  would enter  cat

                read (rule unchanged)
                  members      2 → 1: 0 would enter, 1 would leave, 1 stay
                  transitions  2 → 1
                  would leave  bob

                no difference: same

                """,
                ""
            )
        );
    }

    [Fact]
    public async Task Until_moves_both_versions_on()
    {
        const string old = """segments.s { rule = "exists(buy, 10d)" }""";
        const string @new = """segments.s { rule = "exists(buy, 20d)" }""";

        (await DiffAsync(old, @new)).Output.ShouldContain("members      2 → 2: 0 would enter, 0 would leave, 2 stay");
        var later = await DiffAsync(old, @new, "--until", "2024-01-15");
        later.OutputLines[0].ShouldBe("6 events, up to 2024-01-15T00:00:00.000Z");
        later.Output.ShouldContain("members      0 → 2: 2 would enter, 0 would leave, 0 stay");
        later.Output.ShouldContain("transitions  4 → 2\n");
    }

    [Fact]
    public async Task As_many_transitions_at_other_times_are_a_difference() =>
        (
            await DiffAsync(
                """segments.s { rule = "exists(buy, 10d)" }""",
                """segments.s { rule = "exists(buy, 11d)" }""",
                "--until",
                "2024-03-01"
            )
        ).Output.ShouldContain("transitions  4 → 4, other ones\n");

    [Fact]
    public async Task The_same_twice_makes_no_difference() =>
        (await DiffAsync("""segments.s { rule = "true" }""", """segments.s { rule = "true" }""")).ShouldBe(
            new(0, "6 events, up to 2024-01-03T00:00:00.000Z\n\nno difference: s\n", "")
        );

    [Fact]
    public async Task No_more_customers_are_named_than_asked_for()
    {
        const string old = "segments {}";
        const string @new = """segments.all { rule = "true" }""";

        (await DiffAsync(old, @new, "--samples", "2")).OutputLines[^1].ShouldBe("  would enter  ann, bob and 1 more");
        (await DiffAsync(old, @new, "--samples", "0")).OutputLines[^1].ShouldBe("  transitions  0 → 3");
    }

    [Fact]
    public async Task A_program_reads_the_same_as_json()
    {
        var answer = await DiffAsync(
            """segments.fan { rule = "count(buy) >= 2" }""",
            """segments { fan { rule = "count(buy)>=3" }, new { rule = "not exists(buy)" } }""",
            "--json"
        );

        answer.ExitCode.ShouldBe(0);
        JsonSerializer
            .Serialize(JsonDocument.Parse(answer.Output))
            .ShouldBe(
                JsonSerializer.Serialize(
                    JsonDocument.Parse(
                        """
                        {
                          "events": 6,
                          "until": "2024-01-03T00:00:00.000Z",
                          "segments": [
                            {
                              "segment": "fan",
                              "rule": "edited",
                              "old": { "rule": "count(buy) >= 2", "members": 2, "transitions": 2 },
                              "new": { "rule": "count(buy) >= 3", "members": 1, "transitions": 1 },
                              "enter": { "count": 0, "sample": [] },
                              "leave": { "count": 1, "sample": ["bob"] },
                              "stay": 1
                            },
                            {
                              "segment": "new",
                              "rule": "added",
                              "old": null,
                              "new": { "rule": "not exists(buy)", "members": 1, "transitions": 1 },
                              "enter": { "count": 1, "sample": ["cat"] },
                              "leave": { "count": 0, "sample": [] },
                              "stay": 0
                            }
                          ]
                        }
                        """
                    )
                )
            );
    }

    [Fact]
    public async Task What_is_no_event_is_told_once_and_makes_the_exit_code_2()
    {
        var answer = await SegctlRun.InProcessAsync(
            Encoding.UTF8.GetBytes(Events + "nonsense\n"),
            [.. Arguments("segments {}", """segments.s { rule = "true" }"""), "--events", "-"]
        );

        answer.ExitCode.ShouldBe(2);
        answer.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("line 7: ");
        answer.OutputLines[0].ShouldBe("6 events, up to 2024-01-03T00:00:00.000Z");
    }

    [Fact]
    public async Task What_is_wrong_with_both_versions_is_told_at_once()
    {
        var answer = await DiffAsync("segments.a { }", "segments.b { }");

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.ErrorLines.Select(static line => line.Split(": ")[1]).ShouldBe(["segments.a.rule", "segments.b.rule"]);
    }

    [Fact]
    public async Task Ids_cannot_steer_a_terminal()
    {
        var answer = await SegctlRun.InProcessAsync(
            """{"type":"page","userId":"a\u001b[2Jb","timestamp":"2024-01-01T00:00:00Z"}"""u8.ToArray(),
            [.. Arguments("segments {}", """segments.s { rule = "true" }"""), "--events", "-"]
        );

        answer.OutputLines[^1].ShouldBe("  would enter  a?[2Jb");
    }

    [Fact]
    public async Task Orders_of_a_retailer_give_the_counts_of_the_oracle()
    {
        const string old = "sum(\"Order Completed\".revenue, 7d) > 500";
        const string @new = "sum(\"Order Completed\".revenue, 5d) > 400";
        string events = Path.Combine(AppContext.BaseDirectory, "TestData", "events", "online_retail.ndjson");
        string[] lines = await File.ReadAllLinesAsync(events);
        var until = new DateTimeOffset(2010, 12, 16, 0, 0, 0, TimeSpan.Zero);
        HashSet<string> before = Members(old);
        HashSet<string> after = Members(@new);

        var answer = await SegctlRun.InProcessAsync(
            default,
            [.. Arguments(Config(old), Config(@new)), "--events", events, "--until", "2010-12-16"]
        );

        int stay = before.Intersect(after, StringComparer.Ordinal).Count();
        stay.ShouldBeInRange(1, Math.Min(before.Count, after.Count) - 1);
        answer.Output.ShouldContain(
            $"members      {before.Count} → {after.Count}: {after.Count - stay} would enter, "
                + $"{before.Count - stay} would leave, {stay} stay\n"
        );

        HashSet<string> Members(string rule) =>
            [
                .. OracleRun
                    .Simulate(new OracleConfig([new("s", rule)]), lines, until)
                    .Transitions.GroupBy(static t => t.Customer, StringComparer.Ordinal)
                    .Where(static customer => customer.Last().Entered)
                    .Select(static customer => customer.Key),
            ];

        static string Config(string rule) => $"segments.s {{ rule = {JsonSerializer.Serialize(rule)} }}";
    }

    private Task<SegctlAnswer> DiffAsync(string old, string @new, params string[] more) =>
        SegctlRun.InProcessAsync(
            default,
            [.. Arguments(old, @new), "--events", _workplace.Write("events.ndjson", Events), .. more]
        );

    private string[] Arguments(string old, string @new) =>
        ["diff", "--old", _workplace.Write("old.conf", old), "--new", _workplace.Write("new.conf", @new)];
}
