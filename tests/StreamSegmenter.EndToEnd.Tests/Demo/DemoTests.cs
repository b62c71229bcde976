using System.Text.RegularExpressions;
using StreamSegmenter.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Demo;

/// <summary>What somebody sees who tries StreamSegmenter for the first time.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed partial class DemoTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_demo_runs_to_its_end_and_leaves_nothing_behind()
    {
        await using SegmenterProcess demo = SegmenterProcess.Start("demo");
        (await demo.WaitForExitAsync(Longest)).ShouldBe(0, demo.Errors);
        output.WriteLine(demo.Output[demo.Output.IndexOf("Summary", StringComparison.Ordinal)..]);

        demo.Errors.ShouldBe("");
        demo.Output.ShouldMatch(@"(?m)^  acct-harborline +entered at-risk-vip +event \S+$");
        demo.Output.ShouldMatch(@"(?m)^\[chat\] [0-9a-f]{32} .*Harborline Logistics");
        demo.Output.ShouldMatch(@"(?m)^\[helpdesk\] [0-9a-f]{32} .*dana\.whitfield@harborline\.example");
        demo.Output.ShouldMatch(@"(?m)^  events accepted +1,636, 0 dead letters$");
        demo.Output.ShouldMatch(@"(?m)^  pushes to (chat|helpdesk) +\d+ delivered, 0 given up$");
        demo.Output.ShouldMatch(@"(?m)^  members of at-risk-vip +2$");
        demo.Output.ShouldMatch(@"(?m)^  rate +[\d,]+ events/s");
        demo.Output.ShouldMatch(@"(?m)^  receipt to push +[\d,]+ ms median, [\d,]+ ms 99th percentile");
        demo.Output.ShouldContain("Try next:");
        Directory.Exists(StateDirectory().Match(demo.Output).Groups["place"].Value).ShouldBeFalse();
    }

    [Fact]
    public async Task The_demo_makes_the_same_transitions_every_time()
    {
        string[] first = await TransitionsAsync();
        first.Length.ShouldBeGreaterThan(300);
        (await TransitionsAsync()).ShouldBe(first);
    }

    // Shards print as they commit, so that only the order within one customer is given.
    private static async Task<string[]> TransitionsAsync()
    {
        await using SegmenterProcess demo = SegmenterProcess.Start("demo");
        (await demo.WaitForExitAsync(Longest)).ShouldBe(0, demo.Errors);
        return [.. TransitionLine().Matches(demo.Output).Select(match => match.Value).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"state is in (?<place>\S+)\.$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StateDirectory();

    [GeneratedRegex(@"^  \S+ +(?:entered|left   ) \S+ .*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TransitionLine();
}
