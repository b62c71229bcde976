using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Owns one shard: takes it over, replays its log from the checkpoint (from the beginning when the definitions have
/// changed), then follows it. One loop, no locks.
/// </summary>
public sealed class ShardRunner
{
    private readonly ShardId _id;
    private readonly RuleSet _rules;
    private readonly ShardServices _services;
    private readonly ShardOptions _options;
    private readonly IReadOnlyList<SegmentActions> _actions;
    private readonly ShardLimits _limits;
    private readonly RecordTally _tally = new();
    private readonly ShardQuestions _questions = new();
    private long _publishedPosition;
    private bool _isFollowing;
    private bool _hasFollowed;

    // Where the log ended at the take-over.
    private LogPosition _goal;

    public ShardRunner(
        ShardId id,
        RuleSet rules,
        IReadOnlyList<SegmentActions> actions,
        EventLimits eventLimits,
        ShardOptions options,
        ShardServices services
    )
    {
        (_id, _rules, _actions, _options, _services) = (id, rules, actions, options, services);
        _limits = new(eventLimits.BehindIngest(), options.HotCustomers, options.MaxTimelineEntries);
    }

    public ShardId Id => _id;

    /// <summary>
    /// What became of the records so far. May be read from any thread; the numbers belong to one moment only roughly.
    /// </summary>
    public RecordCounts Counts => _tally.Counts;

    /// <summary>
    /// All records before it are applied, their effects on stable storage. May be read from any thread.
    /// </summary>
    public LogPosition Position => new(Volatile.Read(ref _publishedPosition));

    /// <summary>
    /// Whether the shard has been taken over and, where that was needed, rebuilt: from then on it applies what its log
    /// holds beyond <see cref="Position"/>. May be read from any thread.
    /// </summary>
    public bool IsFollowing => Volatile.Read(ref _isFollowing);

    /// <summary>Whether the last run came as far as <see cref="IsFollowing"/>.</summary>
    internal bool HasFollowed => Volatile.Read(ref _hasFollowed);

    /// <summary>
    /// What is known of a customer of this shard; null when nothing is. It is never ahead of what is on stable storage,
    /// and has seen all that was committed before the question. Answered on the shard's loop, so within
    /// <see cref="ShardOptions.TickInterval"/> and the batch in hand. Thread-safe.
    /// </summary>
    /// <exception cref="ShardAwayException">The shard does not follow its log.</exception>
    public Task<CustomerSnapshot?> AskAsync(CustomerId customer, CancellationToken cancellationToken) =>
        _questions.AskAsync(customer).WaitAsync(cancellationToken);

    /// <summary>
    /// Works until <paramref name="stop"/>, then commits, writes a last checkpoint and returns. Any failure ends it
    /// with the exception: nothing is skipped, and another run continues where the last commit stands. One run at a
    /// time.
    /// </summary>
    /// <param name="caughtUp">Called once, on the loop, when all is applied and committed that the log held at the
    /// take-over; what only time brings about until then has happened too.</param>
    public async Task RunAsync(string owner, Action caughtUp, CancellationToken stop)
    {
        Volatile.Write(ref _hasFollowed, false);
        try
        {
            ShardSession? session = await TakeOverAsync(owner, stop);
            if (session is not null)
            {
                await FollowAsync(session, caughtUp, stop);
                await session.DrainAsync();
            }
        }
        finally
        {
            _questions.Close();
            Volatile.Write(ref _isFollowing, false);
        }
    }

    /// <summary>Null when stopped before the shard was ready; what was begun is repeated by the next owner.</summary>
    private async ValueTask<ShardSession?> TakeOverAsync(string owner, CancellationToken stop)
    {
        try
        {
            ShardStart start = await _services.Ownership.AcquireAsync(_id, _services.Log.PartitionCount, owner, stop);
            await CheckPositionsAsync(start, stop);
            EffectCollector effects = new(_actions, start.NextOutboxSequence);
            ShardParts parts = new(
                _id,
                _rules,
                _options,
                _services,
                new(_rules, _limits, effects, effects),
                effects,
                _tally,
                _questions
            );
            if (start.Definitions == _rules.Fingerprint)
            {
                return new(parts, start, allInMemory: false);
            }

            start = await new ShardRebuild(parts).RunAsync(start, Publish, stop);
            return new(parts, start, allInMemory: true);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async ValueTask FollowAsync(ShardSession session, Action caughtUp, CancellationToken stop)
    {
        bool isBehind = true;
        _questions.Open();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Publish(session.Committed);
                Volatile.Write(ref _isFollowing, true);
                Volatile.Write(ref _hasFollowed, true);
                await session.StepAsync(stop);

                // A log that grows as fast as it is read has no end: a record behind the goal lets time act as well.
                if (isBehind && (session.IsAtEnd || session.Committed > _goal))
                {
                    isBehind = false;
                    caughtUp();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }

        Publish(session.Committed);
    }

    // Records that came after a log had lost its end would otherwise pass for those that were applied before.
    private async ValueTask CheckPositionsAsync(ShardStart start, CancellationToken stop)
    {
        LogRange range = await _services.Log.GetRangeAsync(_id.Partition, stop);
        LogPosition last = LogPosition.Max(start.EffectsPosition, start.CheckpointPosition);
        if (last > range.End)
        {
            throw new LogPositionOutOfRangeException(_id.Partition, last, range);
        }

        _goal = range.End;
    }

    private void Publish(LogPosition position) => Volatile.Write(ref _publishedPosition, position.Value);
}
