using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes;

/// <summary>A place in one shard's outbox.</summary>
public readonly record struct OutboxPlace(ShardId Shard, long Sequence);

/// <summary>A push waiting in the outbox.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Push">What is to be sent.</param>
/// <param name="MadeAt">As given in <see cref="NewPush.MadeAt"/>.</param>
/// <param name="NotBefore">The next attempt is not to start earlier; <see cref="MadeAt"/> before the first.</param>
public sealed record PendingPush(OutboxPlace Place, Push Push, Timestamp MadeAt, Timestamp NotBefore)
{
    /// <summary>
    /// When its wait is over. What nobody has made wait is due at once: <see cref="MadeAt"/> is of the log's clock,
    /// which this machine's may be behind.
    /// </summary>
    public Timestamp DueAt => NotBefore == MadeAt ? Timestamp.Beginning : NotBefore;

    /// <summary>When policy let it out first; null when it never did, or was never asked.</summary>
    public Timestamp? GrantedAt { get; init; }

    /// <summary>When the first attempt began whose outcome nobody knows; null when that of each is known.</summary>
    public Timestamp? UnknownAt { get; init; }
}

/// <summary>How many pushes of a connector stand where.</summary>
public readonly record struct OutboxCounts(long Pending, long Delivered, long Dead)
{
    /// <summary>Ended by policy, unsent.</summary>
    public long Dropped { get; init; }

    /// <summary>Sent as a part of another push.</summary>
    public long Merged { get; init; }

    /// <summary>Ended after an attempt whose outcome nobody knows, rather than be sent twice.</summary>
    public long Unknown { get; init; }

    /// <summary>The same, but an operator is to decide.</summary>
    public long Held { get; init; }

    /// <summary>Given up by an operator.</summary>
    public long Discarded { get; init; }

    /// <summary>All that were ever made.</summary>
    public long Total => Pending + Delivered + Dead + Dropped + Merged + Unknown + Held + Discarded;
}

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

    /// <summary>
    /// Records what became of pushes, all or nothing; durable when the task completes. A push that has its end already
    /// stays as it is. What policy decided is written down as a <see cref="Policy.PushDecision"/> too.
    /// </summary>
    ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken);

    ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(CancellationToken cancellationToken);
}
