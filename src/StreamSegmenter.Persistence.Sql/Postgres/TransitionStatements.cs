using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// Writes the history of transitions and what follows from it: who is in which segment, and how many.
/// </summary>
internal static class TransitionStatements
{
    // A customer belongs to one shard, whose row is locked before: nobody else changes its memberships meanwhile. Of
    // several transitions of a customer and segment the last one says whether it is a member now.
    private const string Put = """
        WITH added AS (
            INSERT INTO transition (customer, segment, number, kind, at, cause, message_id)
            SELECT * FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::smallint[], $6::bigint[], $7::smallint[],
                $8::bytea[])
            ON CONFLICT DO NOTHING
            RETURNING customer, segment, number, kind, at
        ), latest AS (
            SELECT DISTINCT ON (customer, segment) customer, segment, at, kind = 1 AS is_member,
                membership.customer IS NOT NULL AS was_member
            FROM added LEFT JOIN membership USING (customer, segment)
            ORDER BY customer, segment, number DESC
        ), left_now AS (
            DELETE FROM membership USING latest
            WHERE membership.customer = latest.customer AND membership.segment = latest.segment
                AND NOT latest.is_member
        ), members_now AS (
            INSERT INTO membership (customer, segment, since)
            SELECT customer, segment, at FROM latest WHERE is_member
            ON CONFLICT (customer, segment) DO UPDATE SET since = excluded.since
        )
        INSERT INTO segment_count AS counted (shard, segment, members)
        SELECT $1, segment, sum(is_member::int - was_member::int) FROM latest
        GROUP BY segment HAVING sum(is_member::int - was_member::int) <> 0 ORDER BY segment
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
