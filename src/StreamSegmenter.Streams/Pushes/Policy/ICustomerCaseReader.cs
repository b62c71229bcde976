using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>A customer's pending pushes, and what has to be known of the customer to decide on them.</summary>
/// <param name="Facts">Of the same moment as <paramref name="Pending"/>, or a later one.</param>
/// <param name="Pending">Of all connectors, in order of sequence.</param>
/// <param name="HasMore">There are more than were asked for.</param>
public sealed record CustomerCase(CustomerFacts Facts, IReadOnlyList<PendingPush> Pending, bool HasMore);

/// <summary>Which cases to read.</summary>
/// <param name="Customers">Each once.</param>
/// <param name="GrantsSince">What counts from an earlier instant on (<see cref="Grant.At"/>) does not matter, unless it
/// is pending.</param>
/// <param name="MaxPending">How many pushes of a customer to read; the first in order of sequence.</param>
/// <param name="AddressOf">See <see cref="IPushPolicy.AddressOf"/>.</param>
public sealed record CaseQuestion(
    IReadOnlyList<CustomerId> Customers,
    Timestamp GrantsSince,
    int MaxPending,
    Func<PendingPush, Suppression?> AddressOf
);

/// <summary>Reads what policy decides on. Thread-safe.</summary>
public interface ICustomerCaseReader
{
    /// <summary>The case of each customer, in the order asked for.</summary>
    ValueTask<IReadOnlyList<CustomerCase>> ReadAsync(CaseQuestion question, CancellationToken cancellationToken);
}
