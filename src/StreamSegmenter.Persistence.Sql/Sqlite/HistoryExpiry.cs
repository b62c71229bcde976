using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>
/// Drops old transitions of a customer and segment, but never what a change of definitions needs of them: the last one,
/// and as many as tell when a cooldown began. An enter that comes at least the longest cooldown after the one before it
/// begins one in any case, so what is before such an enter decides nothing any more.
/// </summary>
internal sealed class HistoryExpiry(SqliteDatabase database, TimeSpan longestCooldown)
{
    private const int RowsAtOnce = 500;

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

    private static readonly Row s_beginning = new(long.MinValue, "", "", 0, BeginsAnew: false);

    private readonly long _longestCooldown = (long)longestCooldown.TotalMilliseconds;
    private Row _last = s_beginning;

    /// <summary>
    /// Goes on where the last call ended, and begins anew after the end. Looks with a reader's connection.
    /// </summary>
    public async ValueTask<ExpiryStep> DropAsync(Timestamp before)
    {
        List<Row> aged = await database.ReadAsync(before, ReadAged, CancellationToken.None);
        Row[] beginnings = [.. aged.Where(row => row.BeginsAnew)];
        int dropped =
            beginnings.Length == 0
                ? 0
                : await database.WriteAsync(
                    connection => DropBeforeEach(connection, beginnings),
                    CancellationToken.None
                );
        bool hasMore = aged.Count == RowsAtOnce;
        _last = hasMore ? aged[^1] : s_beginning;
        return new(dropped, hasMore);
    }

    private static int DropBeforeEach(PreparedConnection connection, Row[] beginnings)
    {
        SqliteStatement drop = connection.Statement(DropBefore);
        return beginnings.Sum(row => drop.Execute(row.Customer, row.Segment, row.Number));
    }

    private List<Row> ReadAged(PreparedConnection connection, Timestamp before)
    {
        List<Row> rows = [];
        using SqliteDataReader row = connection
            .Statement(Aged)
            .Query(
                _last.At,
                _last.Customer,
                _last.Segment,
                _last.Number,
                before.Milliseconds,
                RowsAtOnce,
                (int)TransitionKind.Entered,
                _longestCooldown
            );
        while (row.Read())
        {
            rows.Add(
                new(
                    row.GetInt64(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetInt64(3),
                    BeginsAnew: !row.IsDBNull(4) && row.GetBoolean(4)
                )
            );
        }

        return rows;
    }

    /// <param name="BeginsAnew">Whether what is before it decides nothing any more.</param>
    private readonly record struct Row(long At, string Customer, string Segment, long Number, bool BeginsAnew);
}
