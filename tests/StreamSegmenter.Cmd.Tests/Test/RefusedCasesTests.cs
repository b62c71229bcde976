using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Test;

public sealed class RefusedCasesTests : IDisposable
{
    private const string Vip = """segments.vip { rule = "exists(purchase)" }""";

    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Theory]
    [InlineData("case { }", "1:1: case: unknown key; did you mean cases?")]
    [InlineData("a = 1, cases = 1", "cases: there are none; write cases { \"enters at once\" { ... } }")]
    [InlineData("cases.x = 1", "1:11: cases.x: expected an object, got a number; write { ... }")]
    [InlineData(
        "cases.x { expct = never }",
        "1:11: cases.x.expct: unknown key; did you mean expect?",
        "cases.x.expect: expects nothing; write expect = never, or e.g. expect = [ { enters = 3d }, { leaves = 31d } ]"
    )]
    [InlineData(
        "cases.x { expect = [ ] }",
        "1:20: cases.x.expect: expects nothing; write expect = never, or e.g. expect = [ { enters = 3d }, { leaves = 31d } ]"
    )]
    [InlineData(
        "cases.x { expect = [ { enters = 3 } ] }",
        "1:33: cases.x.expect[0].enters: expected a time, got \"3\"; write e.g. 30d, 1d12h, 30d-1ms or \"2024-01-31T12:00:00Z\""
    )]
    [InlineData(
        "cases.x { expect = [ { by = event } ] }",
        "1:22: cases.x.expect[0].enters: says not what is expected; write one of { enters = 3d }, { leaves = 31d }, { in = 10d }, { out = 2d }"
    )]
    [InlineData(
        "cases.x { expect = [ { enters = 3d, leaves = 4d } ] }",
        "1:22: cases.x.expect[0].enters: expects several things; write one of { enters = 3d }, { leaves = 31d }, { in = 10d }, { out = 2d }"
    )]
    [InlineData(
        "cases.x { expect = [ { enters = 3d, by = magic } ] }",
        "1:42: cases.x.expect[0].by: expected event or time, got \"magic\"; write by = event or by = time"
    )]
    [InlineData(
        "cases.x { expect = [ { enters = 3d, sends = chat } ] }",
        "1:45: cases.x.expect[0].sends: expected an array of strings, got a string; write sends = [ chat, helpdesk ]"
    )]
    [InlineData(
        "cases.x { expect = [ { in = 3d, by = event } ] }",
        "1:33: cases.x.expect[0].by: unknown key; remove it; known here: customer, in, segment"
    )]
    [InlineData(
        "cases.x { expect = [ { enters = 3d, segment = vop } ] }",
        "1:20: cases.x.expect: there is no segment \"vop\"; known here: vip"
    )]
    [InlineData(
        "cases.x { expect = never, events = [ { track = a } ] }",
        "1:38: cases.x.events[0].at: has no value; add at = 1d"
    )]
    [InlineData(
        "cases.x { expect = never, events = [ { at = 0d } ] }",
        "1:38: cases.x.events[0].track: says not what kind of event it is; write one of track, page, screen, identify, group, alias, e.g. { at = 1d, track = \"Order Completed\", properties { revenue = 99.5 } }"
    )]
    [InlineData(
        "cases.x { expect = never, events = [ { at = 0d, trak = a } ] }",
        "1:49: cases.x.events[0].trak: unknown key; did you mean track?"
    )]
    [InlineData(
        "cases.x { expect = never, events = [ { at = 0d, page = a } ] }",
        "1:56: cases.x.events[0].page: expected an object, got a string; write page { ... }"
    )]
    [InlineData(
        "cases.x { expect = never, events = [ { at = 0d, page {}, times = none } ] }",
        "1:66: cases.x.events[0].times: expected a whole number above 0, got \"none\"; write e.g. times = 3"
    )]
    [InlineData(
        "cases.x { expect = never, events = [ { at = 0d, page {}, every = 1y } ] }",
        "1:66: cases.x.events[0].every: expected a duration, got \"1y\"; write e.g. every = 1d"
    )]
    [InlineData(
        "cases.x { expect = never, events = [ { at = 9d, page {} } ], until = 8d }",
        "1:70: cases.x.until: ends before the last time in the case, 9d; write a later time or remove it"
    )]
    [InlineData(
        "start = someday, cases.x { expect = never }",
        "1:9: start: expected a time, got \"someday\"; write e.g. 30d, 1d12h, 30d-1ms or \"2024-01-31T12:00:00Z\""
    )]
    public async Task A_wrong_case_is_refused_with_its_place_and_the_cure(string text, params string[] problems)
    {
        _workplace.Write("vip.conf", Vip);
        var answer = await TestAsync(_workplace.Write("vip.cases.conf", text));

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        foreach (string problem in problems)
        {
            answer.Error.ShouldContain(problem);
        }
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_is_refused()
    {
        _workplace.Write("vip.conf", "segments.vip { rule = \"exist(purchase)\" }");
        var answer = await TestAsync(_workplace.Write("vip.cases.conf", "cases.x { expect = never }"));

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer
            .ErrorLines[0]
            .ShouldBe(
                $"{_workplace.PathOf("vip.conf")}:1:24: segments.vip.rule: "
                    + "there is no function 'exist'. Did you mean exists?"
            );
    }

    [Fact]
    public async Task A_case_must_say_which_of_several_segments_it_is_about()
    {
        _workplace.Write("many.conf", "segments { a { rule = \"true\" }, b { rule = \"true\" } }");
        var answer = await TestAsync(_workplace.Write("many.cases.conf", "cases.x { expect = never }"));

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldStartWith(
            $"{_workplace.PathOf("many.cases.conf")}:1:9: cases.x: says not which segment it is about; "
                + "add segment = NAME to the case or at the top of the file\n"
        );
    }

    [Fact]
    public async Task Cases_without_a_configuration_are_refused()
    {
        var answer = await TestAsync(_workplace.Write("some.conf", "cases.x { expect = never }"));

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldEndWith("config: has no value; add config = \"demo.conf\", or give --config\n");
    }

    [Fact]
    public async Task A_name_that_is_nothing_is_refused() =>
        (await TestAsync("no.cases.conf")).ShouldBe(
            new(1, "", "no.cases.conf: there is no such file or directory; correct its name\n")
        );

    [Fact]
    public async Task A_directory_without_cases_is_refused() =>
        (await TestAsync(_workplace.PathOf("."))).ShouldBe(
            new(1, "", "there are no cases; name files, or directories with files *.cases.conf\n")
        );

    private static Task<SegctlAnswer> TestAsync(string path) => SegctlRun.InProcessAsync(default, "test", path);
}
