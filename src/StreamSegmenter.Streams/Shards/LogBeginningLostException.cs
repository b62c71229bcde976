using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Changed definitions need the whole history, and the log has forgotten a part of it.</summary>
public sealed class LogBeginningLostException(ShardId shard, LogRange range)
    : InvalidOperationException(
        $"The segment definitions, the time zone or the dedupe horizon have changed, so shard {shard} has to work its "
            + $"customers out again from its whole log; but partition {shard} begins at position "
            + $"{range.Earliest.Value}, older records are gone. Go back to the former definitions; or restore the "
            + "log's beginning (and let its retention keep it); or start with an empty state store: then only what "
            + "the log still holds counts, from the first record on."
    );
