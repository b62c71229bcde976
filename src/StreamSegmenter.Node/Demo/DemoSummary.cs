using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Node.Demo;

/// <summary>What came of the demonstration, in a table.</summary>
internal sealed class DemoSummary(TextWriter output)
{
    public async Task WriteAsync(SegmenterNode node, int events, long transitions, CancellationToken stop)
    {
        IReadOnlyDictionary<SegmentName, long> members = await node.Memberships.CountMembersAsync(stop);
        IReadOnlyDictionary<ConnectorName, OutboxCounts> pushes = await node.Outbox.CountAsync(stop);
        IReadOnlyDictionary<string, long> letters = await node.DeadLetters.CountAsync(stop);
        output.WriteLine("Summary");
        Row("events accepted", $"{events:N0}", $", {letters.Values.Sum():N0} dead letters");
        Row("transitions", $"{transitions:N0}");
        foreach (
            (ConnectorName connector, OutboxCounts counts) in pushes.OrderBy(p => p.Key.Value, StringComparer.Ordinal)
        )
        {
            Row($"pushes to {connector}", $"{counts.Delivered:N0}", $" delivered, {counts.Dead:N0} given up");
        }

        foreach ((SegmentName segment, long count) in members.OrderBy(pair => pair.Key))
        {
            Row($"members of {segment}", $"{count:N0}");
        }
    }

    public void WriteSpeed(int events, TimeSpan took, Latencies? past, Latencies? live)
    {
        Row("rate", $"{events / took.TotalSeconds:N0}", " events/s, one request after the other, pushes included");
        Row("receipt to push", past, "of the past");
        Row("receipt to push", live, "live");
    }

    private void Row(string name, Latencies? latencies, string which)
    {
        if (latencies is { } found)
        {
            Row(
                name,
                $"{found.Median.TotalMilliseconds:N0}",
                $" ms median, {found.Percentile99.TotalMilliseconds:N0} ms 99th percentile, "
                    + $"{found.Count:N0} pushes {which}"
            );
        }
    }

    private void Row(string name, string value, string rest = "") => output.WriteLine($"  {name, -30}{value, 6}{rest}");
}
