using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Checks;

/// <summary>
/// Where a shard's clock stood at each record: at the latest log time so far, or further where a tick is on record, by
/// itself or within a checkpoint. Only brokers whose clocks differ make that matter.
/// </summary>
internal sealed class ShardClock
{
    private readonly Timestamp[] _clocks;

    public ShardClock(IReadOnlyList<LogRecord> records, IReadOnlyList<StoreEntry> accepted)
    {
        Ticks =
        [
            .. accepted
                .SelectMany(entry => entry.Effects?.Ticks ?? [])
                .Concat(accepted.Select(entry => entry.Checkpoint).OfType<Checkpoint>().Select(OfCheckpoint))
                .Where(tick => tick.Position.Value <= records.Count)
                .OrderBy(tick => tick.Position)
                .ThenBy(tick => tick.Now),
        ];
        _clocks = new Timestamp[records.Count];
        Timestamp clock = Timestamp.Beginning;
        int tick = 0;
        for (int i = 0; i < _clocks.Length; i++)
        {
            for (; tick < Ticks.Count && Ticks[tick].Position <= records[i].Position; tick++)
            {
                clock = Timestamp.Max(clock, Ticks[tick].Now);
            }

            _clocks[i] = clock = Timestamp.Max(clock, records[i].LogTime);
        }
    }

    public IReadOnlyList<RecordedTick> Ticks { get; }

    public Timestamp At(LogPosition position) => _clocks[(int)position.Value];

    private static RecordedTick OfCheckpoint(Checkpoint checkpoint) => new(checkpoint.Position, checkpoint.Now);
}
