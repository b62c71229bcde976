using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Explaining;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation;

/// <summary>
/// The engine over events that carry their own log time, under a virtual clock: the log time is <c>receivedAt</c>, else
/// the event's time, made non-decreasing. Transitions come out ordered by (at, customer, segment). Not thread-safe.
/// </summary>
public sealed class Simulation
{
    private readonly EventDecoder _decoder;
    private readonly SegmentationShard _shard;
    private readonly OrderedTransitions _transitions;

    public Simulation(RuleSet rules, ShardLimits limits, Action<Transition> onTransition)
        : this(rules, limits, (transition, _) => onTransition(transition)) { }

    /// <param name="onTransition">Is told as well whether the transition pushes, or a cooldown forbids it.</param>
    public Simulation(RuleSet rules, ShardLimits limits, Action<Transition, bool> onTransition)
    {
        _decoder = new(limits.Events);
        _transitions = new(onTransition);
        _shard = new(rules, limits, _transitions);
    }

    /// <summary>The virtual clock: the largest log time seen.</summary>
    public Timestamp Now { get; private set; } = Timestamp.Beginning;

    /// <summary>Events with a later log time are not looked at. Default: all are.</summary>
    public Timestamp End { get; init; } = Timestamp.Never;

    /// <summary>Applies one event; the outcome says whether it was taken.</summary>
    public ApplyResult Feed(ReadOnlyMemory<byte> utf8)
    {
        if (!_decoder.TryDecode(utf8, out EventView view, out Rejection rejection))
        {
            return ApplyResult.Rejected(rejection);
        }

        if ((view.ReceivedAt ?? view.EventTime(null)) is not { } declared)
        {
            return ApplyResult.Rejected(
                new(RejectReason.MissingTime, "the event has neither timestamp nor receivedAt; give it one of them")
            );
        }

        if (declared > End)
        {
            return ApplyResult.AfterTheEnd;
        }

        view.TryGetCustomer(out CustomerId customer);
        Now = Timestamp.Max(Now, declared);
        return _shard.Apply(Now, customer, view);
    }

    /// <summary>Moves the clock to <paramref name="until"/>, if it is later, and hands over what is left.</summary>
    public void Finish(Timestamp? until)
    {
        // What is due at the very instant of the last record happens too: time stands at that instant.
        Now = Timestamp.Max(Now, until ?? Timestamp.Beginning);
        _shard.AdvanceThrough(Now);
        _shard.Resume(Now);
        _transitions.Flush();
    }

    /// <summary>
    /// Why the customer is, or is not, a member at the clock; null if there is no such customer or segment.
    /// </summary>
    public Explanation? Explain(CustomerId customer, SegmentName segment) => _shard.Explain(customer, segment);

    private sealed class OrderedTransitions(Action<Transition, bool> onTransition) : ITransitionSink
    {
        private readonly List<(Transition Transition, bool Pushes)> _sameInstant = [];

        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes)
        {
            if (_sameInstant.Count > 0 && _sameInstant[0].Transition.At != transition.At)
            {
                Flush();
            }

            _sameInstant.Add((transition, pushes));
        }

        public void Flush()
        {
            // Stable: several transitions of one customer and segment at one instant keep their order.
            var ordered = _sameInstant.OrderBy(t => t.Transition.Customer).ThenBy(t => t.Transition.Segment);
            foreach ((Transition transition, bool pushes) in ordered)
            {
                onTransition(transition, pushes);
            }

            _sameInstant.Clear();
        }
    }
}
