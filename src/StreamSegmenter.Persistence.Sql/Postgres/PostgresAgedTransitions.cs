using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Persistence.Sql.Postgres;

internal sealed class PostgresAgedTransitions(PostgresDatabase database) : IAgedTransitions
{
    private const string Aged = """
        SELECT at, customer, segment, number, kind = $7 AND at - $8 >= (
            SELECT max(at) FROM transition AS earlier
            WHERE earlier.customer = aged.customer AND earlier.segment = aged.segment
                AND earlier.number < aged.number AND earlier.kind = $7
        )
        FROM transition AS aged
        WHERE (at, customer, segment, number) > ($1, $2, $3, $4) AND at < $5
        ORDER BY at, customer, segment, number
        LIMIT $6
        """;

    // Another node may be dropping some of them: those are left to it.
    private const string DropBefore = """
        WITH gone AS MATERIALIZED (
            SELECT old.customer, old.segment, old.number
            FROM unnest($1::bytea[], $2::bytea[], $3::bigint[]) AS kept (customer, segment, number)
            JOIN transition AS old
                ON old.customer = kept.customer AND old.segment = kept.segment AND old.number < kept.number
            FOR UPDATE OF old SKIP LOCKED
        )
        DELETE FROM transition AS old USING gone
        WHERE old.customer = gone.customer AND old.segment = gone.segment AND old.number = gone.number
        """;

    public ValueTask<List<AgedTransition>> ReadAsync(
        AgedTransition after,
        Timestamp before,
        int max,
        TimeSpan longestCooldown
    ) =>
        database.ReadAsync(
            new(
                Aged,
                after.At,
                StoredText.Encode(after.Customer),
                StoredText.Encode(after.Segment),
                after.Number,
                before.Milliseconds,
                max,
                (short)TransitionKind.Entered,
                (long)longestCooldown.TotalMilliseconds
            ),
            static row => new AgedTransition(
                row.GetInt64(0),
                row.GetStoredText(1),
                row.GetStoredText(2),
                row.GetInt64(3),
                BeginsAnew: !row.IsDBNull(4) && row.GetBoolean(4)
            ),
            CancellationToken.None
        );

    public ValueTask<int> DropBeforeEachAsync(IReadOnlyList<AgedTransition> transitions) =>
        database.ChangeAsync(
            new(
                DropBefore,
                transitions.Texts(static row => row.Customer),
                transitions.Texts(static row => row.Segment),
                transitions.Column(static row => row.Number)
            )
        );
}
