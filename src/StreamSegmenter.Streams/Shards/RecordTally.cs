using StreamSegmenter.Segmentation;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Counts what becomes of records. Written by one shard's loop.</summary>
internal sealed class RecordTally
{
    public RecordCounts Counts { get; private set; }

    public void Add(in ApplyResult result) =>
        Counts = new(
            Counts.Applied + (result.Outcome == ApplyOutcome.Applied ? 1 : 0),
            Counts.Duplicates + (result.Outcome == ApplyOutcome.Duplicate ? 1 : 0),
            Counts.Rejected + (result.Outcome == ApplyOutcome.Rejected ? 1 : 0),
            Counts.Clamped + (result.Clamped ? 1 : 0),
            Counts.Evicted + result.EvictedEntries
        );
}
