using StreamSegmenter.Oracle.Language;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>
/// The instants at which time alone might change a value. Far more than those at which it does: an instant too many
/// costs time, one too few is a mistake.
/// </summary>
internal sealed class DueInstants
{
    private const long EndOfTime = 253_402_300_799_999;

    private readonly CalendarPeriods _calendar;
    private readonly IReadOnlyList<(Window Window, long Wait)> _windows;
    private readonly IReadOnlyList<(Node Left, Node Right)> _moving;

    public DueInstants(RuleSet rules, CalendarPeriods calendar)
    {
        _calendar = calendar;
        List<Node> nodes = [.. rules.Segments.SelectMany(segment => segment.Rule.SelfAndDescendants)];
        _windows =
        [
            .. nodes.OfType<Aggregate>().Select(aggregate => (aggregate.Window, 0L)),
            .. nodes.OfType<Sequence>().Select(sequence => (sequence.Window, 0L)),
            .. nodes.OfType<Sequence>().Select(sequence => (sequence.Window, sequence.TrailingWait)),
        ];
        _windows = [.. _windows.Distinct()];
        _moving = [.. Comparisons(nodes).Where(pair => IsMoving(pair.Left) || IsMoving(pair.Right))];
    }

    /// <summary>The first such instant after the evaluator's.</summary>
    public long? NextAfter(Evaluator evaluator)
    {
        var now = evaluator.Now;
        var steps = Steps(evaluator.History).Where(instant => instant > now).DefaultIfEmpty(EndOfTime).Min();
        var turns = _moving.SelectMany(pair => Turns(evaluator, pair.Left, pair.Right, steps));
        var next = turns.Where(instant => instant > now).Append(steps).Min();
        return next == EndOfTime ? null : next;
    }

    private static IEnumerable<(Node Left, Node Right)> Comparisons(IReadOnlyList<Node> nodes) =>
        nodes
            .OfType<Compare>()
            .Select(compare => (compare.Left, compare.Right))
            .Concat(
                nodes.OfType<InList>().SelectMany(inList => inList.List.Select(one => (inList.Subject, (Node)one)))
            );

    private static bool IsMoving(Node node) =>
        node.SelfAndDescendants.Any(part =>
            part is Aggregate { Kind: AggregateKind.Since or AggregateKind.SinceFirst }
        );

    /// <summary>Where anything enters or leaves a window, a sequence completes, or a <c>for</c> comes of age.</summary>
    private IEnumerable<long> Steps(CustomerHistory history)
    {
        foreach (var (held, since) in history.TrueSince)
        {
            yield return since + held.Duration;
        }

        foreach (var (window, wait) in _windows)
        {
            foreach (var e in history.Events)
            {
                var instant = e.Time + wait;
                yield return instant;
                switch (window)
                {
                    case Sliding sliding:
                        yield return instant + sliding.Offset;
                        yield return instant + sliding.Offset + sliding.Duration;
                        break;
                    case ThisPeriod period:
                        yield return _calendar.NextStartAfter(period.Period, instant);
                        break;
                }
            }
        }
    }

    /// <summary>
    /// Where two values that move with the clock might change their order, as long as no window changes its content,
    /// with the neighbours on both sides.
    /// </summary>
    private static IEnumerable<long> Turns(Evaluator evaluator, Node left, Node right, long end) =>
        from l in Ratios(evaluator, left)
        from r in Ratios(evaluator, right)
        let difference = Ratio.Apply('-', l, r)!.Value
        from turn in difference.Above.Turns(evaluator.Now, end).Concat(difference.Below.Turns(evaluator.Now, end))
        from instant in (long[])[turn - 1, turn, turn + 1]
        select instant;

    private static IEnumerable<Ratio> Ratios(Evaluator evaluator, Node node) =>
        node switch
        {
            Aggregate { Kind: AggregateKind.Since or AggregateKind.SinceFirst } since => evaluator
                .Values(since)
                .OfType<Span>()
                .Select(span => new Ratio(new Polynomial(span.Milliseconds - evaluator.Now, 1), new Polynomial(1L))),
            Negated negated => Ratios(evaluator, negated.Inner).Select(inner => inner with { Above = -inner.Above }),
            Calculation calculation => (
                from l in Ratios(evaluator, calculation.Left)
                from r in Ratios(evaluator, calculation.Right)
                select Ratio.Apply(calculation.Operation, l, r)
            ).OfType<Ratio>(),
            _ => evaluator.Values(node).Select(Constant).OfType<Ratio>(),
        };

    private static Ratio? Constant(Value value) =>
        value switch
        {
            Number number => Ratio.Constant(number.Amount),
            Span span => Ratio.Constant(span.Milliseconds),
            Instant instant => Ratio.Constant(instant.Milliseconds),
            _ => null,
        };
}
