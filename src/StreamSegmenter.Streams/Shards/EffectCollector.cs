using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Gathers the effects of records until they are committed. While muted (replaying what was committed before) it
/// gathers nothing.
/// </summary>
internal sealed class EffectCollector(IReadOnlyList<SegmentActions> actions, long nextSequence)
    : ITransitionSink,
        IConsentSink
{
    // About what a transition and a consent take in memory, and how much may gather before a commit. Statements hardly
    // gain from more rows than that, while objects of all shards that wait for longer outlive the young generation.
    private const int TransitionBytes = 200;
    private const int ConsentBytes = 400;
    private const long ManyBytes = 4 << 20;

    private readonly Dictionary<SegmentName, SegmentActions> _actions = actions.ToDictionary(a => a.Segment.Name);
    private readonly PushContentWriter _contents = new();
    private readonly List<Transition> _transitions = [];
    private readonly List<NewPush> _pushes = [];
    private readonly List<RecordedTick> _ticks = [];
    private readonly List<DeadLetter> _deadLetters = [];
    private readonly List<ConsentRecord> _consents = [];
    private readonly Dictionary<ConnectorName, int> _ordinals = [];
    private int _markedTicks;
    private long _bytes;
    private long _nextSequence = nextSequence;

    public bool Muted { get; set; }

    /// <summary>
    /// Consents are gathered although muted: in a replay of the whole log, under which the store may lack some. Those
    /// that it has it takes no second time.
    /// </summary>
    public bool RepeatsConsents { get; set; }

    /// <summary>Of the record that is being applied.</summary>
    public LogPosition Position { get; set; }

    /// <summary>Whether there is anything to commit; ticks alone are not worth it.</summary>
    public bool Any => _transitions.Count > 0 || _deadLetters.Count > 0 || _consents.Count > 0;

    /// <summary>Whether so much has gathered that it should be committed without waiting for more.</summary>
    public bool AreMany => _bytes >= ManyBytes;

    /// <summary>Notes a tick that fired something; it is committed with the next effects.</summary>
    public void AddTick(RecordedTick tick)
    {
        if (!Muted)
        {
            _ticks.Add(tick);
        }
    }

    public void AddDeadLetter(DeadLetter letter)
    {
        if (!Muted)
        {
            _deadLetters.Add(letter);
            _bytes += letter.Payload.Length;
        }
    }

    /// <summary>A checkpoint of everything up to here is on its way.</summary>
    public void MarkTicks() => _markedTicks = _ticks.Count;

    /// <summary>The checkpoint is written: no replay needs the ticks before it.</summary>
    public void ForgetMarkedTicks()
    {
        _ticks.RemoveRange(0, _markedTicks);
        _markedTicks = 0;
    }

    public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes)
    {
        if (Muted)
        {
            return;
        }

        _transitions.Add(transition);
        _bytes += TransitionBytes;
        if (!pushes || !_actions.TryGetValue(transition.Segment, out SegmentActions? segment))
        {
            return;
        }

        _ordinals.Clear();
        foreach (PushTarget target in transition.Kind == TransitionKind.Entered ? segment.OnEnter : segment.OnExit)
        {
            int ordinal = _ordinals[target.To] = _ordinals.GetValueOrDefault(target.To) + 1;
            byte[] content = _contents.Write(transition, segment.Segment, profile, @event, target);
            _bytes += content.Length;
            _pushes.Add(
                new(
                    PushId.Derive(transition, target.To, ordinal),
                    _nextSequence++,
                    target.To,
                    transition.Customer,
                    transition.At,
                    content
                )
            );
        }
    }

    public void OnConsent(ConsentStatement statement)
    {
        if (!Muted || RepeatsConsents)
        {
            _consents.Add(new(Position, statement));
            _bytes += ConsentBytes;
        }
    }

    /// <summary>Hands over what was gathered, as of <paramref name="position"/>.</summary>
    public EffectBatch Take(LogPosition position)
    {
        var batch = new EffectBatch(position, [.. _ticks], [.. _transitions], [.. _pushes])
        {
            DeadLetters = [.. _deadLetters],
            Consents = [.. _consents],
        };
        _ticks.Clear();
        _markedTicks = 0;
        _transitions.Clear();
        _pushes.Clear();
        _deadLetters.Clear();
        _consents.Clear();
        _bytes = 0;
        return batch;
    }
}
