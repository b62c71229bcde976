using System.Diagnostics;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>What <see cref="StoredEngine"/> measured.</summary>
/// <param name="Processor">Processor time of the whole process, all threads together.</param>
internal readonly record struct StoredResult(
    long Events,
    TimeSpan Elapsed,
    TimeSpan Processor,
    long Allocated,
    IReadOnlyDictionary<SegmentName, long> Members
);

/// <summary>
/// One shard as a node runs it: events are appended to the embedded log, a runner follows it, effects (with a push for
/// each customer who enters a segment) and checkpoints go to SQLite, all on the disk of the temporary directory.
/// </summary>
internal static class StoredEngine
{
    private const int AppendBatch = 1000;

    /// <summary>Timed from the first append after the warm-up to the last commit, that of a checkpoint.</summary>
    public static async Task<StoredResult> MeasureAsync(ShopStream stream, int warmUpPasses, int passes)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("streamsegmenter-");
        try
        {
            return await MeasureAsync(stream, warmUpPasses, passes, directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<StoredResult> MeasureAsync(ShopStream stream, int warmUp, int passes, string directory)
    {
        var clock = new StreamClock();
        EmbeddedLogOptions logOptions = new() { Directory = directory, PartitionCount = 1 };
        await using EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(logOptions, clock);
        await using SqliteStateStore store = await SqliteStateStore.OpenAsync(new() { Directory = directory }, clock);
        ShardRunner runner = Runner(log, store, clock);
        using var stop = new CancellationTokenSource();
        Task running = Task.Run(() => runner.RunAsync("benchmark", stop.Token));
        for (int pass = 0; pass < warmUp; pass++)
        {
            await FeedAsync(stream, pass, log, clock);
            await CatchUpAsync(runner, running, (pass + 1L) * stream.Count);
        }

        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long begun = Stopwatch.GetTimestamp();
        for (int pass = warmUp; pass < warmUp + passes; pass++)
        {
            await FeedAsync(stream, pass, log, clock);
        }

        await CatchUpAsync(runner, running, (warmUp + (long)passes) * stream.Count);
        await stop.CancelAsync();
        await running;
        return new(
            (long)passes * stream.Count,
            Stopwatch.GetElapsedTime(begun),
            Environment.CpuUsage.TotalTime - processor,
            GC.GetTotalAllocatedBytes() - allocated,
            await store.Memberships.CountMembersAsync(CancellationToken.None)
        );
    }

    private static ShardRunner Runner(EmbeddedEventLog log, SqliteStateStore store, TimeProvider clock)
    {
        RuleSet rules = ShopSegments.Compile();
        PushTarget[] mail = [new(new("mail"), "{}"u8.ToArray())];
        var services = new ShardServices(
            log,
            store.Ownership,
            store.Customers,
            store.Committer,
            store.Memberships,
            new OutboxSignal(),
            new Unobserved(),
            clock
        );
        return new(
            new ShardId(0),
            rules,
            [.. rules.Segments.Select(segment => new SegmentActions(segment, mail, []))],
            EventLimits.Default,
            new ShardOptions { HotCustomers = ShopStream.Customers },
            services
        );
    }

    private static async Task FeedAsync(ShopStream stream, int pass, EmbeddedEventLog log, StreamClock clock)
    {
        stream.MoveTo(pass);
        var records = new NewRecord[AppendBatch];
        for (int begin = 0; begin < stream.Count; begin += AppendBatch)
        {
            int count = Math.Min(AppendBatch, stream.Count - begin);
            for (int i = 0; i < count; i++)
            {
                records[i] = new(stream[begin + i].Customer, stream[begin + i].Payload);
            }

            clock.Now = stream[begin + count - 1].LogTime;
            await log.AppendAsync(new ArraySegment<NewRecord>(records, 0, count), CancellationToken.None);
        }
    }

    private static async Task CatchUpAsync(ShardRunner runner, Task running, long end)
    {
        while (runner.Position.Value < end && !running.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Shows the time of the stream; what it measures with is real.</summary>
    private sealed class StreamClock : TimeProvider
    {
        private long _now;

        public Timestamp Now
        {
            set => Interlocked.Exchange(ref _now, value.Milliseconds);
        }

        public override DateTimeOffset GetUtcNow() => new Timestamp(Interlocked.Read(ref _now)).ToDateTimeOffset();
    }

    private sealed class Unobserved : IShardObserver
    {
        public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

        public void Stopped(ShardId shard, Exception? error) { }
    }
}
