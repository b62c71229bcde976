using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// Compiles features to their bands. Where it is cheap, the instant of the next change is that at which the value
/// leaves its band; elsewhere, that at which any entry comes into or goes out of the window.
/// </summary>
internal static class BandCompiler
{
    // How many entries that are about to leave are looked at for the one that takes a sum out of its band.
    private const int EntriesAhead = 64;

    public static CompiledBand Compile(BoundNode feature, ValueBands bands)
    {
        switch (feature)
        {
            case BoundAggregate { Function: AggregateFunction.Count, Window: BoundWindow.Sliding { Offset: 0 } } count:
                return Count(count.Lane, ((BoundWindow.Sliding)count.Window).Length, bands);
            case BoundAggregate { Function: AggregateFunction.Sum, Window: BoundWindow.Sliding { Offset: 0 } } sum:
                return Sum(sum.Lane, ((BoundWindow.Sliding)sum.Window).Length, bands);
            case BoundAggregate { Clocked: true } since:
                return Since(since, bands);
            default:
                CompiledValue value = RuleCompiler.Value(feature);
                return frame => bands.Of(value(frame));
        }
    }

    private static CompiledBand Count(LaneDefinition definition, long length, ValueBands bands)
    {
        return frame =>
        {
            LaneRange range = Window(frame, definition, length);
            int band = bands.OfNumber(range.Count);
            if (!range.IsEmpty && bands.LowerEnd(band, RuleValueKind.Number) is { } end)
            {
                // The smallest count that is still in the band; the entry beyond it takes the count out.
                decimal least = end.Inside ? decimal.Ceiling(end.Constant) : decimal.Floor(end.Constant) + 1;
                if (least > 0)
                {
                    int leaving = range.From + range.Count - (int)least;
                    frame.MayChangeAt(range.Lane!.TimeAt(leaving).Plus(length));
                }
            }

            return band;
        };
    }

    private static CompiledBand Sum(LaneDefinition definition, long length, ValueBands bands)
    {
        return frame =>
        {
            LaneRange range = Window(frame, definition, length);
            if (range.IsEmpty)
            {
                return bands.OfNumber(0);
            }

            Lane lane = range.Lane!;
            int band = bands.OfNumber(lane.Sum(range.From, range.To));
            if (!lane.SumsShrink)
            {
                frame.MayChangeAt(lane.TimeAt(FirstChange(range, band, bands)).Plus(length));
            }
            else if (bands.LowerEnd(band, RuleValueKind.Number) is { } end)
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
        return bands.OfNumber(rest) != band;
    }

    private static CompiledBand Since(BoundAggregate since, ValueBands bands)
    {
        bool first = since.Function == AggregateFunction.SinceFirst;
        WindowInterest interest = AggregateCompiler.InterestOf(since.Function);
        return frame =>
        {
            LaneRange range = WindowResolver.Resolve(frame, since.Lane, since.Window, interest);
            if (range.IsEmpty)
            {
                return bands.Of(RuleValue.Missing);
            }

            Timestamp anchor = range.Lane!.TimeAt(first ? range.From : range.To - 1);
            int band = bands.Of(RuleValue.Duration(frame.Now.Milliseconds - anchor.Milliseconds));
            if (bands.UpperEnd(band, RuleValueKind.Duration) is { } end)
            {
                decimal left = end.Inside ? decimal.Floor(end.Constant) + 1 : decimal.Ceiling(end.Constant);
                frame.MayChangeAt(anchor.Plus((long)left));
            }

            return band;
        };
    }

    private static LaneRange Window(EvaluationFrame frame, LaneDefinition definition, long length) =>
        frame.Lane(definition) is { } lane ? new(lane, lane.FirstAfter(frame.Now.Minus(length)), lane.End) : default;
}
