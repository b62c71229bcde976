using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// What a relay knows of its outbox: a lane per customer, which is ready (its turn has come), waiting or taken (an
/// attempt runs, or its outcome is not recorded yet). Not thread-safe.
/// </summary>
internal interface IBacklog
{
    /// <summary>How much is remembered.</summary>
    int Count { get; }

    int ReadyCount { get; }

    /// <summary>When the first waiting lane becomes ready.</summary>
    Timestamp NextDue { get; }

    /// <summary>Takes in a push that was read.</summary>
    void Add(PendingPush pending, Timestamp now);

    /// <summary>Makes lanes ready whose time has come.</summary>
    void Wake(Timestamp now);

    /// <summary>Whether the ready lanes do for so many attempts; if not, more is to be read.</summary>
    bool Suffices(LaneOrder order, int count);

    /// <summary>
    /// Takes the first of the ready lanes. It comes back by <see cref="Finish"/> or <see cref="Postpone"/>.
    /// </summary>
    bool TryTake(LaneOrder order, [NotNullWhen(true)] out Lane? lane);

    /// <summary>The push that a lane was taken for is done with, or there is none.</summary>
    void Finish(Lane lane, Timestamp now);

    /// <summary>The lane is to be taken again later.</summary>
    void Postpone(Lane lane, Timestamp notBefore, Timestamp now);

    /// <summary>Forgets the shard's lanes; taken ones are forgotten when they come back.</summary>
    void Remove(ShardId shard);

    /// <summary>The shard's outbox is about to be read again from its beginning. What is taken stays so.</summary>
    void Restart(ShardId shard);

    /// <summary>Whether <see cref="MakeRoom"/> would forget something.</summary>
    bool CanMakeRoom { get; }

    /// <summary>
    /// Forgets some of what waits longest, and tells where it is and when it would have become ready: it has to be read
    /// again by then. Empty when nothing can be forgotten.
    /// </summary>
    IReadOnlyList<(ShardId Shard, Timestamp Due)> MakeRoom();
}
