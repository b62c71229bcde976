using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Segments;

/// <summary>Receives transitions as they happen, on the shard's thread, in the order in which they happen.</summary>
public interface ITransitionSink
{
    /// <param name="profile">The customer's traits at this instant; valid during the call.</param>
    /// <param name="event">The event that caused it, or Missing; valid during the call.</param>
    /// <param name="pushes">False when the segment's cooldown forbids pushes for this transition.</param>
    void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes);
}
