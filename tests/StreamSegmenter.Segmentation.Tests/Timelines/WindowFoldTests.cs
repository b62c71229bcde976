using NodaTime;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

/// <summary>
/// Folds over windows that move as a customer's do, while entries come late, go and are given up; against a look at
/// every entry.
/// </summary>
public sealed class WindowFoldTests
{
    private const long Hour = 3_600_000;

    private static readonly RuleValue[] Scalars =
    [
        RuleValue.Number(1),
        RuleValue.Number(1.0m),
        RuleValue.Number(2),
        RuleValue.String("1"),
        RuleValue.String("a"),
        RuleValue.Boolean(true),
        RuleValue.Boolean(false),
        RuleValue.Present,
        RuleValue.List([RuleValue.Number(1)]),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_extreme_is_that_of_the_entries(bool largest)
    {
        var fold = new ExtremeFold(largest);
        RunOver(
            LaneContent.Numbers,
            random => RuleValue.Number(random.Next(-4, 5)),
            (lane, from, to) =>
            {
                fold.MoveTo(lane, from, to);
                int[] entries = [.. Enumerable.Range(from, to - from)];
                decimal extreme = largest ? entries.Max(lane.NumberAt) : entries.Min(lane.NumberAt);
                Assert.Equal(extreme, fold.Extreme);
                Assert.Equal(lane.OrdinalOf(entries.Last(entry => lane.NumberAt(entry) == extreme)), fold[0].Ordinal);
            }
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void Different_values_are_counted(int moreNumbers)
    {
        RuleValue[] values = [.. Scalars, .. Enumerable.Range(3, moreNumbers).Select(n => RuleValue.Number(n))];
        var fold = new TallyFold();
        RunOver(
            LaneContent.Values,
            random => random.GetItems(values, 1)[0],
            (lane, from, to) =>
            {
                fold.MoveTo(lane, from, to);
                Assert.Equal(ScalarsIn(lane, from, to).Distinct().Count(), fold.Distinct);
            }
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void The_mode_is_the_most_frequent_value_and_of_several_the_smallest(int moreNumbers)
    {
        RuleValue[] values = [.. Scalars, .. Enumerable.Range(3, moreNumbers).Select(n => RuleValue.Number(n))];
        var fold = new ModeFold();
        RunOver(
            LaneContent.Values,
            random => random.GetItems(values, 1)[0],
            (lane, from, to) =>
            {
                fold.MoveTo(lane, from, to);
                RuleValue expected = ScalarsIn(lane, from, to)
                    .GroupBy(value => value)
                    .OrderByDescending(group => group.Count())
                    .ThenBy(group => group.Key.Kind)
                    .ThenBy(group => group.Key.Amount)
                    .ThenBy(group => group.Key.ToString(), StringComparer.Ordinal)
                    .Select(group => group.Key)
                    .FirstOrDefault();
                Assert.Equal(expected, fold.Mode);
            }
        );
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Apia")]
    public void Days_are_the_calendars(string zone)
    {
        DateTimeZone tz = DateTimeZoneProviders.Tzdb[zone];
        var fold = new DaysFold(new CalendarPeriods(tz));
        RunOver(
            LaneContent.Times,
            _ => RuleValue.Missing,
            (lane, from, to) =>
            {
                fold.MoveTo(lane, from, to);
                Assert.Equal(
                    Enumerable
                        .Range(from, to - from)
                        .Select(entry => lane.TimeAt(entry).Milliseconds)
                        .Select(time => Instant.FromUnixTimeMilliseconds(time).InZone(tz).Date)
                        .Distinct()
                        .Count(),
                    fold.Days
                );
            }
        );
    }

    private static RuleValue[] ScalarsIn(Lane lane, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(lane.ValueAt).Where(value => value.IsScalar)];

    // One fold serves all rounds: a lane made anew is one more thing that it must notice.
    private static void RunOver(LaneContent content, Func<Random, RuleValue> value, Action<Lane, int, int> check)
    {
        // Around the day that Apia left out.
        long start = Instant.FromUtc(2011, 12, 29, 0, 0).ToUnixTimeMilliseconds();
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var lane = new Lane(content);
            long now = start;
            for (int step = 0; step < 150; step++)
            {
                Change(lane, random, ref now, value);
                (int from, int to) = Window(lane, random, now);
                if (from < to)
                {
                    check(lane, from, to);
                }
            }
        }
    }

    private static void Change(Lane lane, Random random, ref long now, Func<Random, RuleValue> value)
    {
        now += random.Next(4) * Hour;
        switch (random.Next(12))
        {
            case 0:
                lane.Insert(new(now - (random.Next(40) * Hour)), value(random));
                break;
            case 1:
                lane.Evict(new(now - (random.Next(20, 60) * Hour)), keep: random.Next(2));
                break;
            case 2 when random.Next(4) == 0:
                lane.DropOldest(random.Next(lane.Count + 1) / 2);
                break;
            case 3:
                break;
            default:
                lane.Insert(new(now), value(random));
                break;
        }
    }

    private static (int From, int To) Window(Lane lane, Random random, long now)
    {
        // Mostly as a sliding window moves; sometimes somewhere else, as when an anchor jumps.
        long length = random.Next(8) == 0 ? random.Next(50) * Hour : 24 * Hour;
        long end = random.Next(8) == 0 ? now - (random.Next(20) * Hour) : now;
        return (lane.FirstAfter(new(end - length)), lane.FirstAfter(new(end)));
    }
}
