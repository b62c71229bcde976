using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Test;

/// <summary>Every expected line is worked out by hand.</summary>
public sealed class TestCommandTests : IDisposable
{
    private const string Vip = """
        segments.vip {
          rule = "count(purchase, 30d) >= 2"
          on-enter = [ { to = chat }, { to = helpdesk } ]
          on-exit = [ { to = chat } ]
          cooldown = 7d
        }
        """;

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task A_case_that_holds_is_a_line()
    {
        var answer = await TestAsync(
            """
            cases {
              "two purchases enter, and leave with the first" {
                events = [ { at = 0d, track = purchase }, { at = 1d, track = purchase } ]
                expect = [
                  { out = 1d-1ms }
                  { enters = 1d, by = event, sends = [ chat, helpdesk ] }
                  { in = 30d-1ms }
                  { leaves = 30d, by = time, sends = [ chat ] }
                  { out = 30d }
                ]
              }
            }
            """
        );

        answer.ShouldBe(
            new(
                0,
                $"""
                {_workplace.PathOf("vip.cases.conf")}
                  ok    two purchases enter, and leave with the first

                1 case: 1 passed

                """,
                ""
            )
        );
    }

    [Fact]
    public async Task A_case_that_fails_shows_what_was_expected_beside_what_happened()
    {
        var answer = await TestAsync(
            """
            cases {
              "wrong" {
                events = [ { at = 0d, track = purchase, times = 2, every = 1d } ]
                expect = [ { enters = 1d, by = time, sends = [ chat ] }, { leaves = 31d }, { in = 30d } ]
              }
            }
            """
        );

        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldBeEmpty();
        answer.OutputLines.ShouldBe([
            _workplace.PathOf("vip.cases.conf"),
            $"  FAIL  wrong ({_workplace.PathOf("vip.cases.conf")}:2:3)",
            "        c in vip:",
            "          - enters 1d           2024-01-02T00:00:00.000Z  by time, sends chat",
            "          + enters 1d           2024-01-02T00:00:00.000Z  by event, sends chat, helpdesk",
            "          + leaves 30d          2024-01-31T00:00:00.000Z  by time, sends chat",
            "          - leaves 31d          2024-02-01T00:00:00.000Z",
            "        c in vip at 30d: must be in, is not",
            "1 case: 0 passed, 1 failed (- expected, + happened instead)",
        ]);
    }

    [Fact]
    public async Task Never_means_up_to_the_last_time_in_the_case_or_until()
    {
        const string events = "events = [ { at = 0d, track = purchase, times = 2, every = 1d } ]";

        (await TestAsync($"cases.early {{ {events}, expect = never }}")).ExitCode.ShouldBe(2);
        (
            await TestAsync("cases.one { events = [ { at = 0d, track = purchase } ], expect = never, until = 9d }")
        ).ExitCode.ShouldBe(0);
        (await TestAsync($"cases.end {{ {events}, expect = [ {{ enters = 1d }} ] }}")).ExitCode.ShouldBe(0);
        (await TestAsync($"cases.end {{ {events}, expect = [ {{ enters = 1d }} ], until = 31d }}")).ExitCode.ShouldBe(
            2
        );
    }

    [Fact]
    public async Task In_and_out_alone_leave_the_rest_open() =>
        (
            await TestAsync(
                """
                cases.points {
                  events = [ { at = 0d, track = purchase, times = 2, every = 1d } ]
                  expect = [ { out = 23h }, { in = 2d } ]
                }
                """
            )
        ).ExitCode.ShouldBe(0);

    [Fact]
    public async Task Events_may_be_of_any_kind_and_of_any_customer()
    {
        _workplace.Write(
            "vip.conf",
            """
            segments {
              vip { rule = "profile.plan = \"pro\" and exists(page where path = \"/x\") and exists(group where name = \"acme\")" }
              seen { rule = "exists(screen where @context.ip = \"1\") and exists(alias)" }
            }
            """
        );
        var answer = await TestCasesAsync(
            """
            start = "2020-03-01T12:00:00Z"
            cases.all {
              customer = ann
              events = [
                { at = 3h, page { path = /x } }
                { at = 1h, identify { plan = pro } }
                { at = 2h, group { name = acme } }
                { at = "2020-03-01T16:00:00Z", screen {}, context { ip = "1" }, customer = bob }
                { at = 5h, alias { previous = b }, customer = bob }
              ]
              expect = [ { enters = 3h }, { enters = 5h, customer = bob, segment = seen }, { out = 5h, segment = seen } ]
            }
            """
        );

        answer.ExitCode.ShouldBe(0, answer.Output + answer.Error);
    }

    [Fact]
    public async Task Late_events_duplicates_and_cooldowns_are_as_in_life() =>
        (
            await TestAsync(
                """
                cases.life {
                  events = [
                    { at = 1d, track = purchase, message-id = m }
                    { at = 1d, received = 2d, track = purchase, message-id = m }
                    { at = 3d, received = 4d, track = purchase }
                    { at = 32d, track = purchase }
                    { at = 60d, track = purchase }
                  ]
                  expect = [
                    { enters = 4d, sends = [ chat, helpdesk ] }
                    { leaves = 31d }
                    { enters = 32d, sends = [ chat, helpdesk ] }
                    { leaves = 33d }
                    { enters = 60d }
                  ]
                }
                """
            )
        ).ExitCode.ShouldBe(0);

    [Fact]
    public async Task What_the_engine_does_not_take_fails_the_case()
    {
        _workplace.Write("vip.conf", Vip + "\nlimits.max-bytes = 1KiB");
        var answer = await TestCasesAsync(
            $$"""
            cases.large {
              events = [ { at = 0d, track = purchase, properties { text = "{{new string('x', 2000)}}" } } ]
              expect = never
            }
            """
        );

        answer.ExitCode.ShouldBe(2);
        answer.Output.ShouldContain("vip.cases.conf:2:14: the event was not taken: ");
    }

    [Fact]
    public async Task Directories_are_searched_and_another_configuration_may_be_given()
    {
        const string cases = "cases.c { events = [ { at = 0d, track = purchase } ], expect = never }";
        _workplace.Write("vip.conf", Vip);
        var other = _workplace.Write("other.conf", Vip.Replace(">= 2", ">= 1", StringComparison.Ordinal));
        Directory.CreateDirectory(_workplace.PathOf("deep"));
        Directory.CreateDirectory(_workplace.PathOf("bin"));
        var deep = _workplace.Write("deep/vip.cases.conf", "config = \"../vip.conf\"\n" + cases);
        _workplace.Write("bin/vip.cases.conf", cases);
        var top = _workplace.Write("vip.cases.conf", cases);

        var answer = await SegctlRun.InProcessAsync(default, "test", _workplace.PathOf("."));
        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines[^1].ShouldBe("2 cases: 2 passed");
        (await SegctlRun.InProcessAsync(default, "test", deep, top)).OutputLines[0].ShouldBe(deep);
        (await SegctlRun.InProcessAsync(default, "test", top, "--config", other)).ExitCode.ShouldBe(2);
    }

    private Task<SegctlAnswer> TestAsync(string cases)
    {
        _workplace.Write("vip.conf", Vip);
        return TestCasesAsync(cases);
    }

    private Task<SegctlAnswer> TestCasesAsync(string cases) =>
        SegctlRun.InProcessAsync(default, "test", _workplace.Write("vip.cases.conf", cases));
}
