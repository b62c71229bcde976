using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

/// <summary>How far a shard is from having caught up.</summary>
/// <param name="Records">How many records it has still to apply.</param>
/// <param name="IsFollowing">False while it is being taken over, or rebuilt under changed definitions.</param>
internal readonly record struct ShardLag(int Shard, long Records, bool IsFollowing);

/// <summary>All shards of this node, and how far they are behind their log.</summary>
internal sealed class ShardGroup : IBackpressure, IAsyncDisposable
{
    private static readonly TimeSpan LagInterval = TimeSpan.FromMilliseconds(250);

    private readonly ShardRunner[] _runners;
    private readonly IEventLogReader _log;
    private readonly long _maxLag;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task[] _running = [];
    private Task _watch = Task.CompletedTask;
    private LogPosition[] _ends = [];
    private long _lag;

    public ShardGroup(NodeSettings settings, ShardServices services)
    {
        _log = services.Log;
        _maxLag = settings.Shards.MaxLag;
        _time = services.Time;
        _runners =
        [
            .. Enumerable
                .Range(0, services.Log.PartitionCount)
                .Select(i => new ShardRunner(
                    new ShardId(i),
                    settings.Rules,
                    settings.Actions,
                    settings.Limits,
                    settings.Shards,
                    services
                )),
        ];
    }

    /// <summary>Ends when a shard fails, with its exception.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    /// <summary>Records in the log that are not applied yet.</summary>
    public long Lag => Interlocked.Read(ref _lag);

    public TimeSpan? RetryAfter => Lag > _maxLag ? TimeSpan.FromSeconds(1) : null;

    public RecordCounts Counts =>
        _runners
            .Select(runner => runner.Counts)
            .Aggregate(
                default(RecordCounts),
                (a, b) =>
                    new(
                        a.Applied + b.Applied,
                        a.Duplicates + b.Duplicates,
                        a.Rejected + b.Rejected,
                        a.Clamped + b.Clamped,
                        a.Evicted + b.Evicted
                    )
            );

    /// <summary>
    /// The shards that have not caught up yet with what the log held at the start, and by how many records. Empty, and
    /// for good, once all of them have.
    /// </summary>
    public IReadOnlyList<ShardLag> Lagging =>
        [
            .. _runners
                .Select((runner, i) => new ShardLag(i, Behind(runner, _ends[i]), runner.IsFollowing))
                .Where(lag => lag.Records > 0 || !lag.IsFollowing),
        ];

    /// <summary>Takes the shards over. Returns when it is known how far each of them has to come.</summary>
    public async Task StartAsync(string owner, CancellationToken cancellationToken)
    {
        var ends = new LogPosition[_runners.Length];
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] = (await _log.GetRangeAsync(new(i), cancellationToken)).End;
        }

        _ends = ends;
        _running =
        [
            .. _runners.Select(runner => Task.Run(() => runner.RunAsync(owner, _stop.Token), CancellationToken.None)),
        ];
        Failure = FirstFailureAsync();
        _watch = Task.Run(WatchLagAsync, CancellationToken.None);
    }

    /// <summary>Applies what is in hand, commits it, writes a last checkpoint.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watch;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>Measures how far the shards are behind, now.</summary>
    public async Task<long> MeasureLagAsync(CancellationToken cancellationToken)
    {
        long lag = 0;
        for (int i = 0; i < _runners.Length; i++)
        {
            LogRange range = await _log.GetRangeAsync(new(i), cancellationToken);
            lag += Behind(_runners[i], range.End);
        }

        Interlocked.Exchange(ref _lag, lag);
        return lag;
    }

    private static long Behind(ShardRunner runner, LogPosition end) => Math.Max(0, end.Value - runner.Position.Value);

    private async Task FirstFailureAsync()
    {
        await foreach (Task ended in Task.WhenEach(_running))
        {
            await ended;
        }
    }

    private async Task WatchLagAsync()
    {
        using var timer = new PeriodicTimer(LagInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await MeasureLagAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }
}
