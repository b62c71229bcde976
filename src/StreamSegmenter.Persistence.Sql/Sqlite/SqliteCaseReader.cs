using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteCaseReader(SqliteDatabase database) : ICustomerCaseReader
{
    private const string Pending = $"""
        SELECT {PendingRow.Columns} FROM outbox
        WHERE state = 0 AND customer = ?1 AND connector = ?2
        ORDER BY sequence
        LIMIT ?3
        """;

    // What may have reached the customer: refused at every attempt it has not. What an attempt ended counts from then
    // on. The index has all grants of a customer.
    private const string Grants = """
        SELECT id, connector, granted_for, CASE WHEN state IN (1, 5, 6) THEN settled_at ELSE granted_at END AS counts_at
        FROM outbox
        WHERE customer = ?1 AND granted_at IS NOT NULL
            AND (
                state = 0
                OR (state IN (1, 5, 6) AND settled_at >= ?2)
                OR (state NOT IN (1, 5, 6) AND granted_at >= ?2 AND unknown_at IS NOT NULL)
            )
        ORDER BY counts_at, granted_at
        """;

    // Of several rows with the largest number there is one: kind is its own.
    private const string Standings = """
        SELECT segment, max(number), kind FROM transition WHERE customer = ?1 GROUP BY segment
        """;

    private const string Unsent = """
        SELECT id FROM outbox AS gone
        WHERE customer = ?1 AND state IN (3, 4) AND attempts = 0 AND unknown_at IS NULL AND (
            state = 3 OR EXISTS (
                SELECT 1 FROM outbox AS carrier
                WHERE carrier.id = gone.merged_into
                    AND carrier.state = 3 AND carrier.attempts = 0 AND carrier.unknown_at IS NULL
            )
        )
        """;

    public ValueTask<IReadOnlyList<CustomerCase>> ReadAsync(
        CaseQuestion question,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            question,
            static (connection, question) =>
            {
                List<CustomerCase> cases = new(question.Customers.Count);

                // One transaction: all of it as of the same commit.
                connection.Statement("BEGIN").Execute();
                foreach (CustomerId customer in question.Customers)
                {
                    cases.Add(Read(connection, customer, question));
                }

                connection.Statement("COMMIT").Execute();
                return (IReadOnlyList<CustomerCase>)cases;
            },
            cancellationToken
        );

    private static CustomerCase Read(PreparedConnection connection, CustomerId customer, CaseQuestion question)
    {
        string id = customer.Value;
        (IReadOnlyList<PendingPush> pending, IReadOnlySet<ConnectorName> cut) = question.Limit(
            question.Connectors.SelectMany(connector =>
                Rows(connection, Pending, PendingRow.Read, id, connector.Value, question.MaxPending + 1)
            )
        );
        List<Grant> grants = Rows(connection, Grants, GrantOf, id, question.GrantsSince.Milliseconds);
        var standings = Rows(connection, Standings, StandingOf, id).ToDictionary();
        HashSet<PushId> unsent = [.. Rows(connection, Unsent, static row => new PushId(row.GetString(0)), id)];
        CustomerFacts facts = new(
            customer,
            ConsentTable.ReadCurrent(connection, customer),
            SqliteSuppressionList.FindIn(
                connection,
                pending.Select(question.AddressOf).OfType<Suppression>().Distinct()
            ),
            grants,
            standings,
            unsent
        );
        return new(facts, pending, cut);
    }

    private static List<T> Rows<T>(
        PreparedConnection connection,
        string sql,
        Func<SqliteDataReader, T> read,
        params ReadOnlySpan<SqliteInput> values
    )
    {
        List<T> rows = [];
        using SqliteDataReader row = connection.Statement(sql).Query(values);
        while (row.Read())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private static Grant GrantOf(SqliteDataReader row) =>
        new(new(row.GetString(0)), new(row.GetString(1)), row.GetString(2), new(row.GetInt64(3)));

    private static KeyValuePair<SegmentName, Standing> StandingOf(SqliteDataReader row) =>
        new(
            new(row.GetString(0)),
            new(row.GetInt64(1), IsMember: (TransitionKind)row.GetInt32(2) == TransitionKind.Entered)
        );
}
