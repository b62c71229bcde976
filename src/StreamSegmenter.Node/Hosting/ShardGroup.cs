using System.Collections.Concurrent;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

/// <summary>How far a shard is from having caught up.</summary>
/// <param name="Records">How many records it has still to apply; null while that is not known.</param>
/// <param name="IsFollowing">False while it is being taken over, or rebuilt under changed definitions.</param>
internal readonly record struct ShardLag(ShardId Shard, long? Records, bool IsFollowing);

/// <summary>The shards that this node has been given, and how far they are behind their log.</summary>
internal sealed class ShardGroup : IBackpressure, IAsyncDisposable
{
    private static readonly TimeSpan LagInterval = TimeSpan.FromMilliseconds(250);

    private readonly IEventLogReader _log;
    private readonly long _maxLag;
    private readonly TimeProvider _time;
    private readonly ShardHost _host;
    private readonly CancellationTokenSource _stop = new();

    // Of each runner: where its log ended when it was first looked at.
    private readonly ConcurrentDictionary<ShardRunner, LogPosition> _goals = new();
    private Task _assignment = Task.CompletedTask;
    private Task _watch = Task.CompletedTask;
    private long _lag;

    public ShardGroup(NodeSettings settings, ShardServices services, IShardCompanion companion, string owner)
    {
        _log = services.Log;
        _maxLag = settings.Shards.MaxLag;
        _time = services.Time;
        _host = new(
            shard => new(shard, settings.Rules, settings.Actions, settings.Limits, settings.Shards, services),
            owner,
            companion,
            settings.Shards,
            services.Observer,
            services.Time,
            TaskScheduler.Default
        );
    }

    /// <summary>Fails when a shard has stopped for good.</summary>
    public Task ShardFailure => _host.Failure;

    /// <summary>Fails when this node cannot take part in the assignment any more.</summary>
    public Task AssignmentFailure => _assignment;

    /// <summary>Records in the log that this node's shards have not applied yet.</summary>
    public long Lag => Interlocked.Read(ref _lag);

    public TimeSpan? RetryAfter => Lag > _maxLag ? TimeSpan.FromSeconds(1) : null;

    /// <summary>What the shards that are here now made of their records.</summary>
    public RecordCounts Counts =>
        _host
            .Runners.Select(runner => runner.Counts)
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
    /// Whether this node knows which shards are its own. With none it stands by for those of a node that fails.
    /// </summary>
    public bool IsAssigned => _host.WasAssigned;

    /// <summary>
    /// The shards that have not caught up yet with what their log held when they were given to this node.
    /// </summary>
    public IReadOnlyList<ShardLag> Lagging =>
        [.. _host.Runners.Select(LagOf).Where(lag => lag.Records is not 0 || !lag.IsFollowing)];

    /// <summary>Asks one of this node's shards about a customer; null when nothing is known.</summary>
    /// <exception cref="ShardAwayException">The shard is not at work here.</exception>
    public Task<CustomerSnapshot?> AskAsync(ShardId shard, CustomerId customer, CancellationToken cancellationToken) =>
        _host.AskAsync(shard, customer, cancellationToken);

    public void Start(IShardAssignment assignment)
    {
        _assignment = Task.Run(() => assignment.RunAsync(_host, _stop.Token), CancellationToken.None);
        _watch = Task.Run(WatchLagAsync, CancellationToken.None);
    }

    /// <summary>Applies what is in hand, commits it, writes last checkpoints, hands the shards back.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _assignment.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _host.ReleaseAsync([.. _host.Runners.Select(runner => runner.Id)]);
        await _watch;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>Measures how far this node's shards are behind, now.</summary>
    public async Task<long> MeasureLagAsync(CancellationToken cancellationToken)
    {
        long lag = 0;
        IReadOnlyList<ShardRunner> runners = _host.Runners;
        foreach (ShardRunner runner in runners)
        {
            LogPosition end = (await _log.GetRangeAsync(runner.Id.Partition, cancellationToken)).End;
            _goals.TryAdd(runner, end);
            lag += Behind(runner, end);
        }

        foreach (ShardRunner gone in _goals.Keys.Except(runners))
        {
            _goals.TryRemove(gone, out _);
        }

        Interlocked.Exchange(ref _lag, lag);
        return lag;
    }

    private static long Behind(ShardRunner runner, LogPosition end) => Math.Max(0, end.Value - runner.Position.Value);

    private ShardLag LagOf(ShardRunner runner) =>
        new(
            runner.Id,
            _goals.TryGetValue(runner, out LogPosition goal) ? Behind(runner, goal) : null,
            runner.IsFollowing
        );

    private async Task WatchLagAsync()
    {
        using var timer = new PeriodicTimer(LagInterval, _time);
        try
        {
            do
            {
                await TryMeasureLagAsync();
            } while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    // A log that is away for a moment is the shards' trouble, who say so.
    private async Task TryMeasureLagAsync()
    {
        try
        {
            await MeasureLagAsync(_stop.Token);
        }
        catch (Exception e) when (e is IOException or TimeoutException) { }
    }
}
