using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>Writes the history of transitions and how many members the segments have after it.</summary>
internal static class TransitionTables
{
    private const string PutTransition = """
        INSERT INTO transition (customer, segment, number, kind, at, cause, message_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO NOTHING
        """;

    private const string MoveCount = """
        INSERT INTO segment_count (segment, members) VALUES (?1, ?2)
        ON CONFLICT (segment) DO UPDATE SET members = members + excluded.members
        """;

    /// <summary>A transition that is there already changes nothing, so a repeated commit does no harm.</summary>
    public static void Add(PreparedConnection connection, IReadOnlyList<Transition> transitions)
    {
        Transition[] inKeyOrder = [.. transitions];
        Array.Sort(inKeyOrder, CompareKeys);
        Dictionary<SegmentName, long> growth = [];
        SqliteStatement put = connection.Statement(PutTransition);
        foreach (Transition transition in inKeyOrder)
        {
            int added = put.Execute(
                transition.Customer.Value,
                transition.Segment.Value,
                transition.Number,
                (int)transition.Kind,
                transition.At.Milliseconds,
                (int)transition.Cause,
                transition.MessageId
            );
            if (added > 0)
            {
                int change = transition.Kind == TransitionKind.Entered ? 1 : -1;
                growth[transition.Segment] = growth.GetValueOrDefault(transition.Segment) + change;
            }
        }

        foreach ((SegmentName segment, long change) in growth)
        {
            connection.Statement(MoveCount).Execute(segment.Value, change);
        }
    }

    // Neighbours in the table are written together, so that a page is looked at once.
    private static int CompareKeys(Transition a, Transition b)
    {
        int order = a.Customer.CompareTo(b.Customer);
        order = order != 0 ? order : a.Segment.CompareTo(b.Segment);
        return order != 0 ? order : a.Number.CompareTo(b.Number);
    }
}
