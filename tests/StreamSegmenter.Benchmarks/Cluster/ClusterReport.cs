using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>
/// Nodes on Kafka and PostgreSQL: events from a topic to committed transitions, beside a consumer that does nothing but
/// count bytes, and two nodes beside one: <c>cluster [events]</c>. Brokers and database run on the same machine, where
/// they like, so that with two cores the second node takes from them what the first node's left over. Therefore also
/// beside one node that has its brokers and its database on its one core: what a machine twice as large is worth; and
/// beside two engines that share nothing but the machine.
/// </summary>
internal static class ClusterReport
{
    private const int Partitions = ClusterServers.Partitions;
    private const int Rounds = 2;

    public static async Task<int> RunAsync(int events)
    {
        await using ClusterServers servers = await ClusterServers.StartAsync(events);
        Console.WriteLine(
            $"{events:N0} events of {servers.Stream.Bytes / events:N0} bytes in {Partitions} partitions on "
                + $"{(servers.Broker.IsMock ? "librdkafka's mock brokers" : servers.Broker.BootstrapServers)}, "
                + $"{Environment.ProcessorCount} processors"
        );

        NodeCost bare = default;
        NodeCost free = default;
        NodeCost one = default;
        NodeCost lone = default;
        NodeCost two = default;
        NodeCost small = default;
        NodeCost compute = default;
        NodeCost computeTwo = default;
        for (int round = 0; round < Rounds; round++)
        {
            bare = bare.Or(new(events, ReadBare(servers.Work, events).TotalSeconds, 0));
            free = free.Or(await servers.RunAsync(pinned: false, (0, Partitions)));
            one = one.Or(await servers.RunAsync(pinned: true, (0, Partitions)));
            lone = lone.Or(await servers.RunAsync(pinned: true, (0, Partitions / 2)));
            two = two.Or(await servers.RunAsync(pinned: true, (0, Partitions / 2), (Partitions / 2, Partitions)));
            small = small.Or(await Worker.MeasureAsync(StartMachine(events)));
            compute = compute.Or(await Worker.MeasureAsync(ComputeWork.Start(0)));
            computeTwo = computeTwo.Or(await Worker.MeasureAsync(ComputeWork.Start(0), ComputeWork.Start(1)));
        }

        Print("bare consumer, counting bytes", bare);
        Print("one node on all cores", free);
        Console.WriteLine($"  {free.Rate / bare.Rate:P0} of the bare consumer");
        Print("one node on one core", one);
        Print("one node on one core, half the partitions", lone);
        Print("two nodes on a core each, half of them each", two);
        Console.WriteLine(
            $"  {two.Rate / one.Rate:N2} times one node's work on all partitions, "
                + $"{two.Rate / lone.Rate:N2} times on half"
        );
        Print("one node and all servers on one core", small);
        Console.WriteLine($"  {two.Rate / small.Rate:N2} times that is what two nodes on two cores do");
        Print("engine in memory on one core", compute);
        Print("two engines in memory on a core each", computeTwo);
        Console.WriteLine($"  {computeTwo.Rate / compute.Rate:N2} times one, which is what the second core is worth");
        return 0;
    }

    /// <summary>The process of a machine with one node and servers of its own, all pinned as the process is.</summary>
    public static async Task RunMachineAsync(int events)
    {
        await using ClusterServers servers = await ClusterServers.StartAsync(events);
        await Worker.AnswerAsync(() => servers.RunAsync(pinned: false, (0, Partitions)));
    }

    private static Process StartMachine(int events) =>
        Worker.Start(0, "machine", events.ToString(CultureInfo.InvariantCulture));

    private static void Print(string what, NodeCost cost) =>
        Console.WriteLine(
            $"{what, -44} {cost.Rate, 10:N0} events/s"
                + (cost.Processor > 0 ? $", {cost.Events / cost.Processor, 10:N0} a second of processor time" : "")
        );

    private static TimeSpan ReadBare(NodeWork work, int events)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = work.BootstrapServers,
            ["group.id"] = "bare",
            ["check.crcs"] = "true",
            // By default it rests for a second whenever it has fetched enough ahead, which would flatter the nodes.
            ["fetch.queue.backoff.ms"] = "20",
        };
        long begun = Stopwatch.GetTimestamp();
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(settings).Build();
        consumer.Assign(
            Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(work.Topic, p, Offset.Beginning))
        );
        long bytes = 0;
        for (int read = 0; read < events; read++)
        {
            bytes += consumer.Consume(TimeSpan.FromSeconds(30)).Message.Value.Length;
        }

        return bytes > 0 ? Stopwatch.GetElapsedTime(begun) : throw new InvalidOperationException("nothing was read");
    }
}
