using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.State;

/// <summary>
/// Everything that the shards must not lose. What a completed task wrote is on stable storage. Every part is
/// thread-safe, and throws <see cref="StateStoreUnavailableException"/> while the store cannot be reached. Dispose it
/// after its users have stopped.
/// </summary>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>
    /// Binds a new store to a log of so many partitions, by which customers are spread, for ever. Before anything else
    /// is done with a log, so that nothing gets into one that does not belong to the store.
    /// </summary>
    /// <exception cref="InvalidOperationException">The store belongs to a log of another number.</exception>
    ValueTask PinAsync(int partitionCount, CancellationToken cancellationToken);

    IShardOwnership Ownership { get; }

    ICustomerReader Customers { get; }

    IShardCommitter Committer { get; }

    IMembershipReader Memberships { get; }

    IDeadLetterStore DeadLetters { get; }

    IOutbox Outbox { get; }

    IConsentReader Consents { get; }

    ISuppressionList Suppressions { get; }

    ICustomerCaseReader Cases { get; }

    IPushAdministration PushAdministration { get; }
}

/// <summary>Hands shards to owners. Thread-safe.</summary>
public interface IShardOwnership
{
    /// <summary>
    /// Takes the shard over: bumps its epoch, which fences every earlier owner, then reads where it stood.
    /// </summary>
    /// <param name="partitionCount">As for <see cref="IStateStore.PinAsync"/>, which this does, too.</param>
    ValueTask<ShardStart> AcquireAsync(
        ShardId shard,
        int partitionCount,
        string owner,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Who took the shard over last, as that owner called itself; null when nobody ever did. It may be gone since.
    /// </summary>
    ValueTask<string?> FindOwnerAsync(ShardId shard, CancellationToken cancellationToken);
}

/// <summary>Reads checkpointed customers. Thread-safe.</summary>
public interface ICustomerReader
{
    /// <summary>The states of those of <paramref name="customers"/> that have one.</summary>
    ValueTask<IReadOnlyList<StoredCustomer>> LoadAsync(
        ShardId shard,
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Up to <paramref name="max"/> stored customers with a due time before <paramref name="before"/>, in order of (due
    /// time, customer), starting after the pair (<paramref name="afterDue"/>, <paramref name="afterCustomer"/>).
    /// </summary>
    ValueTask<IReadOnlyList<StoredCustomer>> LoadDueAsync(
        ShardId shard,
        Timestamp before,
        Timestamp afterDue,
        CustomerId? afterCustomer,
        int max,
        CancellationToken cancellationToken
    );
}

/// <summary>A shard's periodic snapshot of what changed.</summary>
/// <param name="Position">The next record to apply.</param>
/// <param name="Customers">Every customer changed since the last checkpoint.</param>
/// <param name="Definitions">Fingerprint of the definitions in force.</param>
public sealed record Checkpoint(
    LogPosition Position,
    Timestamp Now,
    string Definitions,
    IReadOnlyList<StoredCustomer> Customers
)
{
    /// <summary>
    /// <see cref="Customers"/> are all that the shard has: every other stored one goes. For a shard that was rebuilt.
    /// </summary>
    public bool ReplacesAll { get; init; }
}

/// <summary>What must be on stable storage before any connector sees it.</summary>
/// <param name="Position">The next record to apply: effects of all records before it are in this or an earlier
/// commit.</param>
/// <param name="Ticks">Ticks that fired something since the last commit.</param>
public sealed record EffectBatch(
    LogPosition Position,
    IReadOnlyList<RecordedTick> Ticks,
    IReadOnlyList<Transition> Transitions,
    IReadOnlyList<NewPush> Pushes
)
{
    /// <summary>Records that are no events. With the position in one commit, a replay adds none twice.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters { get; init; } = [];

    /// <summary>
    /// What customers said about being written to. One whose customer, channel, purpose and position are there already
    /// changes nothing.
    /// </summary>
    public IReadOnlyList<ConsentRecord> Consents { get; init; } = [];
}

/// <summary>A push to put into the outbox.</summary>
/// <param name="Sequence">Given by the shard, growing without gaps: the order in which its pushes are due.</param>
/// <param name="MadeAt">The shard's clock when it made the push; the push's age counts from here.</param>
/// <param name="Content">UTF-8 JSON, see <see cref="PushContent"/>.</param>
public sealed record NewPush(
    PushId Id,
    long Sequence,
    ConnectorName Connector,
    CustomerId Customer,
    Timestamp MadeAt,
    ReadOnlyMemory<byte> Content
);

/// <summary>Commits what a shard did. One call is one transaction, all or nothing. Thread-safe.</summary>
public interface IShardCommitter
{
    /// <summary>
    /// Writes the changed customers and the position, and deletes recorded ticks that no replay needs any more.
    /// </summary>
    ValueTask<CommitResult> CommitCheckpointAsync(
        ShardLease lease,
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Appends transitions, from which memberships follow, inserts pushes (an id already there is left as it is),
    /// journals the ticks, adds the dead letters and the consents and moves the effects position.
    /// </summary>
    ValueTask<CommitResult> CommitEffectsAsync(
        ShardLease lease,
        EffectBatch effects,
        CancellationToken cancellationToken
    );
}

/// <summary>That a customer is in a segment, after the newest transition.</summary>
public sealed record Membership(SegmentName Segment, Timestamp Since);

/// <summary>Answers questions about memberships and history from committed effects. Thread-safe.</summary>
public interface IMembershipReader
{
    /// <summary>The segments the customer is in, ordered by name.</summary>
    ValueTask<IReadOnlyList<Membership>> GetMembershipsAsync(CustomerId customer, CancellationToken cancellationToken);

    /// <summary>Members per segment; a segment without members may be absent.</summary>
    ValueTask<IReadOnlyDictionary<SegmentName, long>> CountMembersAsync(CancellationToken cancellationToken);

    /// <summary>All transitions of these customers, one after the other, each ordered by (segment, number).</summary>
    ValueTask<IReadOnlyList<Transition>> GetHistoryAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    );

    /// <summary>All transitions ordered by (at, customer, segment, number).</summary>
    IAsyncEnumerable<Transition> ReadTransitionsAsync(CancellationToken cancellationToken);
}

/// <summary>Input that could not be accepted, kept whole.</summary>
/// <param name="Reason">A stable code, e.g. <c>bad-timestamp</c>.</param>
/// <param name="Detail">What was wrong where, and how to mend it.</param>
/// <param name="Source">Where it came from, e.g. <c>http</c>, <c>shard 3 position 17</c>.</param>
public sealed record DeadLetter(
    Timestamp At,
    string Source,
    string Reason,
    string Detail,
    ReadOnlyMemory<byte> Payload
);

/// <summary>Keeps dead letters. Durable when the task completes. Thread-safe.</summary>
public interface IDeadLetterStore
{
    ValueTask AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);

    /// <summary>The newest first.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ReadAsync(int max, CancellationToken cancellationToken);

    /// <summary>How many there are, by reason.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken);
}
