using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteCustomerReader(SqliteDatabase database) : ICustomerReader
{
    private const string One = "SELECT customer, next_due, state FROM customer WHERE shard = ?1 AND customer = ?2";

    private const string DueInOrder = """
        SELECT customer, next_due, state FROM customer
        WHERE shard = ?1 AND next_due < ?2 AND (next_due, customer) > (?3, ?4)
        ORDER BY next_due, customer
        LIMIT ?5
        """;

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadAsync(
        ShardId shard,
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            (shard, customers),
            static (connection, wanted) =>
                (IReadOnlyList<StoredCustomer>)Load(connection, wanted.shard, wanted.customers),
            cancellationToken
        );

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadDueAsync(
        ShardId shard,
        Timestamp before,
        Timestamp afterDue,
        CustomerId? afterCustomer,
        int max,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            (shard, before, afterDue, afterCustomer, max),
            static (connection, wanted) =>
            {
                List<StoredCustomer> found = [];
                using SqliteDataReader row = connection
                    .Statement(DueInOrder)
                    .Query(
                        wanted.shard.Value,
                        wanted.before.Milliseconds,
                        wanted.afterDue.Milliseconds,
                        wanted.afterCustomer?.Value ?? "",
                        wanted.max
                    );
                while (row.Read())
                {
                    found.Add(Customer(row));
                }

                return (IReadOnlyList<StoredCustomer>)found;
            },
            cancellationToken
        );

    private static List<StoredCustomer> Load(
        PreparedConnection connection,
        ShardId shard,
        IReadOnlyCollection<CustomerId> customers
    )
    {
        List<StoredCustomer> found = new(customers.Count);
        SqliteStatement one = connection.Statement(One);

        // One transaction: all of them as of the same commit, and the file's locks are taken once.
        connection.Statement("BEGIN").Execute();
        foreach (CustomerId customer in customers)
        {
            using SqliteDataReader row = one.Query(shard.Value, customer.Value);
            if (row.Read())
            {
                found.Add(Customer(row));
            }
        }

        connection.Statement("COMMIT").Execute();
        return found;
    }

    private static StoredCustomer Customer(SqliteDataReader row) =>
        new(
            new(row.GetString(0)),
            row.IsDBNull(1) ? Timestamp.Never : new Timestamp(row.GetInt64(1)),
            row.GetFieldValue<byte[]>(2)
        );
}
