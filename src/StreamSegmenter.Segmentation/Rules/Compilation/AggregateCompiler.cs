using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>An aggregate's result over entries, of which there are some.</summary>
internal delegate long WholeNumber(EvaluationFrame frame, LaneRange range);

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

    /// <summary>How the aggregate counts; null if it does not.</summary>
    public static WholeNumber? WholeNumber(BoundAggregate aggregate) =>
        aggregate.Function switch
        {
            AggregateFunction.Count => static (_, range) => range.Count,
            AggregateFunction.Distinct => Counted<TallyFold>(aggregate, static fold => fold.Distinct),
            AggregateFunction.Days => Counted<DaysFold>(aggregate, static fold => fold.Days),
            _ => null,
        };

    /// <summary>The result of no entries, of an aggregate that counts.</summary>
    public static RuleValue OfNothing(AggregateFunction function) =>
        function == AggregateFunction.Days ? RuleValue.Missing : RuleValue.Number(0);

    private static Func<EvaluationFrame, LaneRange, RuleValue> FoldOf(BoundAggregate aggregate)
    {
        bool times = aggregate.Lane.Content == LaneContent.Times;
        return aggregate.Function switch
        {
            _ when WholeNumber(aggregate) is { } number => Number(number, OfNothing(aggregate.Function)),
            AggregateFunction.Exists => static (_, range) => RuleValue.Boolean(!range.IsEmpty),
            AggregateFunction.Sum => static (_, range) => RuleValue.Number(range.IsEmpty ? 0 : Sum(range)),
            AggregateFunction.Avg => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : RuleValue.Number(range.Lane!.Average(range.From, range.To)),
            AggregateFunction.Min or AggregateFunction.Max => Remembered<ExtremeFold>(
                aggregate,
                static fold => RuleValue.Number(fold.Extreme)
            ),
            AggregateFunction.Mode => Remembered<ModeFold>(aggregate, static fold => fold.Mode),
            AggregateFunction.First when times => static (_, range) => TimeOf(range, last: false),
            AggregateFunction.Last when times => static (_, range) => TimeOf(range, last: true),
            AggregateFunction.First => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : range.Lane!.ValueAt(range.From),
            AggregateFunction.Last => static (_, range) =>
                range.IsEmpty ? RuleValue.Missing : range.Lane!.ValueAt(range.To - 1),
            _ => throw new InvalidOperationException($"{aggregate.Function} is not a plain aggregate."),
        };
    }

    private static Func<EvaluationFrame, LaneRange, RuleValue> Number(WholeNumber number, RuleValue ofNothing) =>
        (frame, range) => range.IsEmpty ? ofNothing : RuleValue.Number(number(frame, range));

    private static decimal Sum(LaneRange range) => range.Lane!.Sum(range.From, range.To);

    private static RuleValue TimeOf(LaneRange range, bool last) =>
        range.IsEmpty ? RuleValue.Missing : RuleValue.Time(range.Lane!.TimeAt(last ? range.To - 1 : range.From));

    private static WholeNumber Counted<TFold>(BoundAggregate aggregate, Func<TFold, int> result)
        where TFold : WindowFold
    {
        MemoryDefinition memory = aggregate.Memory!;
        return (frame, range) => result(Moved<TFold>(frame, memory, range));
    }

    private static Func<EvaluationFrame, LaneRange, RuleValue> Remembered<TFold>(
        BoundAggregate aggregate,
        Func<TFold, RuleValue> result
    )
        where TFold : WindowFold
    {
        MemoryDefinition memory = aggregate.Memory!;
        return (frame, range) => range.IsEmpty ? RuleValue.Missing : result(Moved<TFold>(frame, memory, range));
    }

    private static TFold Moved<TFold>(EvaluationFrame frame, MemoryDefinition memory, LaneRange range)
        where TFold : WindowFold
    {
        var fold = (TFold)frame.Memory(memory);
        fold.MoveTo(range.Lane!, range.From, range.To);
        return fold;
    }
}
