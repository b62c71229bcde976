using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.InMemory;

/// <summary>Consents of an <see cref="InMemoryStateStore"/>, under its lock.</summary>
internal sealed class InMemoryConsents(Lock gate) : IConsentReader
{
    private readonly Dictionary<(CustomerId, string, string?, LogPosition), ConsentRecord> _said = [];

    /// <summary>The lock is held.</summary>
    public void Add(IReadOnlyList<ConsentRecord> consents)
    {
        foreach (ConsentRecord record in consents)
        {
            _said.TryAdd(
                (record.Statement.Customer, record.Statement.Channel, record.Statement.Purpose, record.Position),
                record
            );
        }
    }

    public ValueTask<IReadOnlyDictionary<CustomerId, IReadOnlyList<Consent>>> GetCurrentAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(
                customers
                    .Distinct()
                    .Select(customer => KeyValuePair.Create(customer, CurrentConsents.Of(SaidBy(customer))))
                    .Where(said => said.Value.Count > 0)
                    .ToDictionary()
            );
        }
    }

    public ValueTask<IReadOnlyList<ConsentRecord>> GetHistoryAsync(
        CustomerId customer,
        int max,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new([
                .. SaidBy(customer)
                    .OrderByDescending(record => record.Statement.At)
                    .ThenByDescending(record => record.Position)
                    .ThenBy(record => record.Statement.Channel, StringComparer.Ordinal)
                    .ThenBy(record => record.Statement.Purpose ?? "", StringComparer.Ordinal)
                    .Take(max),
            ]);
        }
    }

    /// <summary>The lock is held.</summary>
    public IReadOnlyList<Consent> CurrentOf(CustomerId customer) => CurrentConsents.Of(SaidBy(customer));

    private IEnumerable<ConsentRecord> SaidBy(CustomerId customer) =>
        _said.Values.Where(record => record.Statement.Customer == customer);
}
