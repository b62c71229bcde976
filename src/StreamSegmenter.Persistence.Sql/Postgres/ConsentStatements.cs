using Npgsql;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>What customers said about being written to: to be sent with others as one transaction.</summary>
internal static class ConsentStatements
{
    private const string Columns = """
        customer, channel, purpose, granted, at, logged_at, source, origin, policy_version, message_id, position
        """;

    private const string Put = $"""
        INSERT INTO consent ({Columns})
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::boolean[], $5::bigint[], $6::bigint[],
            $7::smallint[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bigint[])
        ON CONFLICT DO NOTHING
        """;

    // Of statements that differ in time alone the newest is enough to know what holds now.
    private const string Newest = $"""
        SELECT DISTINCT ON (customer, channel, purpose, granted) {Columns} FROM consent
        WHERE customer = ANY ($1)
        ORDER BY customer, channel, purpose, granted, at DESC, position DESC
        """;

    private const string History = $"""
        SELECT {Columns} FROM consent WHERE customer = $1
        ORDER BY at DESC, position DESC, channel, purpose
        LIMIT $2
        """;

    public static Statement Add(IReadOnlyList<ConsentRecord> consents) =>
        new(
            Put,
            consents.Texts(static record => record.Statement.Customer.Value),
            consents.Texts(static record => record.Statement.Channel),
            consents.Texts(static record => record.Statement.Purpose ?? ""),
            consents.Column(static record => record.Statement.Granted),
            consents.Column(static record => record.Statement.At.Milliseconds),
            consents.Column(static record => record.Statement.LoggedAt.Milliseconds),
            consents.Column(static record => (short)record.Statement.Source),
            consents.Column(static record => OrNull(record.Statement.Origin)),
            consents.Column(static record => OrNull(record.Statement.PolicyVersion)),
            consents.Column(static record => OrNull(record.Statement.MessageId)),
            consents.Column(static record => record.Position.Value)
        );

    /// <summary>What <see cref="CurrentConsents"/> needs of some customers.</summary>
    public static Statement ReadNewest(IReadOnlyCollection<CustomerId> customers) =>
        new(Newest, customers.Texts(static customer => customer.Value));

    public static Statement ReadHistory(CustomerId customer, int max) =>
        new(History, StoredText.Encode(customer.Value), max);

    public static ConsentRecord ConsentOf(NpgsqlDataReader row)
    {
        string purpose = row.GetStoredText(2);
        return new(
            new(row.GetInt64(10)),
            new(
                new(row.GetStoredText(0)),
                row.GetStoredText(1),
                purpose.Length == 0 ? null : purpose,
                row.IsDBNull(3) ? null : row.GetBoolean(3),
                new(row.GetInt64(4)),
                new(row.GetInt64(5)),
                (ConsentSource)row.GetInt16(6),
                TextOf(row, 7),
                TextOf(row, 8),
                TextOf(row, 9)
            )
        );
    }

    private static byte[]? OrNull(string? text) => text is null ? null : StoredText.Encode(text);

    private static string? TextOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetStoredText(column);
}
