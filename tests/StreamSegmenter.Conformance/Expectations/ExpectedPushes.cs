using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Conformance.Expectations;

/// <summary>Which pushes a history leads to.</summary>
public static class ExpectedPushes
{
    /// <summary>
    /// The ids of all pushes: one for each target of each transition, but none for an enter that comes within the
    /// cooldown after the last that made pushes.
    /// </summary>
    /// <param name="transitions">In order of time, of each customer and segment.</param>
    public static IReadOnlyList<PushId> Of(
        IEnumerable<OracleTransition> transitions,
        IEnumerable<SegmentActions> segments
    )
    {
        Dictionary<string, SegmentActions> actions = segments.ToDictionary(
            segment => segment.Segment.Name.Value,
            StringComparer.Ordinal
        );
        Dictionary<(string, string), long> lastEnter = [];
        List<PushId> ids = [];
        foreach (OracleTransition t in transitions)
        {
            SegmentActions segment = actions[t.Segment];
            if (t.Entered)
            {
                long cooldown = (long)segment.Segment.Cooldown.TotalMilliseconds;
                if (lastEnter.TryGetValue((t.Customer, t.Segment), out long last) && t.At < last + cooldown)
                {
                    continue;
                }

                lastEnter[(t.Customer, t.Segment)] = t.At;
            }

            foreach (var connector in (t.Entered ? segment.OnEnter : segment.OnExit).GroupBy(target => target.To))
            {
                ids.AddRange(Enumerable.Range(1, connector.Count()).Select(i => Id(t, connector.Key, i)));
            }
        }

        return ids;
    }

    private static PushId Id(OracleTransition t, ConnectorName connector, int ordinal)
    {
        Transition identity = new(new(t.Customer), new(t.Segment), default, default, default, t.Sequence, null);
        return PushId.Derive(identity, connector, ordinal);
    }
}
