using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteConsentReader(SqliteDatabase database) : IConsentReader
{
    public ValueTask<IReadOnlyDictionary<CustomerId, IReadOnlyList<Consent>>> GetCurrentAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            customers,
            static (connection, customers) =>
            {
                Dictionary<CustomerId, IReadOnlyList<Consent>> current = [];
                foreach (CustomerId customer in customers)
                {
                    if (ConsentTable.ReadCurrent(connection, customer) is { Count: > 0 } consents)
                    {
                        current[customer] = consents;
                    }
                }

                return (IReadOnlyDictionary<CustomerId, IReadOnlyList<Consent>>)current;
            },
            cancellationToken
        );

    public ValueTask<IReadOnlyList<ConsentRecord>> GetHistoryAsync(
        CustomerId customer,
        int max,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            (customer, max),
            static (connection, wanted) =>
                (IReadOnlyList<ConsentRecord>)ConsentTable.ReadHistory(connection, wanted.customer, wanted.max),
            cancellationToken
        );
}
