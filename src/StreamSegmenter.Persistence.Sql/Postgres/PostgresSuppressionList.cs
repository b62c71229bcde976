using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

internal sealed class PostgresSuppressionList(PostgresDatabase database) : ISuppressionList
{
    private const string Put = """
        INSERT INTO suppression (channel, address, since, reason, source)
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bytea[])
        ON CONFLICT DO NOTHING
        """;

    private const string Drop = "DELETE FROM suppression WHERE channel = $1 AND address = $2";

    private const string Find = """
        SELECT channel, address FROM suppression
        WHERE (channel, address) IN (SELECT * FROM unnest($1::bytea[], $2::bytea[]))
        """;

    private const string After = """
        SELECT channel, address, since, reason, source FROM suppression
        WHERE channel = $1 AND address > $2
        ORDER BY address
        LIMIT $3
        """;

    public async ValueTask<int> AddAsync(
        IReadOnlyList<SuppressedAddress> addresses,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        return addresses.Count == 0
            ? 0
            : await database.ChangeAsync(
                new(
                    Put,
                    addresses.Texts(static address => address.Suppression.Channel),
                    addresses.Texts(static address => address.Suppression.Address),
                    addresses.Column(static address => address.Since.Milliseconds),
                    addresses.Texts(static address => address.Reason),
                    addresses.Texts(static address => address.Source)
                )
            );
    }

    public async ValueTask<bool> RemoveAsync(Suppression suppression, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Statement drop = new(Drop, StoredText.Encode(suppression.Channel), StoredText.Encode(suppression.Address));
        return await database.ChangeAsync(drop) > 0;
    }

    public async ValueTask<IReadOnlySet<Suppression>> FindAsync(
        IReadOnlyCollection<Suppression> suppressions,
        CancellationToken cancellationToken
    ) =>
        suppressions.Count == 0
            ? new HashSet<Suppression>()
            : (
                await database.ReadAsync(
                    new(
                        Find,
                        suppressions.Texts(static suppression => suppression.Channel),
                        suppressions.Texts(static suppression => suppression.Address)
                    ),
                    static row => new Suppression(row.GetStoredText(0), row.GetStoredText(1)),
                    cancellationToken
                )
            ).ToHashSet();

    public async ValueTask<IReadOnlyList<SuppressedAddress>> ReadAsync(
        string channel,
        string after,
        int max,
        CancellationToken cancellationToken
    ) =>
        await database.ReadAsync(
            new(After, StoredText.Encode(channel), StoredText.Encode(after), max),
            static row => new SuppressedAddress(
                new(row.GetStoredText(0), row.GetStoredText(1)),
                new(row.GetInt64(2)),
                row.GetStoredText(3),
                row.GetStoredText(4)
            ),
            cancellationToken
        );
}
