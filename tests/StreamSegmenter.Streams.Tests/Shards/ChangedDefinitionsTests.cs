using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.Tests.Shards.Support;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>
/// Random rules replaced by others in the middle of random events: in the end everybody is where the new rules, in
/// force from the start, would have them.
/// </summary>
public sealed class ChangedDefinitionsTests
{
    // How long a duplicate is recognised depends on all windows; here it always is, so that segments are alone with
    // their own rules.
    private static readonly TimeSpan DedupeHorizon = TimeSpan.FromDays(10_000);
    private static readonly RuleSetOptions Options = new(NodaTime.DateTimeZone.Utc, DedupeHorizon);

    [Fact]
    public void After_a_change_memberships_are_those_of_the_new_rules()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            try
            {
                Live(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    private static void Live(int seed)
    {
        Random random = new(seed);
        RandomCase before = RandomCases.Create(seed, CaseLevel.Basic);
        RandomCase after = RandomCases.Create(seed + 10_000, CaseLevel.Basic);
        SegmentActions[] old = Segments(before, "old");
        SegmentActions[] added = Segments(after, "new");
        SegmentActions[] mixed = [.. added, .. old.Where(_ => random.Next(2) == 0)];
        // A segment that others read stays with them.
        if (mixed.Any(segment => segment.Segment.Rule.Contains("in(", StringComparison.Ordinal)))
        {
            mixed = [.. added, .. old];
        }

        ShardRig rig = new(old)
        {
            Options = new() { TickInterval = TimeSpan.FromDays(2), BatchRecords = 4 },
        };
        rig.Define(old, Options);
        CaseLine[] lines = [.. before.Lines.Select(CaseLine.Read)];
        rig.BeginAt(lines.First(line => line.Time is not null).Time!.Value);
        List<OracleRecord> records = [];
        int change = random.Next(lines.Length);
        RunningShard shard = rig.Start();
        for (int i = 0; i < lines.Length; i++)
        {
            if (i == change)
            {
                shard.Kill();
                rig.Define(mixed, Options);
                shard = rig.Start();
            }

            MoveTo(rig, lines[i].Time);
            records.Add(new(rig.Now.Milliseconds, lines[i].Json));
            rig.Append(lines[i].Record);
        }

        MoveTo(rig, before.Until);
        shard.Kill();
        rig.Start().Stop();
        Check(rig, records, old, mixed);
    }

    private static void Check(ShardRig rig, List<OracleRecord> records, SegmentActions[] old, SegmentActions[] mixed)
    {
        List<OracleTransition> actual = [.. rig.Transitions().Select(Scripted.ToOracle)];
        IReadOnlyList<OracleTransition> expected = Simulate(rig, records, mixed);
        Members(actual).ShouldBe(Members(expected));
        foreach (var history in actual.GroupBy(t => (t.Customer, t.Segment)))
        {
            history.Select(t => t.Sequence).ShouldBe(Enumerable.Range(1, history.Count()));
            history.ShouldAllBe(t => t.Entered == (t.Sequence % 2 == 1));
        }

        // Segments in force before and after are untouched.
        HashSet<string> kept = [.. old.Intersect(mixed).Select(segment => segment.Segment.Name.Value)];
        List<OracleTransition> untouched = [.. actual.Where(t => kept.Contains(t.Segment))];
        untouched.Except(expected).ShouldBeEmpty();
        untouched.ShouldBe(expected.Where(t => kept.Contains(t.Segment)));
        rig.Observed.ShouldBeUnique();
        rig.Pushes()
            .Select(push => Scripted.Json(push.Push.Content).GetProperty("transition").GetProperty("cause").GetString())
            .ShouldAllBe(cause => cause == "event" || cause == "time");
    }

    private static List<(string Customer, string Segment)> Members(IEnumerable<OracleTransition> history) =>
        [
            .. history
                .GroupBy(t => (t.Customer, t.Segment))
                .Where(group => group.MaxBy(t => t.Sequence)!.Entered)
                .Select(group => group.Key)
                .Order(),
        ];

    private static IReadOnlyList<OracleTransition> Simulate(
        ShardRig rig,
        List<OracleRecord> records,
        SegmentActions[] segments
    ) =>
        OracleRun
            .Simulate(
                new OracleConfig([.. segments.Select(s => new OracleSegment(s.Segment.Name.Value, s.Segment.Rule))])
                {
                    DedupeHorizon = DedupeHorizon,
                },
                records,
                rig.Loop.Time.GetUtcNow().AddMilliseconds(-1)
            )
            .Transitions;

    private static SegmentActions[] Segments(RandomCase @case, string prefix) =>
        [
            .. @case.Segments.Select(s =>
                Scripted.Segment(
                    $"{prefix}-{s.Name}",
                    s.Rule.Replace("in(\"s", $"in(\"{prefix}-s", StringComparison.Ordinal)
                )
            ),
        ];

    private static void MoveTo(ShardRig rig, DateTimeOffset? time)
    {
        if (time > rig.Loop.Time.GetUtcNow())
        {
            rig.Advance(time.Value - rig.Loop.Time.GetUtcNow());
        }
    }
}
