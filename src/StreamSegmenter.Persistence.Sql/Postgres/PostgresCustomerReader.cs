using Npgsql;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

internal sealed class PostgresCustomerReader(PostgresDatabase database) : ICustomerReader
{
    private const string Some = """
        SELECT customer, next_due, state FROM customer WHERE shard = $1 AND customer = ANY ($2)
        """;

    private const string DueInOrder = """
        SELECT customer, next_due, state FROM customer
        WHERE shard = $1 AND next_due < $2 AND (next_due, customer) > ($3, $4)
        ORDER BY next_due, customer
        LIMIT $5
        """;

    public async ValueTask<IReadOnlyList<StoredCustomer>> LoadAsync(
        ShardId shard,
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    ) =>
        await database.ReadAsync(
            new(Some, shard.Value, customers.Texts(static customer => customer.Value)),
            Customer,
            cancellationToken
        );

    public async ValueTask<IReadOnlyList<StoredCustomer>> LoadDueAsync(
        ShardId shard,
        Timestamp before,
        Timestamp afterDue,
        CustomerId? afterCustomer,
        int max,
        CancellationToken cancellationToken
    )
    {
        byte[] after = StoredText.Encode(afterCustomer?.Value ?? "");
        Statement due = new(DueInOrder, shard.Value, before.Milliseconds, afterDue.Milliseconds, after, max);
        return await database.ReadAsync(due, Customer, cancellationToken);
    }

    private static StoredCustomer Customer(NpgsqlDataReader row) =>
        new(
            new(row.GetStoredText(0)),
            row.IsDBNull(1) ? Timestamp.Never : new Timestamp(row.GetInt64(1)),
            row.GetFieldValue<byte[]>(2)
        );
}
