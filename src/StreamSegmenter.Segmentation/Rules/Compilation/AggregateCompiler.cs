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
        Func<EvaluationFrame, LaneRange, RuleValue> fold = FoldOf(aggregate);
        return frame => fold(frame, WindowResolver.Resolve(frame, lane, window, interest));
    }

    public static WindowInterest InterestOf(AggregateFunction function) =>
        function is AggregateFunction.Exists or AggregateFunction.Last or AggregateFunction.Since
            ? WindowInterest.Newest
            : WindowInterest.All;

    private static Func<EvaluationFrame, LaneRange, RuleValue> FoldOf(BoundAggregate aggregate)
    {
        bool times = aggregate.Lane.Content == LaneContent.Times;
        return aggregate.Function switch
        {
            AggregateFunction.Count => static (_, range) => RuleValue.Number(range.Count),
            AggregateFunction.Exists => static (_, range) => RuleValue.Boolean(!range.IsEmpty),
            AggregateFunction.Sum => static (_, range) => RuleValue.Number(range.IsEmpty ? 0 : Sum(range)),
            AggregateFunction.Avg => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : RuleValue.Number(range.Lane!.Average(range.From, range.To)),
            AggregateFunction.Min or AggregateFunction.Max => Remembered<ExtremeFold>(
                aggregate,
                RuleValue.Missing,
                static fold => RuleValue.Number(fold.Extreme)
            ),
            AggregateFunction.Distinct => Remembered<TallyFold>(
                aggregate,
                RuleValue.Number(0),
                static fold => RuleValue.Number(fold.Distinct)
            ),
            AggregateFunction.Mode => Remembered<ModeFold>(aggregate, RuleValue.Missing, static fold => fold.Mode),
            AggregateFunction.Days => Remembered<DaysFold>(
                aggregate,
                RuleValue.Missing,
                static fold => RuleValue.Number(fold.Days)
            ),
            AggregateFunction.First when times => static (_, range) => TimeOf(range, last: false),
            AggregateFunction.Last when times => static (_, range) => TimeOf(range, last: true),
            AggregateFunction.First => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : range.Lane!.ValueAt(range.From),
            AggregateFunction.Last => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : range.Lane!.ValueAt(range.To - 1),
            _ => throw new InvalidOperationException($"{aggregate.Function} is not a plain aggregate."),
        };
    }

    private static decimal Sum(LaneRange range) => range.Lane!.Sum(range.From, range.To);

    private static RuleValue TimeOf(LaneRange range, bool last) =>
        range.IsEmpty ? RuleValue.Missing : RuleValue.Time(range.Lane!.TimeAt(last ? range.To - 1 : range.From));

    private static Func<EvaluationFrame, LaneRange, RuleValue> Remembered<TFold>(
        BoundAggregate aggregate,
        RuleValue ofNothing,
        Func<TFold, RuleValue> result
    )
        where TFold : WindowFold
    {
        MemoryDefinition memory = aggregate.Memory!;
        return (frame, range) =>
        {
            if (range.IsEmpty)
            {
                return ofNothing;
            }

            var fold = (TFold)frame.Memory(memory);
            fold.MoveTo(range.Lane!, range.From, range.To);
            return result(fold);
        };
    }
}
