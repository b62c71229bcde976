using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// Compiles features to their bands; the band in which a value was is asked first. Where it is cheap, the instant of
/// the next change is that at which the value leaves its band; elsewhere, that at which any entry comes into or goes
/// out of the window.
/// </summary>
internal static class BandCompiler
{
    private const RuleValueKind Number = RuleValueKind.Number;

    // How many entries that are about to leave are looked at for the one that takes a sum out of its band.
    private const int EntriesAhead = 64;

    public static CompiledBand Compile(int index, BoundNode feature, ValueBands bands)
    {
        switch (feature)
        {
            case BoundAggregate { Function: AggregateFunction.Count, Window: BoundWindow.Sliding { Offset: 0 } } count:
                return Count(index, count.Lane, ((BoundWindow.Sliding)count.Window).Length, bands);
            case BoundAggregate { Function: AggregateFunction.Sum, Window: BoundWindow.Sliding { Offset: 0 } } sum:
                return Sum(index, sum.Lane, ((BoundWindow.Sliding)sum.Window).Length, bands);
            case BoundAggregate
            {
                Function: AggregateFunction.Min or AggregateFunction.Max,
                Window: BoundWindow.Sliding { Offset: 0 }
            } extreme:
                return Extreme(index, extreme, ((BoundWindow.Sliding)extreme.Window).Length, bands);
            case BoundAggregate
            {
                Function: AggregateFunction.Distinct or AggregateFunction.Days,
                Window: BoundWindow.Sliding { Offset: 0 }
            } kinds:
                return Kinds(index, kinds, ((BoundWindow.Sliding)kinds.Window).Length, bands);
            case BoundAggregate { Clocked: true } since:
                return Since(index, since, bands);
            case BoundAggregate { Function: AggregateFunction.Exists } exists:
                return Exists(exists, bands);
            case BoundAggregate aggregate when AggregateCompiler.WholeNumber(aggregate) is { } number:
                return Whole(index, aggregate, number, bands);
            default:
                CompiledValue value = RuleCompiler.Value(feature);
                return frame => bands.Of(value(frame));
        }
    }

    private static CompiledBand Count(int index, LaneDefinition definition, long length, ValueBands bands)
    {
        var counts = new IntegralBands(bands, Number);
        return frame =>
        {
            LaneRange range = Window(frame, definition, length);
            int band = counts.Of(range.Count, frame.Customer.Bands[index]);

            // The smallest count that is still in the band; the entry beyond it takes the count out.
            long least = counts.FirstOf(band);
            if (!range.IsEmpty && least > 0 && least <= range.Count)
            {
                int leaving = range.From + range.Count - (int)least;
                frame.MayChangeAt(range.Lane!.TimeAt(leaving).Plus(length));
            }

            return band;
        };
    }

    // How many values, or days, the entries are of: each that leaves takes one away at most.
    private static CompiledBand Kinds(int index, BoundAggregate aggregate, long length, ValueBands bands)
    {
        LaneDefinition definition = aggregate.Lane;
        WholeNumber number = AggregateCompiler.WholeNumber(aggregate)!;
        var counts = new IntegralBands(bands, Number);
        int ofNothing = bands.Of(AggregateCompiler.OfNothing(aggregate.Function));
        return frame =>
        {
            LaneRange range = Window(frame, definition, length);
            if (range.IsEmpty)
            {
                return ofNothing;
            }

            long count = number(frame, range);
            int band = counts.Of(count, frame.Customer.Bands[index]);
            long least = counts.FirstOf(band);
            int last = range.To - 1;
            int leaving = least > 0 && least <= count ? range.From + (int)(count - least) : last;
            if (leaving < last || ofNothing != band)
            {
                frame.MayChangeAt(range.Lane!.TimeAt(leaving).Plus(length));
            }

            return band;
        };
    }

    private static CompiledBand Sum(int index, LaneDefinition definition, long length, ValueBands bands)
    {
        return frame =>
        {
            LaneRange range = Window(frame, definition, length);
            if (range.IsEmpty)
            {
                return bands.Of(RuleValue.Number(0));
            }

            Lane lane = range.Lane!;
            int band = bands.Of(Number, lane.Sum(range.From, range.To), frame.Customer.Bands[index]);
            if (!lane.SumsShrink)
            {
                frame.MayChangeAt(lane.TimeAt(FirstChange(range, band, bands)).Plus(length));
            }
            else if (bands.LowerEnd(band, Number) is { } end)
            {
                int leaving = lane.FirstBelow(range.From, range.To, end.Constant, end.Inside);
                frame.MayChangeAt(lane.TimeAt(leaving).Plus(length));
            }

            return band;
        };
    }

