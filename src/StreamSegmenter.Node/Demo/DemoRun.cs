using StreamSegmenter.Node.Hosting;

namespace StreamSegmenter.Node.Demo;

/// <summary>
/// The demonstration: a whole node, a year of a shop's and a few companies' events under a clock that follows them, and
/// then, live, the one that makes a customer worth calling at once.
/// </summary>
internal sealed class DemoRun(TextWriter output, TimeProvider time)
{
    // Time that passes alone is noticed within shards.tick-interval. Nothing happening for this long means nothing is
    // due.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    // The first attempts of what fails now and then are over by then. Who only looks does not wait for the others.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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
        NodeSettings settings = makeSettings(shared);
        IReadOnlyList<DemoEvent> events = DemoEvents.EndingAt(ToMilliseconds(time.GetUtcNow()));
        DemoEvent[] past = [.. events.SkipLast(1)];
        DemoEvent live = events[^1];
        var clock = new DemoClock(time, past[0].At);
        var report = new DemoReport(shared, time);
        await using SegmenterNode node = await SegmenterNode.StartAsync(
            settings,
            new(report, report),
            clock,
            loggers,
            stop
        );
        using var producer = new DemoProducer(node.Address, time);
        shared.WriteLine($"Listening on {node.Address}; state is in {settings.Storage}.");

        shared.WriteLine(
            $"\nSending {past.Length:N0} events over HTTP, as they happened from {past[0].At:yyyy-MM-dd} until today. "
                + $"The clock follows them, and {node.ShardCount} shards print side by side:\n"
        );
        long started = time.GetTimestamp();
        foreach (DemoEvent @event in past)
        {
            clock.MoveTo(@event.At);
            report.Sending(@event.MessageId);
            await producer.SendAsync(@event, stop);
        }

        clock.MoveTo(live.At);
        TimeSpan inVain = await SettleAsync(node, report, shared, stop);
        TimeSpan took = time.GetElapsedTime(started) - inVain;
        Latencies? pastLatencies = report.TakeLatencies();

        shared.WriteLine("\nNow, live: an important customer contacts support for the third time this month.\n");
        clock.Run();
        report.Sending(live.MessageId);
        await producer.SendAsync(live, stop);
        await SettleAsync(node, report, shared, stop);

        var summary = new DemoSummary(shared);
        shared.WriteLine();
        await summary.WriteAsync(node, events.Count, report, stop);
        summary.WriteSpeed(past.Length, took, pastLatencies, report.TakeLatencies());
    }

    /// <summary>
    /// Waits until all that was sent is applied and pushed, and what time alone makes due is done; or until nothing
    /// goes on any more, because a connector cannot deliver or its pushes are not due.
    /// </summary>
    /// <returns>For how long nothing went on.</returns>
    private async Task<TimeSpan> SettleAsync(
        SegmenterNode node,
        DemoReport report,
        TextWriter shared,
        CancellationToken stop
    )
    {
        long before;
        do
        {
            before = report.Transitions;
            await Task.Delay(Quiet, time, stop);
            if (!await node.WaitUntilIdleAsync(Patience, time, stop))
            {
                shared.WriteLine(
                    $"\nNothing has gone on for {Patience.TotalSeconds:0} s; the summary says what waits, and why."
                );
                return Patience;
            }
        } while (report.Transitions > before);

        return TimeSpan.Zero;
    }

    // Events tell their time in milliseconds; the clock stands at exactly theirs.
    private static DateTimeOffset ToMilliseconds(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
