using System.Diagnostics.Metrics;
using System.Text;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Log;

public sealed class ForeignRecordTests
{
    [Fact]
    public async Task Records_without_key_or_value_are_read_like_others()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("foreign", 1);
        await RunningSource.SendAsync(
            broker,
            topic,
            new() { Key = null, Value = "keyless"u8.ToArray() },
            new() { Key = "u"u8.ToArray(), Value = null },
            new() { Key = [0xFF], Value = "no text"u8.ToArray() },
            new() { Key = [], Value = "empty"u8.ToArray() }
        );
        using KafkaEventLog log = await TestClients.OpenAsync(broker, TestClients.Options(broker, topic));

        List<LogRecord> read = await ReadAsync(log, new(0), 4);

        read.Select(record => record.Customer.IsMissing).ShouldBe([true, false, true, true]);
        read.Select(Text).ShouldBe(["keyless", "", "no text", "empty"]);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Every_compression_comes_back_whole(string compression)
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync(compression, 1);
        using KafkaEventLog log = await TestClients.OpenAsync(
            broker,
            TestClients.Options(broker, topic) with
            {
                Compression = compression,
            }
        );
        string[] texts = [.. Enumerable.Range(0, 500).Select(i => $"{i} {new string('x', i)}")];

        await log.AppendAsync([.. texts.Select(t => new NewRecord(new("u"), Encoding.UTF8.GetBytes(t)))], default);

        (await ReadAsync(log, new(0), texts.Length)).Select(Text).ShouldBe(texts);
    }

    [Fact]
    public async Task A_slow_reader_pauses_its_own_partition_and_no_other()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("slow", 2);
        using KafkaInstruments instruments = new();
        using MeterListener listener = new();
        long pauses = 0;
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "streamsegmenter.kafka.log.pauses")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref pauses, value));
        listener.Start();
        KafkaLogOptions options = TestClients.Options(broker, topic) with { BufferRecords = 64 };
        using KafkaEventLog log = await KafkaEventLog.OpenAsync(
            TestClients.Of(broker),
            options,
            instruments,
            TimeProvider.System,
            default
        );
        const int count = 3_000;
        await log.AppendAsync(
            [.. Enumerable.Range(0, count).Select(i => new NewRecord(new($"u{i}"), Encoding.UTF8.GetBytes($"{i}")))],
            default
        );
        int[] expected = [.. Enumerable.Range(0, 2).Select(p => Enumerable.Range(0, count).Count(i => Lives(i, p)))];

        List<LogRecord> slow = await ReadAsync(log, new(0), 1, max: 1);
        List<LogRecord> quick = await ReadAsync(log, new(1), expected[1]);
        quick.Count.ShouldBe(expected[1]);
        await Eventually.HoldsAsync(() => Volatile.Read(ref pauses) > 0, () => "nothing was paused");

        slow.AddRange(await ReadAsync(log, new(0), expected[0] - 1, slow[0].Position.Next));
        slow.Select(Text).ShouldBe(Enumerable.Range(0, count).Where(i => Lives(i, 0)).Select(i => $"{i}"));

        static bool Lives(int i, int p) =>
            Murmur2.PartitionOf(new Segmentation.Customers.CustomerId($"u{i}"), 2).Value == p;
    }

    private static string Text(LogRecord record) => Encoding.UTF8.GetString(record.Payload.Span);

    private static async Task<List<LogRecord>> ReadAsync(
        KafkaEventLog log,
        PartitionId partition,
        int count,
        LogPosition from = default,
        int max = 100
    )
    {
        List<LogRecord> read = [];
        for (LogPosition next = from; read.Count < count; )
        {
            LogBatch batch = await log.ReadAsync(partition, next, max, TimeSpan.FromSeconds(30), default);
            batch.Records.ShouldNotBeEmpty();
            read.AddRange(batch.Records);
            next = batch.Next;
        }

        return read;
    }
}
