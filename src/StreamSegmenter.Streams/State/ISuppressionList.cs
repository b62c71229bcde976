using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.State;

/// <summary>An address that nothing is to be sent to, and why.</summary>
/// <param name="Reason">For people.</param>
/// <param name="Source">Who put it on the list, e.g. <c>api</c>, <c>connector mail</c>.</param>
public sealed record SuppressedAddress(Suppression Suppression, Timestamp Since, string Reason, string Source);

/// <summary>
/// The addresses that nothing is to be sent to. They compare as they are: see <see cref="Suppression.Of"/>. What a
/// completed task wrote is on stable storage. Thread-safe.
/// </summary>
public interface ISuppressionList
{
    /// <summary>Adds addresses; one that is on the list already stays there as it is.</summary>
    /// <returns>How many were added.</returns>
    ValueTask<int> AddAsync(IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellationToken);

    /// <summary>Says whether the address was on the list.</summary>
    ValueTask<bool> RemoveAsync(Suppression suppression, CancellationToken cancellationToken);

    /// <summary>Those of the addresses that are on the list.</summary>
    ValueTask<IReadOnlySet<Suppression>> FindAsync(
        IReadOnlyCollection<Suppression> suppressions,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Up to <paramref name="max"/> of a channel's addresses that follow <paramref name="after"/>, in the order of
    /// their bytes in UTF-8; empty begins with the first.
    /// </summary>
    ValueTask<IReadOnlyList<SuppressedAddress>> ReadAsync(
        string channel,
        string after,
        int max,
        CancellationToken cancellationToken
    );
}
