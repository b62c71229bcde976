using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Administration;

/// <summary>
/// How operators look at pushes, and what they do about those that came to no good end: those in the states
/// <see cref="PushState.Dead"/>, <see cref="PushState.Unknown"/> and <see cref="PushState.Held"/>. Everything else is
/// left alone, so that nothing under way is disturbed, but for <see cref="DiscardWaitingAsync"/>. What a completed task
/// wrote is on stable storage. Thread-safe.
/// </summary>
public interface IPushAdministration
{
    /// <summary>
    /// Up to <paramref name="max"/> pushes of the range, in its order, that follow <paramref name="after"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The cursor belongs to a range of another kind.</exception>
    ValueTask<IReadOnlyList<StoredPush>> ReadAsync(
        PushRange range,
        PushCursor? after,
        int max,
        CancellationToken cancellationToken
    );

    /// <summary>Any push, whatever its state; null when there is none.</summary>
    ValueTask<PushHistory?> FindAsync(PushId id, CancellationToken cancellationToken);

    /// <summary>Gives a push another content; false when it is in another state, or not there.</summary>
    ValueTask<bool> EditAsync(PushId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Makes pushes pending again as if they had been made at <paramref name="now"/>, with no attempts, under their ids
    /// and at their places. Relays have to be told, see <see cref="ReadReplaysAsync"/>. A grant of policy stays where
    /// the push may have reached the customer.
    /// </summary>
    /// <returns>Those that were put back.</returns>
    ValueTask<IReadOnlyList<StoredPush>> ReplayAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    );

    /// <summary>Gives pushes up for good.</summary>
    /// <returns>How many.</returns>
    ValueTask<int> DiscardAsync(IReadOnlyList<PushId> ids, Timestamp now, CancellationToken cancellationToken);

    /// <summary>
    /// Gives pending pushes up for good. The caller knows that no relay has their connector: an attempt under way would
    /// go on, and nobody would learn what became of it.
    /// </summary>
    /// <returns>How many.</returns>
    ValueTask<int> DiscardWaitingAsync(IReadOnlyList<PushId> ids, Timestamp now, CancellationToken cancellationToken);

    /// <summary>
    /// How often pushes of each shard were put back. When the number is another one than before, its relays have to
    /// look through its outbox again: <see cref="Relay.OutboxSignal.RaiseReplayed"/>.
    /// </summary>
    ValueTask<IReadOnlyDictionary<ShardId, long>> ReadReplaysAsync(CancellationToken cancellationToken);
}
