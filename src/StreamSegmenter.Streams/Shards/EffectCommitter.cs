using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Commits effects beside the shard's loop, one batch at a time, so that a shard which lags works on while the disk
/// syncs. Used by that loop, on which observers are told, too.
/// </summary>
internal sealed class EffectCommitter(ShardOptions options, ShardServices services, ShardLease lease, LogPosition start)
{
    private long _started = services.Time.GetTimestamp();
    private EffectBatch? _batch;
    private Task<CommitResult> _running = Task.FromResult(CommitResult.Committed);

    /// <summary>Whether everything started is on stable storage and told.</summary>
    public bool Idle => _batch is null;

    /// <summary>The position of the newest batch that is.</summary>
    public LogPosition Position { get; private set; } = start;

    /// <summary>The commit that was started last.</summary>
    public Task<CommitResult> Running => _running;

    /// <summary>Whether a commit that is started now starts at once.</summary>
    public bool IsFree => _running.IsCompleted;

    /// <summary>
    /// Whether effects have gathered for long enough. While a commit is under way they may as well gather further.
    /// </summary>
    /// <param name="clock">The shard's: the log time of what it applied last.</param>
    public bool IsDue(Timestamp clock) =>
        IsFree
        && services.Time.GetElapsedTime(_started)
            >= Patience(options.CommitInterval, Timestamp.From(services.Time.GetUtcNow()), clock);

    /// <summary>
    /// How long effects gather: a tenth of the time by which the shard is behind, between <paramref name="interval"/>
    /// and ten times that. What comes a minute late may as well come a second later, and what many records share is
    /// then written once.
    /// </summary>
    internal static TimeSpan Patience(TimeSpan interval, Timestamp now, Timestamp clock)
    {
        double behind = now.Milliseconds - (double)clock.Milliseconds;
        double least = interval.TotalMilliseconds;
        return TimeSpan.FromMilliseconds(Math.Clamp(behind / 10, least, 10 * least));
    }

    /// <summary>Starts a commit when the one before it has ended.</summary>
    public async ValueTask StartAsync(EffectBatch batch)
    {
        await CompleteAsync();
        _batch = batch;
        _started = services.Time.GetTimestamp();
        _running = services.Committer.CommitEffectsAsync(lease, batch, CancellationToken.None).AsTask();
    }

    /// <summary>The same as <see cref="CompleteAsync"/> where nobody has to wait for it.</summary>
    public ValueTask ObserveAsync() => IsFree ? CompleteAsync() : ValueTask.CompletedTask;

    /// <summary>Waits for the commit under way, if any, then tells relays and observer.</summary>
    /// <exception cref="ShardFencedException">Somebody else owns the shard now.</exception>
    public async ValueTask CompleteAsync()
    {
        if (_batch is { } batch)
        {
            ShardFencedException.ThrowIf(await _running, lease);
            _batch = null;
            Position = batch.Position;
            services.Announce(lease, batch);
        }
    }
}
