using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>What the store was asked to write, and what it said, in order.</summary>
/// <param name="At">The true time.</param>
internal sealed record StoreEntry(ShardId Shard, long Epoch, bool Accepted, DateTimeOffset At)
{
    /// <summary>Who took the shard over under this epoch; null for a commit.</summary>
    public string? Owner { get; init; }

    public EffectBatch? Effects { get; init; }

    public Checkpoint? Checkpoint { get; init; }
}

/// <summary>The history of the state store, which the checks go through.</summary>
internal sealed class StateLedger
{
    public List<StoreEntry> Entries { get; } = [];

    /// <summary>Pushes that are no longer pending, with what became of them first, and when.</summary>
    public Dictionary<PushId, (OutboxUpdate Update, DateTimeOffset At)> Ends { get; } = [];

    /// <summary>Whether the last that each shard's owner wrote was taken.</summary>
    public bool LastWasAccepted => Entries.GroupBy(entry => entry.Shard).All(shard => shard.Last().Accepted);

    public IEnumerable<StoreEntry> Accepted(ShardId shard) =>
        Entries.Where(entry => entry.Accepted && entry.Shard == shard);

    public IEnumerable<(StoreEntry Entry, EffectBatch Batch)> Effects =>
        Entries.Where(entry => entry is { Accepted: true, Effects: not null }).Select(entry => (entry, entry.Effects!));

    public IEnumerable<NewPush> Pushes => Effects.SelectMany(commit => commit.Batch.Pushes);
}
