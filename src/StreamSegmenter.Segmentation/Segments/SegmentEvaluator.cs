using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Compilation;

namespace StreamSegmenter.Segmentation.Segments;

/// <summary>What an evaluation is made for.</summary>
internal readonly record struct EvaluationOccasion(
    Timestamp Now,
    TransitionCause Cause,
    JsonCursor Event,
    JsonCursor MessageId
);

/// <summary>Evaluates the slots of one customer that may have changed, and what follows from those that did.</summary>
internal sealed class SegmentEvaluator(RuleSet rules, EvaluationFrame frame, ITransitionSink sink)
{
    /// <summary>Evaluates and empties <paramref name="candidates"/>.</summary>
    public void Evaluate(CustomerState customer, SlotSet candidates, in EvaluationOccasion occasion)
    {
        for (int index = candidates.Next(0); index >= 0; index = candidates.Next(index + 1))
        {
            candidates.Remove(index);
            CompiledSlot slot = rules.Slots[index];
            frame.BeginSlot(customer, occasion.Now);
            bool holds = slot.Condition(frame);
            if (slot.HeldMilliseconds is { } milliseconds)
            {
                holds = HasHeld(customer, index, holds, milliseconds);
            }

            customer.Agenda.Set(index, frame.NextChange);
            if (holds != customer.Holding.Contains(index))
            {
                customer.Holding.Set(index, holds);
                foreach (int dependent in slot.Dependents)
                {
                    candidates.Add(dependent);
                }

                if (slot.Segment is not null)
                {
                    Report(customer, slot, holds, occasion);
                }
            }
        }
    }

    private bool HasHeld(CustomerState customer, int slot, bool condition, long milliseconds)
    {
        if (!condition)
        {
            customer.TrueSince.Remove(slot);
            return false;
        }

        if (!customer.TrueSince.TryGetValue(slot, out Timestamp since))
        {
            customer.TrueSince[slot] = since = frame.Now;
        }

        Timestamp due = since.Plus(milliseconds);
        frame.MayChangeAt(due);
        return frame.Now >= due;
    }

    private void Report(CustomerState customer, CompiledSlot slot, bool entered, in EvaluationOccasion occasion)
    {
        SegmentDefinition segment = slot.Segment!;
        bool known = customer.Segments.TryGetValue(slot.Index, out SegmentHistory history);
        Timestamp lastPush = known ? history.LastEnterPush : Timestamp.Beginning;
        bool cooling =
            lastPush != Timestamp.Beginning && occasion.Now < lastPush.Plus((long)segment.Cooldown.TotalMilliseconds);
        bool pushes = !(entered && cooling);
        if (entered && pushes)
        {
            lastPush = occasion.Now;
        }

        customer.Segments[slot.Index] = new(history.Transitions + 1, occasion.Now, lastPush);
        var transition = new Transition(
            customer.Id,
            segment.Name,
            entered ? TransitionKind.Entered : TransitionKind.Exited,
            occasion.Now,
            occasion.Cause,
            history.Transitions + 1,
            occasion.MessageId.IsMissing ? null : occasion.MessageId.GetString()
        );
        sink.OnTransition(transition, new(customer.Traits), occasion.Event, pushes);
    }
}
