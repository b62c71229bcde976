using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using StreamSegmenter.Benchmarks.Throughput;
using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>
/// Nodes on Kafka and PostgreSQL, each a process pinned to one core: events from a topic to committed transitions,
/// beside a consumer that does nothing but count bytes, and two nodes beside one. <c>cluster [events]</c>; brokers and
/// database run on the same machine, where they like.
/// </summary>
internal static class ClusterReport
{
    private const int Partitions = 8;
    private const int Rounds = 3;

    public static async Task<int> RunAsync(int events)
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync();
        PostgresServer postgres = await PostgresServer.SharedAsync();
        string topic = await broker.CreateTopicAsync("shop", Partitions);
        var stream = new ShopStream(ShopShape.Browsers, events);
        Produce(broker, topic, stream);
        var work = new NodeWork(
            broker.BootstrapServers,
            topic,
            stream.End.Milliseconds,
            postgres.ConnectionString,
            postgres.Password
        );
        int half = stream.CountIn(0, Partitions / 2, Partitions);
        Console.WriteLine(
            $"{events:N0} events of {stream.Bytes / events:N0} bytes in {Partitions} partitions on "
                + $"{(broker.IsMock ? "librdkafka's mock brokers" : broker.BootstrapServers)}, "
                + $"{Environment.ProcessorCount} processors"
        );

        double bare = double.MaxValue;
        Cost one = Cost.None;
        Cost free = Cost.None;
        Cost lone = Cost.None;
        Cost two = Cost.None;
        for (int round = 0; round < Rounds; round++)
        {
            bare = Math.Min(bare, ReadBare(broker, topic, events).TotalSeconds);
            free = free.Or(await RunAsync(work, pinned: false, (0, Partitions)));
            one = one.Or(await RunAsync(work, pinned: true, (0, Partitions)));
            lone = lone.Or(await RunAsync(work, pinned: true, (0, Partitions / 2)));
            two = two.Or(await RunAsync(work, pinned: true, (0, Partitions / 2), (Partitions / 2, Partitions)));
        }

        Print("bare consumer, counting bytes", events, new(bare, 0));
        Print("one node on all cores", events, free);
        Console.WriteLine($"  {bare / free.Seconds:P0} of the bare consumer");
        Print("one node on one core", events, one);
        Print("one node on one core, half the partitions", half, lone);
        Print("two nodes on a core each, half of them each", events, two);
        Console.WriteLine($"  {events / two.Seconds / (half / lone.Seconds):N2} times one node's work");
        return 0;
    }

    private static void Print(string what, int events, Cost cost) =>
        Console.WriteLine(
            $"{what, -44} {events / cost.Seconds, 10:N0} events/s"
                + (
                    cost.Processor > 0
                        ? $", {events / cost.Processor, 10:N0} a second of the nodes' processor time"
                        : ""
                )
        );

    /// <summary>Records bear the times of the stream, so that windows are as full as elsewhere.</summary>
    private static void Produce(KafkaBroker broker, string topic, ShopStream stream)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["enable.idempotence"] = "true",
            ["compression.type"] = "lz4",
            ["linger.ms"] = "20",
            ["queue.buffering.max.messages"] = "1000000",
        };
        using IProducer<string, byte[]> producer = new ProducerBuilder<string, byte[]>(settings).Build();
        for (int i = 0; i < stream.Count; i++)
        {
            ShopEvent @event = stream[i];
            producer.Produce(
                new TopicPartition(topic, Murmur2.PartitionOf(@event.Customer, Partitions).Value),
                new()
                {
                    Key = @event.Customer.Value,
                    Value = @event.Payload.ToArray(),
                    Timestamp = new(@event.LogTime.Milliseconds, TimestampType.CreateTime),
                }
            );
        }

        producer.Flush();
    }

    private static TimeSpan ReadBare(KafkaBroker broker, string topic, int events)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["group.id"] = "bare",
            ["check.crcs"] = "true",
            // By default it rests for a second whenever it has fetched enough ahead, which would flatter the nodes.
            ["fetch.queue.backoff.ms"] = "20",
        };
        long begun = Stopwatch.GetTimestamp();
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(settings).Build();
        consumer.Assign(
            Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning))
        );
        long bytes = 0;
        for (int read = 0; read < events; read++)
        {
            bytes += consumer.Consume(TimeSpan.FromSeconds(30)).Message.Value.Length;
        }

        return bytes > 0 ? Stopwatch.GetElapsedTime(begun) : throw new InvalidOperationException("nothing was read");
    }

    /// <summary>Runs a process for each range of partitions, each on a core of its own, over a new schema.</summary>
    private static async Task<Cost> RunAsync(NodeWork work, bool pinned, params (int First, int End)[] ranges)
    {
        string schema = $"s{Guid.NewGuid():n}";
        Process[] nodes =
        [
            .. ranges.Select((range, core) => work.Start(pinned ? core : null, schema, range.First, range.End)),
        ];
        var results = new List<double[]>();
        foreach (Process node in nodes)
        {
            string output = await node.StandardOutput.ReadToEndAsync();
            await node.WaitForExitAsync();
            results.Add(
                node.ExitCode == 0
                    ? [.. output.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))]
                    : throw new InvalidOperationException($"a node ended with {node.ExitCode}: {output}")
            );
            node.Dispose();
        }

        return new(results.Max(result => result[0]), results.Sum(result => result[1]));
    }

    /// <summary>How long some nodes took, the slowest of them, and how much processor time all together.</summary>
    private readonly record struct Cost(double Seconds, double Processor)
    {
        public static readonly Cost None = new(double.MaxValue, 0);

        public Cost Or(Cost other) => other.Seconds < Seconds ? other : this;
    }
}
