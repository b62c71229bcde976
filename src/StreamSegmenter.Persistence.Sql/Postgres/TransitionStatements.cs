using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>Writes the history of transitions and how many members the segments have after it.</summary>
internal static class TransitionStatements
{
    private const string Put = """
        WITH added AS (
            INSERT INTO transition (customer, segment, number, kind, at, cause, message_id)
            SELECT * FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::smallint[], $6::bigint[], $7::smallint[],
                $8::bytea[])
            ON CONFLICT DO NOTHING
            RETURNING segment, CASE kind WHEN 1 THEN 1 ELSE -1 END AS change
        )
        INSERT INTO segment_count AS counted (shard, segment, members)
        SELECT $1, segment, sum(change) FROM added GROUP BY segment HAVING sum(change) <> 0 ORDER BY segment
        ON CONFLICT (shard, segment) DO UPDATE SET members = counted.members + excluded.members
        """;

    /// <summary>A transition that is there already changes nothing.</summary>
    public static Statement Add(ShardId shard, IReadOnlyList<Transition> transitions) =>
        new(
            Put,
            shard.Value,
            transitions.Texts(static transition => transition.Customer.Value),
            transitions.Texts(static transition => transition.Segment.Value),
            transitions.Column(static transition => transition.Number),
            transitions.Column(static transition => (short)transition.Kind),
            transitions.Column(static transition => transition.At.Milliseconds),
            transitions.Column(static transition => (short)transition.Cause),
            transitions.Column(static transition =>
                transition.MessageId is { } message ? StoredText.Encode(message) : null
            )
        );
}
