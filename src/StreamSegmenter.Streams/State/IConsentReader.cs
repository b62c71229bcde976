using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.State;

/// <summary>A consent with its place in the log of its customer's shard.</summary>
public sealed record ConsentRecord(LogPosition Position, ConsentStatement Statement);

/// <summary>Answers questions about consents from committed effects. Thread-safe.</summary>
public interface IConsentReader
{
    /// <summary>
    /// What each of the customers says now, as <see cref="CurrentConsents"/> works it out; who never said anything is
    /// absent.
    /// </summary>
    ValueTask<IReadOnlyDictionary<CustomerId, IReadOnlyList<Consent>>> GetCurrentAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Up to <paramref name="max"/> of what a customer ever said, the newest by (at, position) first.
    /// </summary>
    ValueTask<IReadOnlyList<ConsentRecord>> GetHistoryAsync(
        CustomerId customer,
        int max,
        CancellationToken cancellationToken
    );
}
