using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Tests.Timelines.Support;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

public sealed class LaneTests
{
    private abstract record Step
    {
        public sealed record Insert(long Time, decimal Value) : Step;

        public sealed record Evict(long Time, int Keep) : Step;

        public sealed record DropOldest(int Count) : Step;

        public sealed record Sum(int From, int To) : Step;
    }

    // Late times and equal times are common; evictions come often enough that entries move to the front.
    private static Gen<Step[]> Steps { get; } =
        Gen.Frequency(
                (
                    12,
                    from time in Gen.Choose(0, 40)
                    from value in Amounts.Any
                    select (Step)new Step.Insert(time, value)
                ),
                (
                    2,
                    from time in Gen.Choose(-1, 41)
                    from keep in Gen.Choose(0, 2)
                    select (Step)new Step.Evict(time, keep)
                ),
                (1, from count in Gen.Choose(0, 3) select (Step)new Step.DropOldest(count)),
                (3, from a in Gen.Choose(0, 100) from b in Gen.Choose(0, 100) select (Step)new Step.Sum(a, b))
            )
            .ArrayOf()
            .Resize(120);

    [Theory]
    [InlineData(nameof(LaneContent.Times), 0)]
    [InlineData(nameof(LaneContent.Numbers), 0)]
    [InlineData(nameof(LaneContent.Values), 0)]
    [InlineData(nameof(LaneContent.Times), 3)]
    [InlineData(nameof(LaneContent.Numbers), 3)]
    [InlineData(nameof(LaneContent.Values), 3)]
    public void A_lane_is_a_sorted_list(string content, int capacity) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(100),
            Prop.ForAll(Arb.From(Steps), steps => Follows(Enum.Parse<LaneContent>(content), capacity, steps))
        );

    private static bool Follows(LaneContent content, int capacity, Step[] steps)
    {
        var lane = new Lane(content, capacity);
        var model = new List<(long Time, decimal Value)>();
        foreach (Step step in steps)
        {
            switch (step)
            {
                case Step.Insert(var time, var value):
                    model.Insert(model.FindLastIndex(entry => entry.Time <= time) + 1, (time, value));
                    lane.Insert(new(time), RuleValue.Number(value));
                    break;
                case Step.Evict(var time, var keep):
                    int newest = Math.Max(0, model.Count - keep);
                    model.RemoveRange(0, Math.Min(newest, model.Count(entry => entry.Time <= time)));
                    lane.Evict(new(time), keep);
                    break;
                case Step.DropOldest(var count):
                    count = Math.Min(count, model.Count);
                    model.RemoveRange(0, count);
                    lane.DropOldest(count);
                    break;
                case Step.Sum(var from, var to) when content == LaneContent.Numbers:
                    (from, to) = (from % (model.Count + 1), to % (model.Count + 1));
                    SumOf(lane, model, Math.Min(from, to), Math.Max(from, to));
                    break;
            }

            Compare(lane, model, content);
        }

        return true;
    }

    private static void SumOf(Lane lane, List<(long Time, decimal Value)> model, int from, int to)
    {
        BigInteger exact = model[from..to].Aggregate(BigInteger.Zero, (sum, entry) => sum + Amounts.Exact(entry.Value));
        decimal sum = lane.Sum(lane.Start + from, lane.Start + to);
        Amounts.IsNearest(sum, exact, 28).ShouldBeTrue($"{sum} for {exact}e-28");
    }

    private static void Compare(Lane lane, List<(long Time, decimal Value)> model, LaneContent content)
    {
        lane.Count.ShouldBe(model.Count);
        for (int i = 0; i < model.Count; i++)
        {
            lane.TimeAt(lane.Start + i).Milliseconds.ShouldBe(model[i].Time);
            if (content != LaneContent.Times)
            {
                lane.ValueAt(lane.Start + i).ShouldBe(RuleValue.Number(model[i].Value));
            }
        }

        for (long time = -1; time <= 41; time += 3)
        {
            int expected = lane.Start + model.Count(entry => entry.Time <= time);
            lane.FirstAfter(new Timestamp(time)).ShouldBe(expected);
        }
    }

    [Fact]
    public void What_enters_a_sum_and_leaves_it_cancels_to_nothing()
    {
        var lane = new Lane(LaneContent.Numbers);
        decimal[] values = [0.1m, 0.2m, 1e-10m, 12345678901234567890.12m, 1_000_000m];
        for (int i = 0; i < 5_000; i++)
        {
            lane.Insert(new(i), RuleValue.Number(values[i % 5] * (i % 2 == 0 ? 1 : -1)));
            if (i % 7 == 0)
            {
                lane.Sum(lane.Start, lane.End);
            }
        }

        lane.Sum(2_500, 2_510).ShouldBe(0);
    }

    [Fact]
    public void A_sum_beyond_128_bits_is_exact_and_comes_back_when_the_giants_leave()
    {
        var lane = new Lane(LaneContent.Numbers);
        lane.Insert(new(1), RuleValue.Number(decimal.MaxValue));
        lane.Insert(new(2), RuleValue.Number(1e-28m));
        lane.Insert(new(3), RuleValue.Number(-decimal.MaxValue));
        lane.Insert(new(4), RuleValue.Number(2));

        lane.Sum(0, 3).ShouldBe(1e-28m);
        lane.Sum(1, 2).ShouldBe(1e-28m);
        lane.Sum(0, 1).ShouldBe(decimal.MaxValue);
        lane.Evict(new(3), keep: 0);
        lane.Sum(lane.Start, lane.End).ShouldBe(2);
        lane.Insert(new(5), RuleValue.Number(0.5m));
        lane.Sum(lane.Start, lane.End).ShouldBe(2.5m);
    }

    [Fact]
    public void A_lane_through_which_entries_flow_does_not_grow()
    {
        var lane = new Lane(LaneContent.Values);
        for (int i = 0; i < 1_000; i++)
        {
            lane.Insert(new(i), RuleValue.Number(i));
            lane.Evict(new(i - 100), keep: 0);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1_000; i < 20_000; i++)
        {
            lane.Insert(new(i), RuleValue.Number(i));
            lane.Evict(new(i - 100), keep: 0);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        lane.Count.ShouldBe(100);
    }
}
