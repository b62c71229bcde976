using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Administration;

namespace StreamSegmenter.Persistence.Sql.Outbox;

/// <summary>
/// The statements that read a <see cref="PushRange"/> page by page. Each repeats the condition of the index that it is
/// answered from, for a database to see that it can be.
/// </summary>
/// <param name="columns">What is read.</param>
/// <param name="mark">How a parameter begins: <c>?1</c> or <c>$1</c>.</param>
internal sealed class PushPages(string columns, char mark)
{
    private const string ByEnd = "settled_at, id";
    private const string AfterEnd = "settled_at >= #2 AND (settled_at, id) > (#2, #3)";

    private readonly string _waiting = Page(
        (columns, mark),
        "state = 0 AND (connector, shard, sequence) > (#2, #3, #4)",
        "connector, shard, sequence"
    );

    private readonly string _waitingAt = Page(
        (columns, mark),
        "state = 0 AND connector = #2 AND (shard, sequence) > (#3, #4)",
        "shard, sequence"
    );

    private readonly string _waitingOf = Page(
        (columns, mark),
        "state = 0 AND customer = #2 AND (connector, sequence) > (#3, #4)",
        "connector, sequence"
    );

    private readonly string _undecided = Page(
        (columns, mark),
        $"state IN (2, 5, 6) AND state = #4 AND {AfterEnd}",
        ByEnd
    );

    private readonly string _over = Page(
        (columns, mark),
        $"state IN (1, 3, 4, 7) AND content IS NOT NULL AND {AfterEnd}",
        ByEnd
    );

    private readonly string _unsentOf = Page(
        (columns, mark),
        $"state IN (3, 4) AND customer = #4 AND {AfterEnd}",
        ByEnd
    );

    /// <summary>The statement, and its values: texts, and integers of 64 bits.</summary>
    /// <exception cref="ArgumentException">The cursor belongs to a range of another kind.</exception>
    public (string Sql, IReadOnlyList<object> Values) Read(PushRange range, PushCursor? after, int max) =>
        range switch
        {
            PushRange.Waiting { Connector: null } => (_waiting, [(long)max, .. Place(after)]),
            PushRange.Waiting { Connector: { } connector } => (
                _waitingAt,
                [(long)max, connector.Value, .. Place(after)[1..]]
            ),
            PushRange.WaitingOf one => (_waitingOf, [(long)max, one.Customer.Value, Place(after)[0], Place(after)[2]]),
            PushRange.Undecided some => (_undecided, [(long)max, .. End(after), (long)some.State]),
            PushRange.UnsentOf one => (_unsentOf, [(long)max, .. End(after), one.Customer.Value]),
            _ => (_over, [(long)max, .. End(after)]),
        };

    private static object[] Place(PushCursor? after) =>
        after switch
        {
            // No name is empty, so it stands before all.
            null => ["", -1L, -1L],
            PushCursor.Waiting behind =>
            [
                behind.Connector.Value,
                (long)behind.Place.Shard.Value,
                behind.Place.Sequence,
            ],
            _ => throw Misplaced(after),
        };

    private static object[] End(PushCursor? after) =>
        after switch
        {
            null => [Timestamp.Beginning.Milliseconds, ""],
            PushCursor.Ended behind => [behind.At.Milliseconds, behind.Id.Value],
            _ => throw Misplaced(after),
        };

    private static ArgumentException Misplaced(PushCursor after) =>
        new($"{after} is no place in this range.", nameof(after));

    private static string Page((string Columns, char Mark) of, string condition, string order) =>
        $"SELECT {of.Columns} FROM outbox WHERE {condition} ORDER BY {order} LIMIT #1".Replace('#', of.Mark);
}
