using Npgsql;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>Reads everything in one round trip, or two when there are addresses to look for.</summary>
internal sealed class PostgresCaseReader(PostgresDatabase database, ISuppressionList suppressed) : ICustomerCaseReader
{
    private const string Pending = $"""
        SELECT pending.* FROM unnest($1::bytea[]) AS asked (customer)
        CROSS JOIN unnest($2::bytea[]) AS governed (connector)
        CROSS JOIN LATERAL (
            SELECT {PendingRow.Columns} FROM outbox
            WHERE state = 0 AND customer = asked.customer AND connector = governed.connector
            ORDER BY sequence
            LIMIT $3
        ) AS pending
        """;

    // What may have reached the customer: refused at every attempt it has not. What an attempt ended counts from then
    // on. The index has all grants of a customer.
    private const string Grants = """
        SELECT customer, id, connector, granted_for,
            CASE WHEN state IN (1, 5, 6) THEN settled_at ELSE granted_at END AS counts_at
        FROM outbox
        WHERE customer = ANY ($1) AND granted_at IS NOT NULL
            AND (
                state = 0
                OR (state IN (1, 5, 6) AND settled_at >= $2)
                OR (state NOT IN (1, 5, 6) AND granted_at >= $2 AND unknown_at IS NOT NULL)
            )
        ORDER BY counts_at, granted_at
        """;

    private const string Standings = """
        SELECT DISTINCT ON (customer, segment) customer, segment, number, kind FROM transition
        WHERE customer = ANY ($1)
        ORDER BY customer, segment, number DESC
        """;

    private const string Unsent = """
        SELECT customer, id FROM outbox AS gone
        WHERE customer = ANY ($1) AND state IN (3, 4) AND attempts = 0 AND unknown_at IS NULL AND (
            state = 3 OR EXISTS (
                SELECT FROM outbox AS carrier
                WHERE carrier.id = gone.merged_into
                    AND carrier.state = 3 AND carrier.attempts = 0 AND carrier.unknown_at IS NULL
            )
        )
        """;

    public async ValueTask<IReadOnlyList<CustomerCase>> ReadAsync(
        CaseQuestion question,
        CancellationToken cancellationToken
    )
    {
        byte[][] asked = question.Customers.Texts(static customer => customer.Value);
        byte[][] connectors = question.Connectors.Texts(static connector => connector.Value);
        Found found = await database.RunAsync(
            [
                new(Pending, asked, connectors, question.MaxPending + 1),
                new(Grants, asked, question.GrantsSince.Milliseconds),
                new(Standings, asked),
                new(Unsent, asked),
                ConsentStatements.ReadNewest(question.Customers),
            ],
            ReadAsync,
            cancellationToken
        );

        // Which addresses matter is in the pushes.
        IReadOnlySet<Suppression> suppressions = await suppressed.FindAsync(
            found
                .Pending.SelectMany(static pushes => pushes)
                .Select(question.AddressOf)
                .OfType<Suppression>()
                .ToHashSet(),
            cancellationToken
        );
        return [.. question.Customers.Select(customer => CaseOf(customer, question, found, suppressions))];
    }

    private static CustomerCase CaseOf(
        CustomerId customer,
        CaseQuestion question,
        Found found,
        IReadOnlySet<Suppression> suppressions
    )
    {
        (IReadOnlyList<PendingPush> pending, IReadOnlySet<ConnectorName> cut) = question.Limit(found.Pending[customer]);
        CustomerFacts facts = new(
            customer,
            CurrentConsents.Of(found.Consents[customer]),
            suppressions,
            [.. found.Grants[customer]],
            found.Standings[customer].ToDictionary(),
            found.Unsent[customer].ToHashSet()
        );
        return new(facts, pending, cut);
    }

    private static async Task<Found> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<PendingPush> pending = await PostgresDatabase.RowsAsync(reader, PendingRow.Read, cancellationToken);
        return new(
            pending.ToLookup(static push => push.Push.Customer),
            await NextAsync(reader, GrantOf, cancellationToken),
            await NextAsync(reader, StandingOf, cancellationToken),
            await NextAsync(reader, static row => new PushId(row.GetStoredText(1)), cancellationToken),
            await NextAsync(reader, ConsentStatements.ConsentOf, cancellationToken)
        );
    }

    private static async Task<ILookup<CustomerId, T>> NextAsync<T>(
        NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        await reader.NextResultAsync(cancellationToken);
        List<(CustomerId Customer, T Value)> rows = await PostgresDatabase.RowsAsync(
            reader,
            row => (new CustomerId(row.GetStoredText(0)), read(row)),
            cancellationToken
        );
        return rows.ToLookup(static row => row.Customer, static row => row.Value);
    }

    private static Grant GrantOf(NpgsqlDataReader row) =>
        new(new(row.GetStoredText(1)), new(row.GetStoredText(2)), row.GetStoredText(3), new(row.GetInt64(4)));

    private static KeyValuePair<SegmentName, Standing> StandingOf(NpgsqlDataReader row) =>
        new(
            new(row.GetStoredText(1)),
            new(row.GetInt64(2), IsMember: (TransitionKind)row.GetInt16(3) == TransitionKind.Entered)
        );

    private sealed record Found(
        ILookup<CustomerId, PendingPush> Pending,
        ILookup<CustomerId, Grant> Grants,
        ILookup<CustomerId, KeyValuePair<SegmentName, Standing>> Standings,
        ILookup<CustomerId, PushId> Unsent,
        ILookup<CustomerId, ConsentRecord> Consents
    );
}
