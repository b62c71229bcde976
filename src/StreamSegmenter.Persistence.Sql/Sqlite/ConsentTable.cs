using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>What customers said about being written to, as a part of somebody's transaction.</summary>
internal static class ConsentTable
{
    private const string Columns = """
        customer, channel, purpose, granted, at, logged_at, source, origin, policy_version, message_id, position
        """;

    private const string Put = $"""
        INSERT INTO consent ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING
        """;

    // Of statements that differ in time alone the newest is enough to know what holds now.
    private const string Newest = $"""
        SELECT {Columns} FROM (
            SELECT *, row_number() OVER (PARTITION BY channel, purpose, granted ORDER BY at DESC, position DESC) AS age
            FROM consent WHERE customer = ?1
        )
        WHERE age = 1
        """;

    private const string History = $"""
        SELECT {Columns} FROM consent WHERE customer = ?1
        ORDER BY at DESC, position DESC, channel, purpose
        LIMIT ?2
        """;

    public static void Add(PreparedConnection connection, IReadOnlyList<ConsentRecord> consents)
    {
        SqliteStatement put = connection.Statement(Put);
        foreach ((var position, ConsentStatement said) in consents)
        {
            put.Execute(
                said.Customer.Value,
                said.Channel,
                said.Purpose ?? "",
                said.Granted is { } granted ? (granted ? 1 : 0) : (int?)null,
                said.At.Milliseconds,
                said.LoggedAt.Milliseconds,
                (int)said.Source,
                said.Origin,
                said.PolicyVersion,
                said.MessageId,
                position.Value
            );
        }
    }

    public static IReadOnlyList<Consent> ReadCurrent(PreparedConnection connection, CustomerId customer) =>
        CurrentConsents.Of(Read(connection.Statement(Newest).Query(customer.Value)));

    public static List<ConsentRecord> ReadHistory(PreparedConnection connection, CustomerId customer, int max) =>
        Read(connection.Statement(History).Query(customer.Value, max));

    private static List<ConsentRecord> Read(SqliteDataReader reader)
    {
        using SqliteDataReader row = reader;
        List<ConsentRecord> consents = [];
        while (row.Read())
        {
            consents.Add(ConsentOf(row));
        }

        return consents;
    }

    private static ConsentRecord ConsentOf(SqliteDataReader row)
    {
        string purpose = row.GetString(2);
        return new(
            new(row.GetInt64(10)),
            new(
                new(row.GetString(0)),
                row.GetString(1),
                purpose.Length == 0 ? null : purpose,
                row.IsDBNull(3) ? null : row.GetInt64(3) != 0,
                new(row.GetInt64(4)),
                new(row.GetInt64(5)),
                (ConsentSource)row.GetInt32(6),
                TextOf(row, 7),
                TextOf(row, 8),
                TextOf(row, 9)
            )
        );
    }

    private static string? TextOf(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
