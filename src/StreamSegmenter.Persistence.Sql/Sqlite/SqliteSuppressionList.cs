using Microsoft.Data.Sqlite;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteSuppressionList(SqliteDatabase database) : ISuppressionList
{
    private const string Put = """
        INSERT INTO suppression (channel, address, since, reason, source) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO NOTHING
        """;

    private const string Drop = "DELETE FROM suppression WHERE channel = ?1 AND address = ?2";
    private const string Find = "SELECT 1 FROM suppression WHERE channel = ?1 AND address = ?2";

    private const string After = """
        SELECT channel, address, since, reason, source FROM suppression
        WHERE channel = ?1 AND address > ?2
        ORDER BY address
        LIMIT ?3
        """;

    public ValueTask<int> AddAsync(IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                int added = 0;
                foreach (SuppressedAddress address in addresses)
                {
                    (string channel, string bare) = address.Suppression;
                    added += connection
                        .Statement(Put)
                        .Execute(channel, bare, address.Since.Milliseconds, address.Reason, address.Source);
                }

                return added;
            },
            cancellationToken
        );

    public ValueTask<bool> RemoveAsync(Suppression suppression, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection => connection.Statement(Drop).Execute(suppression.Channel, suppression.Address) > 0,
            cancellationToken
        );

    public ValueTask<IReadOnlySet<Suppression>> FindAsync(
        IReadOnlyCollection<Suppression> suppressions,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            suppressions,
            static (connection, wanted) => (IReadOnlySet<Suppression>)FindIn(connection, wanted),
            cancellationToken
        );

    public ValueTask<IReadOnlyList<SuppressedAddress>> ReadAsync(
        string channel,
        string after,
        int max,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            (channel, after, max),
            static (connection, wanted) =>
            {
                List<SuppressedAddress> page = [];
                using SqliteDataReader row = connection
                    .Statement(After)
                    .Query(wanted.channel, wanted.after, wanted.max);
                while (row.Read())
                {
                    page.Add(
                        new(
                            new(row.GetString(0), row.GetString(1)),
                            new(row.GetInt64(2)),
                            row.GetString(3),
                            row.GetString(4)
                        )
                    );
                }

                return (IReadOnlyList<SuppressedAddress>)page;
            },
            cancellationToken
        );

    /// <summary>Those of the addresses that are on the list, as a part of somebody's transaction.</summary>
    public static HashSet<Suppression> FindIn(PreparedConnection connection, IEnumerable<Suppression> suppressions)
    {
        HashSet<Suppression> found = [];
        foreach (Suppression suppression in suppressions)
        {
            using SqliteDataReader row = connection.Statement(Find).Query(suppression.Channel, suppression.Address);
            if (row.Read())
            {
                found.Add(suppression);
            }
        }

        return found;
    }
}