    private static int FirstChange(LaneRange range, int band, ValueBands bands)
    {
        int last = Math.Min(range.From + EntriesAhead, range.To) - 1;
        int entry = range.From;
        while (entry < last && !IsOut(range, entry, band, bands))
        {
            entry++;
        }

        return entry;
    }

    // Whether the sum is out of the band when the entry has left.
    private static bool IsOut(LaneRange range, int leaving, int band, ValueBands bands)
    {
        decimal rest = leaving + 1 == range.To ? 0 : range.Lane!.Sum(leaving + 1, range.To);
        return bands.Of(Number, rest, band) != band;
    }

    private static CompiledBand Extreme(int index, BoundAggregate extreme, long length, ValueBands bands)
    {
        LaneDefinition definition = extreme.Lane;
        MemoryDefinition memory = extreme.Memory!;
        bool largest = extreme.Function == AggregateFunction.Max;
        int ofNothing = bands.Of(RuleValue.Missing);
        return frame =>
        {
            LaneRange range = Window(frame, definition, length);
            if (range.IsEmpty)
            {
                return ofNothing;
            }

            Lane lane = range.Lane!;
            var fold = (ExtremeFold)frame.Memory(memory);
            fold.MoveTo(lane, range.From, range.To);
            int band = bands.Of(Number, fold.Extreme, frame.Customer.Bands[index]);
            int leaving = LastInside(
                fold,
                largest,
                largest ? bands.LowerEnd(band, Number) : bands.UpperEnd(band, Number)
            );
            if (leaving + 1 < fold.Count || ofNothing != band)
            {
                frame.MayChangeAt(lane.TimeAt(lane.IndexOf(fold[leaving].Ordinal)).Plus(length));
            }

            return band;
        };
    }

    // Of the extremes in turn, the last before one that is beyond the end of the band.
    private static int LastInside(ExtremeFold fold, bool largest, (decimal Constant, bool Inside)? end)
    {
        if (end is not (var constant, var inside))
        {
            return fold.Count - 1;
        }

        int last = 0;
        for (; last + 1 < fold.Count; last++)
        {
            int order = largest ? fold[last + 1].Number.CompareTo(constant) : constant.CompareTo(fold[last + 1].Number);
            if (order < 0 || (order == 0 && !inside))
            {
                break;
            }
        }

        return last;
    }

    private static CompiledBand Since(int index, BoundAggregate since, ValueBands bands)
    {
        bool first = since.Function == AggregateFunction.SinceFirst;
        WindowInterest interest = AggregateCompiler.InterestOf(since.Function);
        var durations = new IntegralBands(bands, RuleValueKind.Duration);
        int ofNothing = bands.Of(RuleValue.Missing);
        return frame =>
        {
            LaneRange range = WindowResolver.Resolve(frame, since.Lane, since.Window, interest);
            if (range.IsEmpty)
            {
                return ofNothing;
            }

            Timestamp anchor = range.Lane!.TimeAt(first ? range.From : range.To - 1);
            int band = durations.Of(frame.Now.Milliseconds - anchor.Milliseconds, frame.Customer.Bands[index]);
            if (durations.EndOf(band) is > long.MinValue and < long.MaxValue and var end)
            {
                frame.MayChangeAt(anchor.Plus(end));
            }

            return band;
        };
    }

    private static CompiledBand Exists(BoundAggregate exists, ValueBands bands)
    {
        WindowInterest interest = AggregateCompiler.InterestOf(exists.Function);
        int ofSome = bands.Of(RuleValue.Boolean(true));
        int ofNothing = bands.Of(RuleValue.Boolean(false));
        return frame =>
            WindowResolver.Resolve(frame, exists.Lane, exists.Window, interest).IsEmpty ? ofNothing : ofSome;
    }

    private static CompiledBand Whole(int index, BoundAggregate aggregate, WholeNumber number, ValueBands bands)
    {
        WindowInterest interest = AggregateCompiler.InterestOf(aggregate.Function);
        var numbers = new IntegralBands(bands, Number);
        int ofNothing = bands.Of(AggregateCompiler.OfNothing(aggregate.Function));
        return frame =>
        {
            LaneRange range = WindowResolver.Resolve(frame, aggregate.Lane, aggregate.Window, interest);
            return range.IsEmpty ? ofNothing : numbers.Of(number(frame, range), frame.Customer.Bands[index]);
        };
    }

    private static LaneRange Window(EvaluationFrame frame, LaneDefinition definition, long length) =>
        frame.Lane(definition) is { } lane ? new(lane, lane.FirstAfter(frame.Now.Minus(length)), lane.End) : default;
}
