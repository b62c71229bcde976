using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>What shards work with; shared by all of them.</summary>
public sealed record ShardServices(
    IEventLogReader Log,
    IShardOwnership Ownership,
    ICustomerReader Customers,
    IShardCommitter Committer,
    IDeadLetterStore DeadLetters,
    OutboxSignal Outbox,
    IShardObserver Observer,
    TimeProvider Time
);
