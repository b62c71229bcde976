using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteDeadLetterStore(SqliteDatabase database) : IDeadLetterStore
{
    private const string Put = """
        INSERT INTO dead_letter (at, source, reason, detail, payload) VALUES (?1, ?2, ?3, ?4, ?5)
        """;

    private const string Newest = """
        SELECT at, source, reason, detail, payload FROM dead_letter ORDER BY id DESC LIMIT ?1
        """;

    // They are stored in about the order of their times: what is not among the oldest rows waits for another time.
    private const string DropOldest = """
        DELETE FROM dead_letter
        WHERE id IN (SELECT id FROM dead_letter ORDER BY id LIMIT ?2) AND at < ?1
        """;

    private const int LettersAtOnce = 1_000;

    public async ValueTask AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            connection =>
            {
                Add(connection, letters);
                return letters.Count;
            },
            cancellationToken
        );

    /// <summary>Adds them as a part of somebody's transaction.</summary>
    public static void Add(PreparedConnection connection, IReadOnlyList<DeadLetter> letters)
    {
        SqliteStatement put = connection.Statement(Put);
        foreach (DeadLetter letter in letters)
        {
            put.Execute(letter.At.Milliseconds, letter.Source, letter.Reason, letter.Detail, letter.Payload);
        }
    }

    /// <summary>Drops the oldest letters from before an instant, as a part of somebody's transaction.</summary>
    public static ExpiryStep DropOld(PreparedConnection connection, Timestamp before)
    {
        int dropped = connection.Statement(DropOldest).Execute(before.Milliseconds, LettersAtOnce);
        return new(dropped, HasMore: dropped == LettersAtOnce);
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ReadAsync(int max, CancellationToken cancellationToken) =>
        database.ReadAsync(
            max,
            static (connection, max) =>
            {
                List<DeadLetter> letters = [];
                using SqliteDataReader row = connection.Statement(Newest).Query(max);
                while (row.Read())
                {
                    letters.Add(
                        new(
                            new(row.GetInt64(0)),
                            row.GetString(1),
                            row.GetString(2),
                            row.GetString(3),
                            row.GetFieldValue<byte[]>(4)
                        )
                    );
                }

                return (IReadOnlyList<DeadLetter>)letters;
            },
            cancellationToken
        );

    public ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            0,
            static (connection, _) =>
            {
                Dictionary<string, long> counts = new(StringComparer.Ordinal);
                using SqliteDataReader row = connection
                    .Statement("SELECT reason, count(*) FROM dead_letter GROUP BY reason")
                    .Query();
                while (row.Read())
                {
                    counts.Add(row.GetString(0), row.GetInt64(1));
                }

                return (IReadOnlyDictionary<string, long>)counts;
            },
            cancellationToken
        );
}
