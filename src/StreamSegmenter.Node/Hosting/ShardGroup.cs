using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

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

    public void Start(string owner)
    {
        _running = [.. _runners.Select(runner => Task.Run(() => runner.RunAsync(owner, _stop.Token)))];
        Failure = FirstFailureAsync();
        _watch = Task.Run(WatchLagAsync);
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
            lag += Math.Max(0, range.End.Value - _runners[i].Position.Value);
        }

        Interlocked.Exchange(ref _lag, lag);
        return lag;
    }

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
