using StreamSegmenter.Conformance.Expectations;
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
    public void After_a_change_memberships_are_those_of_the_new_rules() => Scripted.ForSeeds(usual: 150, Live);

    private static void Live(int seed)
    {
        Random random = new(seed);
        RandomCase @case = RandomCases.Create(seed, CaseLevel.Basic);
        SegmentActions[] old = Segments(@case, "old");
        SegmentActions[] added = Segments(RandomCases.Create(seed + 10_000, CaseLevel.Basic), "new");
        SegmentActions[][] versions = [old, Mix(random, added, old), Mix(random, old, added)];

        ShardRig rig = new(old)
        {
            Options = new() { TickInterval = TimeSpan.FromDays(2), BatchRecords = 4 },
        };
        rig.Define(old, Options);
        CaseLine[] lines = [.. @case.Lines.Select(CaseLine.Read)];
        rig.BeginAt(lines.First(line => line.Time is not null).Time!.Value);
        List<OracleRecord> records = [];
        Queue<int> changes = new(new[] { random.Next(lines.Length), random.Next(lines.Length) }.Order());
        int version = 0;
        Func<StoreCall, Fault> plan = _ => seed % 2 == 0 || random.Next(10) > 0 ? Fault.None : (Fault)random.Next(1, 3);
        RunningShard shard = rig.Start(plan: plan);
        for (int i = 0; i < lines.Length; i++)
        {
            for (; changes.TryPeek(out int change) && change == i; changes.Dequeue())
            {
                shard.Kill();
                rig.Define(versions[++version], Options);
                shard = rig.Start(plan: plan);
            }

            MoveTo(rig, lines[i].Time);
            records.Add(new(rig.Now.Milliseconds, lines[i].Json));
            rig.Append(lines[i].Record);
            shard = shard.Error is CrashedException ? rig.Start(plan: plan) : shard;
        }

        MoveTo(rig, @case.Until);
        shard.Kill();
        rig.Start().Stop();
        Check(rig, records, versions);
    }

    // A segment that others read stays with them.
    private static SegmentActions[] Mix(Random random, SegmentActions[] all, SegmentActions[] some) =>
        [
            .. all,
            .. some.Any(segment => segment.Segment.Rule.Contains("in(", StringComparison.Ordinal))
                ? some
                : some.Where(_ => random.Next(2) == 0),
        ];

    private static void Check(ShardRig rig, List<OracleRecord> records, SegmentActions[][] versions)
    {
        List<OracleTransition> actual = [.. rig.Transitions().Select(OracleForm.ToOracle)];
        IReadOnlyList<OracleTransition> expected = Simulate(rig, records, versions[^1]);
        Members(actual).ShouldBe(Members(expected));
        foreach (var history in actual.GroupBy(t => (t.Customer, t.Segment)))
        {
            history.Select(t => t.Sequence).ShouldBe(Enumerable.Range(1, history.Count()));
            history.ShouldAllBe(t => t.Entered == (t.Sequence % 2 == 1));
        }

        // Segments that were always in force are untouched.
        HashSet<string> kept =
        [
            .. versions
                .Aggregate<IEnumerable<SegmentActions>>((a, b) => a.Intersect(b))
                .Select(s => s.Segment.Name.Value),
        ];
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
