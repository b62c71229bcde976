using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>A customer's pending pushes, and what has to be known of the customer to decide on them.</summary>
/// <param name="Facts">Of the same moment as <paramref name="Pending"/>, or a later one.</param>
/// <param name="Pending">Of all connectors asked for, in order of sequence.</param>
/// <param name="Cut">The connectors of which there are more than were asked for.</param>
public sealed record CustomerCase(
    CustomerFacts Facts,
    IReadOnlyList<PendingPush> Pending,
    IReadOnlySet<ConnectorName> Cut
);

/// <summary>Which cases to read.</summary>
/// <param name="Customers">Each once.</param>
/// <param name="Connectors">Whose pushes to read.</param>
/// <param name="GrantsSince">What counts from an earlier instant on (<see cref="Grant.At"/>) does not matter, unless it
/// is pending.</param>
/// <param name="MaxPending">How many pushes of a customer to read of each connector, so that none crowds out another;
/// the first in order of sequence.</param>
/// <param name="AddressOf">See <see cref="IPushPolicy.AddressOf"/>.</param>
public sealed record CaseQuestion(
    IReadOnlyList<CustomerId> Customers,
    IReadOnlyCollection<ConnectorName> Connectors,
    Timestamp GrantsSince,
    int MaxPending,
    Func<PendingPush, Suppression?> AddressOf
)
{
    /// <summary>Of one customer's pushes, in any order, those asked for, in theirs.</summary>
    /// <param name="found">Where there are more of a connector than asked for, at least one more.</param>
    public (IReadOnlyList<PendingPush> Pending, IReadOnlySet<ConnectorName> Cut) Limit(IEnumerable<PendingPush> found)
    {
        Dictionary<ConnectorName, int> counts = [];
        List<PendingPush> pending = [];
        HashSet<ConnectorName> cut = [];
        foreach (PendingPush push in found.OrderBy(static push => push.Place.Sequence))
        {
            ConnectorName connector = push.Push.Connector;
            int count = counts[connector] = counts.GetValueOrDefault(connector) + 1;
            if (count <= MaxPending)
            {
                pending.Add(push);
            }
            else
            {
                cut.Add(connector);
            }
        }

        return (pending, cut);
    }
}

/// <summary>Reads what policy decides on. Thread-safe.</summary>
public interface ICustomerCaseReader
{
    /// <summary>The case of each customer, in the order asked for.</summary>
    ValueTask<IReadOnlyList<CustomerCase>> ReadAsync(CaseQuestion question, CancellationToken cancellationToken);
}
