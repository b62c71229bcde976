using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>Writes the history of transitions and how many members the segments have after it.</summary>
internal static class TransitionStatements
{
    private const string Insert = """
        INSERT INTO transition (customer, segment, number, kind, at, cause, message_id)
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::smallint[], $5::bigint[], $6::smallint[],
            $7::bytea[])
        """;

    private const string Counted =
        "ON CONFLICT (shard, segment) DO UPDATE SET members = counted.members + excluded.members";

    private const string Count = $"""
        INSERT INTO segment_count AS counted (shard, segment, members)
        SELECT $1, segment, change FROM unnest($2::bytea[], $3::bigint[]) AS added (segment, change)
        ORDER BY segment
        {Counted}
        """;

    private const string InsertMissing = $"""
        WITH added AS (
            {Insert}
            ON CONFLICT DO NOTHING
            RETURNING segment, CASE kind WHEN 1 THEN 1 ELSE -1 END AS change
        )
        INSERT INTO segment_count AS counted (shard, segment, members)
        SELECT $8, segment, sum(change) FROM added GROUP BY segment HAVING sum(change) <> 0 ORDER BY segment
        {Counted}
        """;

    /// <summary>Refused if any of them is there already.</summary>
    public static IEnumerable<Statement> AddNew(ShardId shard, IReadOnlyList<Transition> transitions)
    {
        yield return new(Insert, Columns(transitions));
        (SegmentName Segment, long Change)[] changes =
        [
            .. transitions
                .GroupBy(static transition => transition.Segment)
                .Select(static of => (of.Key, of.Sum(static transition => Change(transition.Kind))))
                .Where(static of => of.Item2 != 0),
        ];
        if (changes.Length > 0)
        {
            yield return new(
                Count,
                shard.Value,
                changes.Texts(static of => of.Segment.Value),
                changes.Column(static of => of.Change)
            );
        }
    }

    /// <summary>A transition that is there already changes nothing.</summary>
    public static Statement AddMissing(ShardId shard, IReadOnlyList<Transition> transitions) =>
        new(InsertMissing, [.. Columns(transitions), shard.Value]);

    private static long Change(TransitionKind kind) => kind == TransitionKind.Entered ? 1 : -1;

    private static List<object> Columns(IReadOnlyList<Transition> transitions) =>
        [
            transitions.Texts(static transition => transition.Customer.Value),
            transitions.Texts(static transition => transition.Segment.Value),
            transitions.Column(static transition => transition.Number),
            transitions.Column(static transition => (short)transition.Kind),
            transitions.Column(static transition => transition.At.Milliseconds),
            transitions.Column(static transition => (short)transition.Cause),
            transitions.Column(static transition =>
                transition.MessageId is { } message ? StoredText.Encode(message) : null
            ),
        ];
}
