using System.Globalization;
using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Node.Demo;

/// <summary>The demonstration: a whole node, a shop's real events, and one customer worth calling at once.</summary>
internal sealed class DemoRun(TextWriter output, TimeProvider time)
{
    /// <summary>
    /// Runs it to the end. <paramref name="makeSettings"/> is given the writer that console connectors share.
    /// </summary>
    public async Task RunAsync(
        Func<TextWriter, NodeSettings> makeSettings,
        ILoggerFactory loggers,
        CancellationToken stop
    )
    {
        TextWriter shared = TextWriter.Synchronized(output);
        var report = new DemoReport(shared, time);
        NodeSettings settings = makeSettings(shared);
        await using SegmenterNode node = await SegmenterNode.StartAsync(
            settings,
            new(report, report),
            time,
            loggers,
            stop
        );
        shared.WriteLine($"Listening on {node.Address}; state is in {settings.Store.Directory}.");
        using var producer = new DemoProducer(node.Address, time);

        IReadOnlyList<string> shop = DemoEvents.Shop(time.GetUtcNow());
        shared.WriteLine(
            $"\nSending {shop.Count:N0} events of a shop's customers, moved so that the last happens now:"
        );
        long started = time.GetTimestamp();
        await producer.SendAsync(shop, sent => Progress(shared, sent, shop.Count), stop);
        await FinishAsync(node, stop);
        TimeSpan took = time.GetElapsedTime(started);
        (int bulkPushes, double bulkMedian, double bulkTail) = report.TakeLatencies();

        IReadOnlyList<string> flagship = DemoEvents.Flagship(time.GetUtcNow());
        shared.WriteLine($"\nSending {flagship.Count} events of the flagship customer, one by one:");
        foreach (string @event in flagship)
        {
            await producer.SendAsync([@event], static _ => { }, stop);
            await FinishAsync(node, stop);
        }

        (int pushes, double median, double tail) = report.TakeLatencies();
        shared.WriteLine();
        await SummariseAsync(node, shared, shop.Count + flagship.Count, report.Transitions);
        shared.WriteLine(
            $"  rate                    {shop.Count / took.TotalSeconds, 10:N0} events/s, pushes included"
        );
        Latency(shared, "in the flood", bulkPushes, bulkMedian, bulkTail);
        Latency(shared, "one by one", pushes, median, tail);
    }

    private static Task FinishAsync(SegmenterNode node, CancellationToken stop) =>
        node.WaitUntilIdleAsync(TimeProvider.System, stop);

    private static void Progress(TextWriter output, int sent, int total) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"-- {sent:N0} of {total:N0} events accepted"));

    private static async Task SummariseAsync(SegmenterNode node, TextWriter output, int events, long transitions)
    {
        IReadOnlyDictionary<SegmentName, long> members = await node.Memberships.CountMembersAsync(
            CancellationToken.None
        );
        IReadOnlyDictionary<ConnectorName, OutboxCounts> pushes = await node.Outbox.CountAsync(CancellationToken.None);
        IReadOnlyDictionary<string, long> letters = await node.DeadLetters.CountAsync(CancellationToken.None);
        output.WriteLine("Summary");
        output.WriteLine($"  events accepted         {events, 10:N0}, {letters.Values.Sum():N0} dead letters");
        output.WriteLine($"  transitions             {transitions, 10:N0}");
        foreach (
            (ConnectorName connector, OutboxCounts counts) in pushes.OrderBy(
                pair => pair.Key.Value,
                StringComparer.Ordinal
            )
        )
        {
            output.WriteLine(
                $"  pushes to {connector, -13} {counts.Delivered, 10:N0} delivered, {counts.Dead:N0} given up"
            );
        }

        foreach ((SegmentName segment, long count) in members.OrderBy(pair => pair.Key))
        {
            output.WriteLine($"  members of {segment, -12} {count, 10:N0}");
        }
    }

    private static void Latency(TextWriter output, string when, int pushes, double median, double tail)
    {
        if (pushes > 0)
        {
            output.WriteLine(
                $"  receipt to push         {median, 7:N0} ms median, {tail:N0} ms 99th percentile, "
                    + $"{when} ({pushes} pushes)"
            );
        }
    }
}
