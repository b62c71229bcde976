using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>Looks with a reader's connection, so that commits wait for what is dropped alone.</summary>
internal sealed class SqliteAgedTransitions(SqliteDatabase database) : IAgedTransitions
{
    private const string Aged = """
        SELECT at, customer, segment, number, kind = ?7 AND at - ?8 >= (
            SELECT max(at) FROM transition AS earlier
            WHERE earlier.customer = aged.customer AND earlier.segment = aged.segment
                AND earlier.number < aged.number AND earlier.kind = ?7
        )
        FROM transition AS aged
        WHERE (at, customer, segment, number) > (?1, ?2, ?3, ?4) AND at < ?5
        ORDER BY at, customer, segment, number
        LIMIT ?6
        """;

    private const string DropBefore = "DELETE FROM transition WHERE customer = ?1 AND segment = ?2 AND number < ?3";

    public ValueTask<List<AgedTransition>> ReadAsync(
        AgedTransition after,
        Timestamp before,
        int max,
        TimeSpan longestCooldown
    ) =>
        database.ReadAsync(
            (after, before, max, longestCooldown),
            static (connection, wanted) =>
            {
                List<AgedTransition> aged = [];
                using SqliteDataReader row = connection
                    .Statement(Aged)
                    .Query(
                        wanted.after.At,
                        wanted.after.Customer,
                        wanted.after.Segment,
                        wanted.after.Number,
                        wanted.before.Milliseconds,
                        wanted.max,
                        (int)TransitionKind.Entered,
                        (long)wanted.longestCooldown.TotalMilliseconds
                    );
                while (row.Read())
                {
                    aged.Add(
                        new(
                            row.GetInt64(0),
                            row.GetString(1),
                            row.GetString(2),
                            row.GetInt64(3),
                            BeginsAnew: !row.IsDBNull(4) && row.GetBoolean(4)
                        )
                    );
                }

                return aged;
            },
            CancellationToken.None
        );

    public ValueTask<int> DropBeforeEachAsync(IReadOnlyList<AgedTransition> transitions) =>
        database.WriteAsync(
            connection =>
            {
                SqliteStatement drop = connection.Statement(DropBefore);
                return transitions.Sum(row => drop.Execute(row.Customer, row.Segment, row.Number));
            },
            CancellationToken.None
        );
}
