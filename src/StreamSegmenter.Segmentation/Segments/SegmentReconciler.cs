using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Compilation;

namespace StreamSegmenter.Segmentation.Segments;

/// <summary>
/// Joins a customer's memberships under new definitions to the history under the former ones. What agrees is left
/// alone, so it may be done again after a crash: the second time nothing is left to do.
/// </summary>
internal sealed class SegmentReconciler(RuleSet rules, ITransitionSink sink)
{
    private readonly CompiledSlot[] _segments = [.. rules.Slots.Where(slot => slot.Segment is not null)];

    /// <param name="history">All committed transitions of the customer, ordered by (segment, number).</param>
    public void Reconcile(CustomerState customer, IEnumerable<Transition> history, Timestamp now)
    {
        Dictionary<SegmentName, List<Transition>> past = history
            .GroupBy(transition => transition.Segment)
            .ToDictionary(group => group.Key, group => group.ToList());
        customer.Segments.Clear();
        foreach (CompiledSlot slot in _segments)
        {
            past.Remove(slot.Segment!.Name, out List<Transition>? transitions);
            Reconcile(customer, slot, transitions ?? [], now);
        }

        foreach ((SegmentName removed, List<Transition> transitions) in past.OrderBy(entry => entry.Key))
        {
            Transition last = transitions[^1];
            if (last.Kind == TransitionKind.Entered)
            {
                Transition exit = Correct(customer, removed, isMember: false, last.Number + 1, now);
                sink.OnTransition(exit, new(customer.Traits), default, pushes: false);
            }
        }
    }

    private void Reconcile(CustomerState customer, CompiledSlot slot, List<Transition> past, Timestamp now)
    {
        SegmentDefinition segment = slot.Segment!;
        Timestamp lastPush = Timestamp.Beginning;
        foreach (Transition transition in past)
        {
            lastPush = Pushes(segment, transition, lastPush) ? transition.At : lastPush;
        }

        Transition? last = past.Count == 0 ? null : past[^1];
        bool isMember = customer.Holding.Contains(slot.Index);
        if (isMember != (last?.Kind == TransitionKind.Entered))
        {
            last = Correct(customer, segment.Name, isMember, (last?.Number ?? 0) + 1, now);
            bool pushes = Pushes(segment, last, lastPush);
            lastPush = pushes ? now : lastPush;
            sink.OnTransition(last, new(customer.Traits), default, pushes);
        }

        if (last is not null)
        {
            customer.Segments[slot.Index] = new(last.Number, last.At, lastPush);
        }
    }

    private static Transition Correct(
        CustomerState customer,
        SegmentName segment,
        bool isMember,
        long number,
        Timestamp now
    ) =>
        isMember
            ? new(customer.Id, segment, TransitionKind.Entered, now, TransitionCause.Backfill, number, null)
            : new(customer.Id, segment, TransitionKind.Exited, now, TransitionCause.Definition, number, null);

    // Which enters have begun a cooldown follows from the history alone.
    private static bool Pushes(SegmentDefinition segment, Transition transition, Timestamp lastPush) =>
        transition.Kind == TransitionKind.Entered
        && (transition.Cause != TransitionCause.Backfill || segment.BackfillPush)
        && transition.At >= lastPush.Plus((long)segment.Cooldown.TotalMilliseconds);
}
