using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Node.Demo;

/// <summary>What came of the demonstration, in a table.</summary>
internal sealed class DemoSummary(TextWriter output)
{
    public async Task WriteAsync(SegmenterNode node, int events, DemoReport report, CancellationToken stop)
    {
        IReadOnlyDictionary<SegmentName, long> members = await node.Memberships.CountMembersAsync(stop);
        IReadOnlyDictionary<ConnectorName, OutboxCounts> pushes = await node.Outbox.CountAsync(stop);
        IReadOnlyDictionary<string, long> letters = await node.DeadLetters.CountAsync(stop);
        output.WriteLine("Summary");
        Row("events accepted", $"{events:N0}", $", {letters.Values.Sum():N0} dead letters");
        Row("transitions", $"{report.Transitions:N0}");
        foreach (
            (ConnectorName connector, OutboxCounts counts) in pushes.OrderBy(p => p.Key.Value, StringComparer.Ordinal)
        )
        {
            Row($"pushes to {connector}", $"{counts.Total:N0}", $": {EndsOf(counts)}");
            foreach (string reason in ReasonsOf(counts, report.MostGivenUp(connector), report.LastFailure(connector)))
            {
                output.WriteLine($"    {reason}");
            }
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

    /// <summary>What became of pushes, which add up to all of them.</summary>
    internal static string EndsOf(OutboxCounts counts)
    {
        IEnumerable<(long Count, string What)> ends =
        [
            (counts.Delivered, "delivered"),
            (counts.Dead, "given up"),
            (counts.Dropped, "dropped by policy"),
            (counts.Merged, "merged into others"),
            (counts.Unknown, "of unknown outcome"),
            (counts.Held, "held"),
            (counts.Discarded, "discarded"),
            (counts.Pending, "pending"),
        ];
        return string.Join(
            ", ",
            ends.Where(static end => end.Count > 0 || end.What == "delivered")
                .Select(static end => $"{end.Count:N0} {end.What}")
        );
    }

    /// <summary>Why pushes were given up, and why others wait.</summary>
    internal static IEnumerable<string> ReasonsOf(
        OutboxCounts counts,
        (string Reason, long Count)? givenUp,
        DeliveryResult? lastFailure
    )
    {
        if (counts.Dead > 0 && givenUp is var (reason, count))
        {
            yield return $"given up, {count:N0} of {counts.Dead:N0}: {reason}";
        }

        if (counts.Pending > 0)
        {
            yield return lastFailure is null
                ? $"{counts.Pending:N0} pending: no attempt has failed; they may be for later, by policy"
                : $"{counts.Pending:N0} pending; the last attempt that failed: {lastFailure.Detail}";
        }
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
