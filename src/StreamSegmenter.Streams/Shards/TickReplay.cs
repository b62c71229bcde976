using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>The recorded ticks of a shard, each to be repeated once, at its place.</summary>
internal sealed class TickReplay(IReadOnlyList<RecordedTick> ticks)
{
    private int _repeated;

    /// <summary>Whether time acted before the record at <paramref name="next"/> was applied; if so, how far.</summary>
    public bool TryPeek(LogPosition next, out Timestamp now)
    {
        bool any = _repeated < ticks.Count && ticks[_repeated].Position <= next;
        now = any ? ticks[_repeated].Now : default;
        return any;
    }

    public void Advance() => _repeated++;
}
