using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

internal sealed class PostgresDeadLetterStore(PostgresDatabase database, CommitTags tags) : IDeadLetterStore
{
    private const string Put = """
        INSERT INTO dead_letter (opening, commit, ordinal, at, source, reason, detail, payload)
        SELECT $1, $2, ordinal, at, source, reason, detail, payload
        FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[])
            WITH ORDINALITY AS letter (at, source, reason, detail, payload, ordinal)
        ORDER BY ordinal
        ON CONFLICT DO NOTHING
        """;

    private const string Newest = """
        SELECT at, source, reason, detail, payload FROM dead_letter ORDER BY id DESC LIMIT $1
        """;

    private const string Count = "SELECT reason, count(*) FROM dead_letter GROUP BY reason";

    // Another node may be dropping some of them: those are left to it.
    private const string Drop = """
        DELETE FROM dead_letter
        WHERE id IN (SELECT id FROM dead_letter WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    private const int LettersAtOnce = 1_000;

    public ValueTask AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken) =>
        database.WriteAsync([Add(tags.Next(), letters)], cancellationToken);

    /// <summary>Adds them; twice under one tag is once.</summary>
    public static Statement Add(CommitTag tag, IReadOnlyList<DeadLetter> letters) =>
        new(
            Put,
            tag.Opening,
            tag.Number,
            letters.Column(static letter => letter.At.Milliseconds),
            letters.Texts(static letter => letter.Source),
            letters.Texts(static letter => letter.Reason),
            letters.Texts(static letter => letter.Detail),
            letters.Column(static letter => letter.Payload)
        );

    public async ValueTask<IReadOnlyList<DeadLetter>> ReadAsync(int max, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new(Newest, max),
            static row => new DeadLetter(
                new(row.GetInt64(0)),
                row.GetStoredText(1),
                row.GetStoredText(2),
                row.GetStoredText(3),
                row.GetFieldValue<byte[]>(4)
            ),
            cancellationToken
        );

    public async ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken) =>
        (
            await database.ReadAsync(
                new(Count),
                static row => KeyValuePair.Create(row.GetStoredText(0), row.GetInt64(1)),
                cancellationToken
            )
        ).ToDictionary(StringComparer.Ordinal);

    /// <summary>Drops some letters from before an instant.</summary>
    public async ValueTask<ExpiryStep> DropOldAsync(Timestamp before)
    {
        int dropped = await database.ChangeAsync(new(Drop, before.Milliseconds, LettersAtOnce));
        return new(dropped, HasMore: dropped == LettersAtOnce);
    }
}
