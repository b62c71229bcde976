using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Measurements;

/// <summary>
/// How fast the log is written and read, beside a consumer that does nothing but count bytes. Each is done three times,
/// in turn; the best counts.
/// </summary>
internal static class ReadMeasurement
{
    private const int Partitions = 8;
    private const int Customers = 20_000;
    private const int Rounds = 3;

    public static async Task RunAsync(int records)
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync();
        string topic = await broker.CreateTopicAsync("measure", Partitions);
        Console.WriteLine(
            broker.IsMock
                ? "mock brokers of librdkafka, not Apache Kafka; broker, writer and reader share this machine"
                : $"the cluster at {broker.BootstrapServers}"
        );
        KafkaLogOptions options = TestClients.Options(broker, topic);
        using KafkaEventLog log = await TestClients.OpenAsync(broker, options);
        Print("append, 500 at a time, 16 at once", records, await WriteAsync(log, records));

        TimeSpan bare = TimeSpan.MaxValue;
        TimeSpan read = TimeSpan.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            bare = Least(bare, ReadBare(broker, topic, records));
            read = Least(read, await ReadLogAsync(broker, options, records));
        }

        Print("bare consumer, counting bytes", records, bare);
        Print("event log, a reader a partition", records, read);
        Console.WriteLine($"event log / bare consumer: {bare / read:P0}");
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static void Print(string what, int records, TimeSpan time) =>
        Console.WriteLine($"{what, -36} {records / time.TotalSeconds, 10:N0} records/s");

    private static async Task<TimeSpan> WriteAsync(KafkaEventLog log, int records)
    {
        var watch = Stopwatch.StartNew();
        const int batch = 500;
        string filler = new('x', 220);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, records / batch),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (b, cancelled) =>
            {
                NewRecord[] some =
                [
                    .. Enumerable
                        .Range(b * batch, batch)
                        .Select(i =>
                        {
                            string customer = $"customer-{i % Customers}";
                            string text = $$"""{"type":"page","userId":"{{customer}}","x":"{{filler}}"}""";
                            return new NewRecord(new(customer), Encoding.UTF8.GetBytes(text));
                        }),
                ];
                await log.AppendAsync(some, cancelled);
            }
        );
        return watch.Elapsed;
    }

    private static TimeSpan ReadBare(KafkaBroker broker, string topic, int records)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["group.id"] = "bare",
            ["fetch.wait.max.ms"] = "20",
            ["check.crcs"] = "true",
            // By default it stops for a second whenever it has fetched enough ahead; that would flatter the log.
            ["fetch.queue.backoff.ms"] = "20",
            ["enable.auto.commit"] = "false",
        };
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(settings).Build();
        consumer.Assign(
            Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning))
        );
        var watch = Stopwatch.StartNew();
        long bytes = 0;
        for (int read = 0; read < records / 500 * 500; read++)
        {
            bytes += consumer.Consume(TimeSpan.FromSeconds(30)).Message.Value.Length;
        }

        return bytes > 0 ? watch.Elapsed : throw new InvalidOperationException("nothing was read");
    }

    private static async Task<TimeSpan> ReadLogAsync(KafkaBroker broker, KafkaLogOptions options, int records)
    {
        using KafkaEventLog log = await TestClients.OpenAsync(broker, options);
        var watch = Stopwatch.StartNew();
        long[] counts = await Task.WhenAll(
            Enumerable
                .Range(0, Partitions)
                .Select(p =>
                    Task.Run(async () =>
                    {
                        LogRange range = await log.GetRangeAsync(new(p), default);
                        long count = 0;
                        for (LogPosition next = range.Earliest; next < range.End; )
                        {
                            LogBatch batch = await log.ReadAsync(
                                new(p),
                                next,
                                1_000,
                                TimeSpan.FromSeconds(30),
                                default
                            );
                            (next, count) = (batch.Next, count + batch.Records.Count);
                        }

                        return count;
                    })
                )
        );
        return counts.Sum() == records / 500 * 500
            ? watch.Elapsed
            : throw new InvalidOperationException($"{counts.Sum()} of {records} records were read");
    }
}
