using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

internal sealed class PostgresConsentReader(PostgresDatabase database) : IConsentReader
{
    public async ValueTask<IReadOnlyDictionary<CustomerId, IReadOnlyList<Consent>>> GetCurrentAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    )
    {
        List<ConsentRecord> newest = await database.ReadAsync(
            ConsentStatements.ReadNewest(customers),
            ConsentStatements.ConsentOf,
            cancellationToken
        );
        return newest
            .GroupBy(record => record.Statement.Customer)
            .Select(said => KeyValuePair.Create(said.Key, CurrentConsents.Of(said)))
            .Where(said => said.Value.Count > 0)
            .ToDictionary();
    }

    public async ValueTask<IReadOnlyList<ConsentRecord>> GetHistoryAsync(
        CustomerId customer,
        int max,
        CancellationToken cancellationToken
    ) =>
        await database.ReadAsync(
            ConsentStatements.ReadHistory(customer, max),
            ConsentStatements.ConsentOf,
            cancellationToken
        );
}
