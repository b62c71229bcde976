using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Log;

/// <summary>What a partition's clock may be moved by.</summary>
public sealed class LogClockTests
{
    private static readonly PartitionId s_partition = new(0);

    [Fact]
    public async Task An_end_that_was_reached_a_while_ago_does_not_tell_what_time_it_is()
    {
        // As after a process that stood still: what it hears may have been said before, while others wrote meanwhile.
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("clock", 1);
        TimeShift time = new();
        KafkaLogOptions options = TestClients.Options(broker, topic) with { ClockInterval = TimeSpan.FromDays(1) };
        using KafkaEventLog log = await KafkaEventLog.OpenAsync(
            TestClients.Of(broker),
            options,
            TestClients.Instruments,
            time,
            default
        );
        LogBatch first = await ReadToEndAsync(log, default);
        first.Clock!.Value.ShouldBeGreaterThan(Timestamp.From(TimeProvider.System.GetUtcNow()).Minus(60_000));

        time.Ahead = TimeSpan.FromMinutes(10);
        await log.AppendAsync([new(new("u"), "{}"u8.ToArray())], default);
        LogBatch second = await ReadToEndAsync(log, first.Next);

        second.Clock!.Value.ShouldBeLessThanOrEqualTo(Timestamp.From(TimeProvider.System.GetUtcNow()));
    }

    // To the end after a record, or the first end.
    private static async Task<LogBatch> ReadToEndAsync(KafkaEventLog log, LogPosition from)
    {
        LogPosition end = (await log.GetRangeAsync(s_partition, default)).End;
        for (int i = 0; ; i++)
        {
            i.ShouldBeLessThan(300, "the end does not come");
            LogBatch batch = await log.ReadAsync(s_partition, from, 10, TimeSpan.FromMilliseconds(50), default);
            from = batch.Next;
            if (batch.Clock is not null && from == end)
            {
                return batch;
            }
        }
    }

    private sealed class TimeShift : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
