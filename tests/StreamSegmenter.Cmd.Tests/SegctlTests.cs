using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests;

public sealed class SegctlTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("simulate", "--help")]
    [InlineData("validate", "--help")]
    [InlineData("test", "--help")]
    [InlineData("diff", "--help")]
    public async Task Help_tells_what_the_exit_codes_mean(params string[] arguments)
    {
        var answer = await SegctlRun.InProcessAsync(default, arguments);

        answer.ExitCode.ShouldBe(0);
        answer.Error.ShouldBeEmpty();
        answer.Output.ShouldContain("Usage:");
        answer.Output.ShouldContain("Exit codes:");
    }

    [Theory]
    [InlineData("simulate", "--events", "-")]
    [InlineData("simulate", "--config", "x.conf")]
    [InlineData("validate")]
    [InlineData("simulatte")]
    [InlineData("diff", "--old", "x.conf", "--events", "-")]
    [InlineData("diff", "--old", "x.conf", "--new", "x.conf")]
    [InlineData("diff", "--old", "x.conf", "--new", "x.conf", "--events", "-", "--samples", "-1")]
    [InlineData("validate", "--config", "x.conf", "--verbose")]
    public async Task Wrong_arguments_are_refused_without_a_word_on_standard_output(params string[] arguments)
    {
        var answer = await SegctlRun.InProcessAsync(default, arguments);

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldNotBeEmpty();
    }
}
