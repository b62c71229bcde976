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

/// <summary>
/// Evaluates what may have changed for one customer: features, the slots that tell their old band from the new one, and
/// what reads those.
/// </summary>
internal sealed class SegmentEvaluator(RuleSet rules, EvaluationFrame frame, ITransitionSink sink)
{
    private readonly CompiledBand[] _bands = [.. rules.Features.Select(feature => feature.Band)];
    private readonly FlipIndex[] _flips = [.. rules.Features.Select(feature => feature.Flips)];
    private readonly CompiledSlot[] _slots = [.. rules.Slots];
    private readonly FormulaProgram _conditions = rules.Graph.Conditions;
    private readonly IndexSet _heldSlots = rules.Graph.HeldSlots;

    /// <summary>Evaluates and empties <paramref name="nodes"/>.</summary>
    public void Evaluate(CustomerState customer, IndexSet nodes, in EvaluationOccasion occasion)
    {
        frame.Begin(customer, occasion.Now);
        for (int node = nodes.Next(0); node >= 0; node = nodes.Next(node + 1))
        {
            nodes.Remove(node);
            frame.BeginNext();
            if (node < _bands.Length)
            {
                EvaluateFeature(customer, node, nodes);
            }
            else
            {
                EvaluateSlot(customer, node - _bands.Length, nodes, occasion);
            }
        }
    }

    private void EvaluateFeature(CustomerState customer, int index, IndexSet nodes)
    {
        int before = customer.Bands[index];
        int after = _bands[index](frame);
        customer.Agenda.Set(index, frame.NextChange);
        if (after != before)
        {
            customer.Bands[index] = (ushort)after;
            _flips[index].Collect(before, after, nodes);
        }
    }

    private void EvaluateSlot(CustomerState customer, int index, IndexSet nodes, in EvaluationOccasion occasion)
    {
        bool holds = _conditions.Holds(index, customer);
        if (_heldSlots.Contains(index))
        {
            CompiledSlot held = _slots[index];
            holds = HasHeld(customer, index, holds, held.HeldMilliseconds!.Value);
            customer.Agenda.Set(held.Node, frame.NextChange);
        }

        if (holds == customer.Holding.Contains(index))
        {
            return;
        }

        CompiledSlot slot = _slots[index];
        customer.Holding.Set(index, holds);
        nodes.AddAll(slot.Dependents);
        if (slot.Segment is not null)
        {
            Report(customer, slot, holds, occasion);
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
