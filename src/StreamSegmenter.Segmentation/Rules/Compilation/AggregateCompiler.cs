using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// Aggregates over a window's entries. <c>since</c> and <c>since_first</c> are <see cref="ClockedCompiler"/>'s.
/// </summary>
internal static class AggregateCompiler
{
    public static CompiledValue Compile(BoundAggregate aggregate)
    {
        LaneDefinition lane = aggregate.Lane;
        BoundWindow window = aggregate.Window;
        WindowInterest interest = InterestOf(aggregate.Function);
        Func<EvaluationFrame, LaneRange, RuleValue> fold = FoldOf(aggregate.Function, lane.Content);
        return frame => fold(frame, WindowResolver.Resolve(frame, lane, window, interest));
    }

    public static WindowInterest InterestOf(AggregateFunction function) =>
        function is AggregateFunction.Exists or AggregateFunction.Last or AggregateFunction.Since
            ? WindowInterest.Newest
            : WindowInterest.All;

    private static Func<EvaluationFrame, LaneRange, RuleValue> FoldOf(AggregateFunction function, LaneContent content)
    {
        bool times = content == LaneContent.Times;
        return function switch
        {
            AggregateFunction.Count => static (_, range) => RuleValue.Number(range.Count),
            AggregateFunction.Exists => static (_, range) => RuleValue.Boolean(!range.IsEmpty),
            AggregateFunction.Sum => static (_, range) => RuleValue.Number(range.IsEmpty ? 0 : Sum(range)),
            AggregateFunction.Avg => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : RuleValue.Number(Sum(range) / range.Count),
            AggregateFunction.Min => static (_, range) => Extreme(range, sign: -1),
            AggregateFunction.Max => static (_, range) => Extreme(range, sign: 1),
            AggregateFunction.Distinct => static (_, range) => RuleValue.Number(Tally(range).Count),
            AggregateFunction.Mode => static (_, range) => Mode(range),
            AggregateFunction.Days => Days,
            AggregateFunction.First when times => static (_, range) => TimeOf(range, last: false),
            AggregateFunction.Last when times => static (_, range) => TimeOf(range, last: true),
            AggregateFunction.First => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : range.Lane!.ValueAt(range.From),
            AggregateFunction.Last => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : range.Lane!.ValueAt(range.To - 1),
            _ => throw new InvalidOperationException($"{function} is not a plain aggregate."),
        };
    }

    private static decimal Sum(LaneRange range) => range.Lane!.Sum(range.From, range.To);

    private static RuleValue TimeOf(LaneRange range, bool last) =>
        range.IsEmpty ? RuleValue.Missing : RuleValue.Time(range.Lane!.TimeAt(last ? range.To - 1 : range.From));

    private static RuleValue Extreme(LaneRange range, int sign)
    {
        if (range.IsEmpty)
        {
            return RuleValue.Missing;
        }

        decimal best = range.Lane!.NumberAt(range.From);
        for (int i = range.From + 1; i < range.To; i++)
        {
            decimal value = range.Lane.NumberAt(i);
            best = value.CompareTo(best) * sign > 0 ? value : best;
        }

        return RuleValue.Number(best);
    }

    private static Dictionary<RuleValue, int> Tally(LaneRange range)
    {
        var counts = new Dictionary<RuleValue, int>();
        for (int i = range.From; i < range.To; i++)
        {
            RuleValue value = range.Lane!.ValueAt(i);
            if (value.IsScalar)
            {
                counts[value] = counts.GetValueOrDefault(value) + 1;
            }
        }

        return counts;
    }

    // Most frequent; ties go to the smallest, where numbers come before strings and strings before booleans.
    private static RuleValue Mode(LaneRange range)
    {
        RuleValue mode = RuleValue.Missing;
        int most = 0;
        foreach ((RuleValue value, int count) in Tally(range))
        {
            int order = count != most ? count.CompareTo(most) : -Order(value, mode);
            if (order > 0)
            {
                (mode, most) = (value, count);
            }
        }

        return mode;
    }

    private static int Order(in RuleValue a, in RuleValue b) => RuleValue.Compare(a, b) ?? a.Kind.CompareTo(b.Kind);

    private static RuleValue Days(EvaluationFrame frame, LaneRange range)
    {
        if (range.IsEmpty)
        {
            return RuleValue.Missing;
        }

        int days = 0;
        int previous = int.MinValue;
        for (int i = range.From; i < range.To; i++)
        {
            int day = frame.Calendar.DayNumber(range.Lane!.TimeAt(i));
            days += day == previous ? 0 : 1;
            previous = day;
        }

        return RuleValue.Number(days);
    }
}
