using StreamSegmenter.Cmd.Simulate;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Diff;

/// <summary>One version of the segments, over the events.</summary>
internal sealed class Replay
{
    private readonly Simulation _simulation;
    private readonly int _maxLineBytes;

    public Replay(NodeConfiguration configuration)
    {
        Segments = configuration.Segments.ToDictionary(
            static segment => segment.Segment.Name,
            static segment => new ReplayedSegment(segment.Segment)
        );
        _maxLineBytes = configuration.Limits.MaxBytes;
        _simulation = new(configuration.Rules, configuration.ShardLimits, Note);
    }

    public IReadOnlyDictionary<SegmentName, ReplayedSegment> Segments { get; }

    /// <summary>The virtual clock.</summary>
    public Timestamp Now => _simulation.Now;

    /// <summary>Entries given up because a customer's timeline was full.</summary>
    public long EvictedEntries { get; private set; }

    /// <summary>Why the line was not taken; null when it was.</summary>
    public Rejection? Feed(in EventLine line)
    {
        if (line.Length > _maxLineBytes)
        {
            var detail = $"the line has {line.Length} bytes; limits.max-bytes allows {_maxLineBytes}";
            return new(RejectReason.TooLarge, detail);
        }

        var result = _simulation.Feed(line.Text);
        EvictedEntries += result.EvictedEntries;
        return result.Outcome == ApplyOutcome.Rejected ? result.Rejection : null;
    }

    public void Finish(Timestamp? until) => _simulation.Finish(until);

    private void Note(Transition transition) => Segments[transition.Segment].Note(transition);
}

/// <summary>What became of one segment.</summary>
internal sealed class ReplayedSegment(SegmentDefinition definition)
{
    private readonly HashSet<CustomerId> _members = [];

    public SegmentDefinition Definition { get; } = definition;

    /// <summary>Whoever is in it at the end.</summary>
    public IReadOnlySet<CustomerId> Members => _members;

    /// <summary>How often anybody entered or left.</summary>
    public long Transitions { get; private set; }

    /// <summary>Equal for two runs of this process with the same transitions in the same order.</summary>
    public int Trace { get; private set; }

    public void Note(Transition transition)
    {
        Transitions++;
        Trace = HashCode.Combine(Trace, transition.At, transition.Customer, transition.Kind);
        if (transition.Kind == TransitionKind.Entered)
        {
            _members.Add(transition.Customer);
        }
        else
        {
            _members.Remove(transition.Customer);
        }
    }
}
