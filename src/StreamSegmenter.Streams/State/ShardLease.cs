using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.State;

/// <summary>A shard, counted from 0: the owner of one log partition's customers.</summary>
public readonly record struct ShardId(int Value)
{
    public PartitionId Partition => new(Value);

    /// <exception cref="ArgumentOutOfRangeException">A log of so many partitions has no such shard.</exception>
    public void ThrowIfNotAmong(int partitionCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitionCount);
        ArgumentOutOfRangeException.ThrowIfNegative(Value, "shard");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Value, partitionCount, "shard");
    }

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// Grows each time a shard changes hands. A commit under an older epoch is refused: see <see cref="CommitResult"/>.
/// </summary>
public readonly record struct OwnerEpoch(long Value);

/// <summary>Proof of ownership that every commit shows.</summary>
public readonly record struct ShardLease(ShardId Shard, OwnerEpoch Epoch);

/// <summary>What a commit came to.</summary>
public enum CommitResult
{
    /// <summary>All of it is on stable storage.</summary>
    Committed = 1,

    /// <summary>Somebody else owns the shard now; nothing was written and nothing may be written any more.</summary>
    Fenced = 2,
}

/// <summary>
/// A tick that mattered: before the record at <paramref name="Position"/> was applied, everything due before
/// <paramref name="Now"/> happened. Replay advances the clock to <paramref name="Now"/> at the same place.
/// </summary>
public readonly record struct RecordedTick(LogPosition Position, Timestamp Now);

/// <summary>Where a shard stood when its last owner committed.</summary>
/// <param name="CheckpointPosition">The next record to apply to the checkpointed customers.</param>
/// <param name="Now">The shard's clock at the checkpoint.</param>
/// <param name="EffectsPosition">
/// Records before this position have all their effects committed: while replaying them the shard is mute.
/// </param>
/// <param name="Ticks">Recorded ticks at or after <paramref name="CheckpointPosition"/> that came after the checkpoint,
/// in order.</param>
/// <param name="Definitions">
/// Fingerprint of the segment definitions in force at the checkpoint; empty when none are: on a new shard, and while
/// one is rebuilt for new definitions.
/// </param>
/// <param name="NextOutboxSequence">The number the shard gives its next outbox row; 1 on a new shard.</param>
public sealed record ShardStart(
    ShardLease Lease,
    LogPosition CheckpointPosition,
    Timestamp Now,
    LogPosition EffectsPosition,
    IReadOnlyList<RecordedTick> Ticks,
    string Definitions,
    long NextOutboxSequence
);

/// <summary>One customer's state as stored: opaque to the store, versioned by its writer.</summary>
/// <param name="NextDue">When time alone next changes something; <see cref="Timestamp.Never"/> if it cannot.</param>
/// <param name="State">Empty when nothing is left to know of the customer, who is then not stored any more.</param>
public readonly record struct StoredCustomer(CustomerId Customer, Timestamp NextDue, ReadOnlyMemory<byte> State);
