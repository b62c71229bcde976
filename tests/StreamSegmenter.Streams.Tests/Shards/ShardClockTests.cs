using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Tests.Shards.Support;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>A node whose clock is wrong, over a log whose clock is right.</summary>
public sealed class ShardClockTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    private readonly ShardRig _rig = new([Scripted.Segment("buyer", "exists(purchase, 30m)")])
    {
        Options = new() { TickInterval = Tick },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(-20)]
    [InlineData(20)]
    public void What_is_due_happens_on_time_and_nobody_polls_for_it(int minutesAhead)
    {
        CountedLog log = new(_rig.Memory, _rig.Loop.Time, TimeSpan.FromMinutes(-minutesAhead));
        _rig.Log = log;
        _rig.Start();
        _rig.Append(Scripted.Track("u1", "purchase"));

        _rig.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromMilliseconds(2));

        _rig.History().ShouldBe(["u1 +buyer1 event", "u1 -buyer2 time"]);
        log.Reads.ShouldBeInRange(30, 40);
    }

    /// <summary>All its times are off by as much, seen from the node.</summary>
    private sealed class CountedLog(IEventLogReader log, TimeProvider time, TimeSpan skew) : IEventLogReader
    {
        public int Reads { get; private set; }

        public int PartitionCount => log.PartitionCount;

        public ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken) =>
            log.GetRangeAsync(partition, cancellationToken);

        public async ValueTask<LogBatch> ReadAsync(
            PartitionId partition,
            LogPosition from,
            int maxRecords,
            TimeSpan wait,
            CancellationToken cancellationToken
        )
        {
            Reads++;
            LogBatch batch = await log.ReadAsync(partition, from, maxRecords, wait, cancellationToken);
            return batch with
            {
                Records =
                [
                    .. batch.Records.Select(record =>
                        record with
                        {
                            LogTime = record.LogTime.Plus((long)skew.TotalMilliseconds),
                        }
                    ),
                ],
                Clock = batch.Clock is null ? null : Timestamp.From(time.GetUtcNow() + skew),
            };
        }
    }
}
