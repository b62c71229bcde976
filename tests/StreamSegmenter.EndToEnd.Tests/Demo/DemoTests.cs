using System.Globalization;
using System.Text.RegularExpressions;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Support;
using StreamSegmenter.Node.Configuration;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Demo;

/// <summary>What somebody sees who tries StreamSegmenter for the first time.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed partial class DemoTests(DemoReplay replay, ITestOutputHelper output) : IClassFixture<DemoReplay>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task The_demo_runs_to_its_end_and_leaves_nothing_behind()
    {
        await using SegmenterProcess demo = SegmenterProcess.Start("demo");
        (await demo.WaitForExitAsync(Longest)).ShouldBe(0, demo.Errors);
        output.WriteLine(demo.Output[demo.Output.IndexOf("Summary", StringComparison.Ordinal)..]);

        demo.Errors.ShouldBe("");
        demo.Output.ShouldMatch(@"(?m)^  \S+ \S+  acct-harborline +entered +at-risk-vip +event demo-063$");
        demo.Output.ShouldMatch(@"(?m)^\[chat\] [0-9a-f]{32} .*Harborline Logistics");
        demo.Output.ShouldMatch(@"(?m)^\[helpdesk\] [0-9a-f]{32} .*dana\.whitfield@harborline\.example");
        demo.Output.ShouldMatch(@"(?m)^  events accepted +1,636, 0 dead letters$");
        demo.Output.ShouldMatch(@"(?m)^  pushes to (chat|helpdesk) +(\d+): \2 delivered$");
        demo.Output.ShouldMatch(@"(?m)^  members of at-risk-vip +2$");
        demo.Output.ShouldMatch(@"(?m)^  rate +[\d,]+ events/s");
        demo.Output.ShouldMatch(
            @"(?m)^  receipt to push +[\d,]+ ms median, [\d,]+ ms 99th percentile, \d+ pushes live$"
        );
        Row()
            .Matches(demo.Output)
            .Select(row => row.Groups["value"].Index + row.Groups["value"].Length - row.Index)
            .Distinct()
            .Count()
            .ShouldBe(1, "figures stand in one column");
        demo.Output.ShouldContain("Try next:");
        Directory.Exists(StateDirectory().Match(demo.Output).Groups["place"].Value).ShouldBeFalse();
    }

    [Fact]
    public async Task The_demo_does_what_simulate_says()
    {
        await using SegmenterProcess demo = SegmenterProcess.Start("demo");
        (await demo.WaitForExitAsync(Longest)).ShouldBe(0, demo.Errors);
        PrintedTransition[] shown = [.. InOrder(TransitionLine().Matches(demo.Output).Select(Read))];
        PrintedTransition[] simulated = [.. InOrder(replay.Transitions.Where(t => t.At <= replay.LastEvent))];

        shown
            .Select(t => (t.Customer, t.Segment, t.Entered, t.Cause))
            .ShouldBe(simulated.Select(t => (t.Customer, t.Segment, t.Entered, t.Cause)));
        // The demo has moved the events, shows whole seconds, and its last event takes a moment to arrive.
        TimeSpan moved = shown.Max(t => t.At) - replay.LastEvent;
        shown.Zip(simulated, (s, t) => (s.At - moved - t.At).Duration()).Max().ShouldBeLessThan(Tolerance);
        PushLine()
            .Matches(demo.Output)
            .CountBy(match => match.Groups["connector"].Value, StringComparer.Ordinal)
            .ShouldBe(CountPushes(simulated), ignoreOrder: true);
    }

    private static IEnumerable<PrintedTransition> InOrder(IEnumerable<PrintedTransition> transitions) =>
        transitions
            .OrderBy(t => t.Customer, StringComparer.Ordinal)
            .ThenBy(t => t.Segment, StringComparer.Ordinal)
            .ThenBy(t => t.At);

    private static PrintedTransition Read(Match line) =>
        new(
            DateTimeOffset.ParseExact(
                line.Groups["at"].Value,
                "yyyy-MM-dd HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            ),
            line.Groups["customer"].Value,
            line.Groups["segment"].Value,
            line.Groups["kind"].Value == "entered",
            line.Groups["cause"].Value
        );

    /// <summary>How many pushes each connector has to get, cooldowns observed.</summary>
    private static Dictionary<string, int> CountPushes(IEnumerable<PrintedTransition> transitions)
    {
        var loaded = ConfigurationLoader
            .Load(new() { File = DemoReplay.Config })
            .ShouldBeOfType<ConfigurationResult.Loaded>();
        var segments = loaded.Configuration.Segments.ToDictionary(s => s.Segment.Name.Value, StringComparer.Ordinal);
        Dictionary<(string, string), DateTimeOffset> lastEnters = [];
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (PrintedTransition t in transitions)
        {
            var segment = segments[t.Segment];
            bool isEarly =
                t.Entered
                && lastEnters.TryGetValue((t.Customer, t.Segment), out DateTimeOffset last)
                && t.At < last + segment.Segment.Cooldown;
            if (isEarly)
            {
                continue;
            }

            if (t.Entered)
            {
                lastEnters[(t.Customer, t.Segment)] = t.At;
            }

            foreach (var push in t.Entered ? segment.OnEnter : segment.OnExit)
            {
                counts[push.To.Value] = counts.GetValueOrDefault(push.To.Value) + 1;
            }
        }

        return counts;
    }

    [GeneratedRegex(@"state is in (?<place>\S+)\.$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StateDirectory();

    [GeneratedRegex(
        @"^  (?<at>\S+ \S+)  (?<customer>\S+) +(?<kind>entered|left) +(?<segment>\S+) +(?<cause>event|time)",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TransitionLine();

    [GeneratedRegex(@"^\[(?<connector>\w+)\] [0-9a-f]{32} ", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PushLine();

    [GeneratedRegex(
        @"^  (?:events|transitions|pushes|members|rate|receipt)[a-z -]* +(?<value>[\d,]*\d)",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row();
}
