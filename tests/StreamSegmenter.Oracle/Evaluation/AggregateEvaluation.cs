using System.Diagnostics;
using StreamSegmenter.Oracle.Events;
using StreamSegmenter.Oracle.Language;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>One aggregate over the events that its source and window select.</summary>
internal sealed class AggregateEvaluation(Evaluator evaluator)
{
    public Value? Value(Aggregate aggregate)
    {
        var events = Selected(aggregate);
        var values = PathValues(aggregate, events);
        var numbers = values.OfType<Number>().Select(n => n.Amount).ToList();
        var scalars = values.Where(Comparison.IsScalar).ToList();
        return aggregate.Kind switch
        {
            AggregateKind.Count => new Number(aggregate.Source.Path is null ? events.Count : values.Count),
            AggregateKind.Exists => new Truth(events.Count > 0),
            AggregateKind.Distinct => new Number(scalars.Distinct().Count()),
            AggregateKind.Sum => new Number(Total(numbers)),
            _ when events.Count == 0 => null,
            AggregateKind.Days => new Number(events.Select(e => evaluator.Calendar.DateOf(e.Time)).Distinct().Count()),
            AggregateKind.Since => new Span(evaluator.Now - events[^1].Time),
            AggregateKind.SinceFirst => new Span(evaluator.Now - events[0].Time),
            AggregateKind.First => aggregate.Source.Path is null ? new Instant(events[0].Time) : values[0],
            AggregateKind.Last => aggregate.Source.Path is null ? new Instant(events[^1].Time) : values[^1],
            AggregateKind.Mode => Mode(scalars),
            _ when numbers.Count == 0 => null,
            AggregateKind.Avg => new Number(Exact.Divide(Total(numbers), numbers.Count)),
            AggregateKind.Min => new Number(numbers.Aggregate((a, b) => Exact.Compare(a, b) <= 0 ? a : b)),
            AggregateKind.Max => new Number(numbers.Aggregate((a, b) => Exact.Compare(a, b) >= 0 ? a : b)),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The events of an aggregate, by (time, log order).</summary>
    public IReadOnlyList<CustomerEvent> Selected(Aggregate aggregate) =>
        [.. evaluator.Matching(aggregate.Source).Where(e => evaluator.IsInside(aggregate.Window, e.Time))];

    private static List<Value> PathValues(Aggregate aggregate, IReadOnlyList<CustomerEvent> events) =>
        aggregate.Source.Path is { } path ? [.. events.SelectMany(e => Evaluator.At(path, e))] : [];

    private static Exact Total(IReadOnlyList<Exact> numbers) => numbers.Aggregate((Exact)0, (sum, next) => sum + next);

    private static Value? Mode(IReadOnlyList<Value> scalars) =>
        scalars
            .GroupBy(value => value)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, Comparer<Value>.Create(Comparison.RankOrder))
            .FirstOrDefault()
            ?.Key;
}
