using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Compilation;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Explaining;

/// <summary>
/// Works out explanations on a copy of the customer: first every part of the rule as it is now, then, by letting time
/// pass on the copy, when each condition changes. Not thread-safe.
/// </summary>
internal sealed class Explainer(RuleSet rules)
{
    private const int EventsShown = 5;

    // A rule that wakes up more often than this before it changes is not followed any further.
    private const int MostInstants = 100_000;

    private readonly EvaluationFrame _frame = new(rules.Calendar);
    private readonly CustomerCodec _codec = new(rules);

    /// <summary>Null if there is no such segment.</summary>
    public Explanation? Explain(CustomerState customer, SegmentName name, Timestamp now)
    {
        CompiledSlot? slot = rules.Slots.FirstOrDefault(s => s.Segment?.Name == name);
        if (slot is null)
        {
            return null;
        }

        CustomerState copy = _codec.Unpack(customer.Id, _codec.Pack(customer));
        var conditions = new List<WatchedCondition>();
        PartDraft rule = Draft(rules.Sources.RuleOf(name), copy, now, conditions);
        bool isMember = copy.Holding.Contains(slot.Index);
        var membership = new WatchedCondition(frame => frame.Customer.Holding.Contains(slot.Index), isMember);
        conditions.Add(membership);
        Watch(copy, conditions);
        Timestamp? since = customer.Segments.TryGetValue(slot.Index, out SegmentHistory past) ? past.Since : null;
        return new(customer.Id, name, now, isMember, since, membership.ChangesAt, rule.ToPart());
    }

    private PartDraft Draft(
        ExpressionSyntax syntax,
        CustomerState customer,
        Timestamp now,
        List<WatchedCondition> conditions
    )
    {
        PartDraft[] parts = [.. OperandsOf(syntax).Select(operand => Draft(operand, customer, now, conditions))];
        BoundNode node = rules.Sources.Bind(syntax);
        _frame.Begin(customer, now);
        string value = ValueText.Of(ValueOf(node));
        WatchedCondition? watched = null;
        if (node.Types == ValueTypes.Boolean)
        {
            CompiledCondition condition = RuleCompiler.Condition(node);
            watched = new(condition, condition(_frame));
            conditions.Add(watched);
        }

        return new(syntax, value, watched, NoteOf(node, customer), EventsOf(node), parts);
    }

    private RuleValue ValueOf(BoundNode node)
    {
        if (!FlatteningCompiler.Flattens(node))
        {
            return RuleCompiler.Value(node)(_frame);
        }

        var values = new List<RuleValue>();
        FlatteningCompiler.Compile(node)(_frame, values);
        return RuleValue.List([.. values]);
    }

    private static IEnumerable<ExpressionSyntax> OperandsOf(ExpressionSyntax syntax)
    {
        IEnumerable<ExpressionSyntax> operands = syntax switch
        {
            OrSyntax or => or.Operands,
            AndSyntax and => and.Operands,
            NotSyntax not => [not.Operand],
            HeldSyntax held => [held.Operand],
            ComparisonSyntax comparison => [comparison.Left, comparison.Right],
            InListSyntax list => [list.Value],
            TextSyntax text => [text.Value],
            PresenceSyntax presence => [presence.Value],
            ArithmeticSyntax arithmetic => [arithmetic.Left, arithmetic.Right],
            NegateSyntax negate => [negate.Operand],
            _ => [],
        };
        return operands.Where(operand =>
            operand is not (NumberSyntax or StringSyntax or BooleanSyntax or DurationSyntax)
        );
    }

    private string? NoteOf(BoundNode node, CustomerState customer)
    {
        switch (node)
        {
            case BoundSlot { Slot: HeldSlot held }:
                return customer.TrueSince.TryGetValue(held.Index, out Timestamp since)
                    ? $"true since {since}, {ValueText.Duration(held.Milliseconds)} at {since.Plus(held.Milliseconds)}"
                    : null;
            case BoundSlot { Slot: SegmentSlot segment }:
                return customer.Segments.TryGetValue(segment.Index, out SegmentHistory past)
                    ? $"since {past.Since}"
                    : null;
            case BoundSequence sequence when _frame.Lane(sequence.Lane) is { } lane:
                var progress = (SequenceProgress)_frame.Memory(sequence.Memory);
                progress.CatchUp(lane);
                long offset = (sequence.Window as BoundWindow.Sliding)?.Offset ?? 0;
                return progress.Around(_frame.Now.Minus(offset).Milliseconds) switch
                {
                    ({ } newest, _) => $"last completed at {new Timestamp(newest)}",
                    (null, { } next) => $"completes at {new Timestamp(next)}",
                    _ => null,
                };
            default:
                return null;
        }
    }

    private ExplainedEvents? EventsOf(BoundNode node)
    {
        if (node is not BoundAggregate aggregate)
        {
            return null;
        }

        LaneRange range = WindowResolver.Resolve(_frame, aggregate.Lane, aggregate.Window, WindowInterest.All);
        bool hasValues = aggregate.Lane.Content != LaneContent.Times;
        var newest = new List<ExplainedEvent>();
        for (int i = range.To - 1; i >= range.From && newest.Count < EventsShown; i--)
        {
            newest.Add(new(range.Lane!.TimeAt(i), hasValues ? ValueText.Of(range.Lane.ValueAt(i)) : null));
        }

        return new(Math.Max(0, range.Count), newest);
    }

    private void Watch(CustomerState copy, List<WatchedCondition> conditions)
    {
        var evaluator = new SegmentEvaluator(rules, _frame, new Silence());
        var nodes = new IndexSet(rules.NodeCount);
        for (int i = 0; i < MostInstants && conditions.Exists(watched => watched.ChangesAt is null); i++)
        {
            Timestamp due = copy.Agenda.Earliest;
            if (due == Timestamp.Never)
            {
                return;
            }

            copy.Agenda.CollectDue(due, nodes);
            evaluator.Evaluate(copy, nodes, new(due, TransitionCause.Time, default, default));
            _frame.Begin(copy, due);
            foreach (WatchedCondition watched in conditions)
            {
                watched.Look(_frame);
            }
        }
    }

    private sealed class Silence : ITransitionSink
    {
        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) { }
    }

    private sealed class WatchedCondition(CompiledCondition condition, bool before)
    {
        public Timestamp? ChangesAt { get; private set; }

        public void Look(EvaluationFrame frame)
        {
            if (ChangesAt is null && condition(frame) != before)
            {
                ChangesAt = frame.Now;
            }
        }
    }

    private sealed record PartDraft(
        ExpressionSyntax Syntax,
        string Value,
        WatchedCondition? Watched,
        string? Note,
        ExplainedEvents? Events,
        IReadOnlyList<PartDraft> Parts
    )
    {
        public ExplainedPart ToPart() =>
            new(
                SyntaxFormatter.Format(Syntax),
                Value,
                Watched is not null,
                Syntax switch
                {
                    AndSyntax => PartJoin.All,
                    OrSyntax => PartJoin.Any,
                    _ => PartJoin.None,
                },
                Watched?.ChangesAt,
                Note,
                Events,
                [.. Parts.Select(part => part.ToPart())]
            );
    }
}
