using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Checks;

/// <summary>
/// I7: each shard has one writer at a time. Nothing was taken from an owner after the next had come; positions never go
/// back; outbox sequences have neither gaps nor repetitions.
/// </summary>
internal sealed class Writers(WorldParts world)
{
    public void Check()
    {
        foreach (var shard in world.Store.Ledger.Entries.GroupBy(entry => entry.Shard))
        {
            Check(shard.Key, shard);
        }
    }

    private void Check(ShardId shard, IEnumerable<StoreEntry> entries)
    {
        long epoch = 0;
        long sequence = 0;
        LogPosition effects = default;
        LogPosition checkpoint = default;
        LogPosition end = world.Log.Range(shard.Partition).End;
        foreach (StoreEntry entry in entries.Where(entry => entry.Accepted))
        {
            if (entry.Owner is not null)
            {
                Require(entry.Epoch == epoch + 1, $"I7: shard {shard} passed from epoch {epoch} to {entry.Epoch}");
                epoch = entry.Epoch;
                continue;
            }

            Require(entry.Epoch == epoch, $"I7: shard {shard} took a commit of epoch {entry.Epoch} in {epoch}");
            if (entry.Effects is { } batch)
            {
                Require(batch.Position >= effects, $"I7: shard {shard} went back from {effects} to {batch.Position}");
                Require(batch.Position <= end, $"I7: shard {shard} is beyond its log, at {batch.Position}");
                effects = batch.Position;
                foreach (NewPush push in batch.Pushes)
                {
                    Require(push.Sequence == sequence + 1, $"I7: shard {shard} put {push.Sequence} after {sequence}");
                    sequence = push.Sequence;
                }
            }
            else if (entry.Checkpoint is { } written)
            {
                Require(
                    written.Position >= checkpoint,
                    $"I7: shard {shard} had a checkpoint at {checkpoint}, then one at {written.Position}"
                );
                checkpoint = written.Position;
            }
        }

        Require(checkpoint == end || end == default, $"I9: shard {shard} stopped at {checkpoint}, its log at {end}");
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Violations.Add(otherwise);
        }
    }
}
