using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes;

/// <summary>A place in one shard's outbox.</summary>
public readonly record struct OutboxPlace(ShardId Shard, long Sequence);

/// <summary>A push waiting in the outbox.</summary>
/// <param name="MadeAt">As given in <see cref="NewPush.MadeAt"/>.</param>
/// <param name="NotBefore">The next attempt is not to start earlier; <see cref="MadeAt"/> before the first.</param>
public sealed record PendingPush(OutboxPlace Place, Push Push, Timestamp MadeAt, Timestamp NotBefore);

/// <summary>What became of a pending push.</summary>
public abstract record OutboxUpdate(PushId Id)
{
    public sealed record Delivered(PushId Id, Timestamp At) : OutboxUpdate(Id);

    public sealed record Postponed(PushId Id, int Attempts, Timestamp NotBefore, string Reason) : OutboxUpdate(Id);

    public sealed record Dead(PushId Id, int Attempts, Timestamp At, string Reason) : OutboxUpdate(Id);
}

/// <summary>How many pushes of a connector stand where.</summary>
public readonly record struct OutboxCounts(long Pending, long Delivered, long Dead);

/// <summary>The relay's view of the outbox. Thread-safe.</summary>
public interface IOutbox
{
    /// <summary>
    /// Up to <paramref name="max"/> pending pushes of the connector and shard with a sequence above
    /// <paramref name="after"/>, in order of sequence, whether their time has come or not.
    /// </summary>
    ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
        ConnectorName connector,
        ShardId shard,
        long after,
        int max,
        CancellationToken cancellationToken
    );

    /// <summary>Records what became of pushes; durable when the task completes.</summary>
    ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken);

    ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(CancellationToken cancellationToken);
}
