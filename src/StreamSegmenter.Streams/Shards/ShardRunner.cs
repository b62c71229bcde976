using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Owns one shard: takes it over, replays its log from the checkpoint, then follows it. Effects are committed with the
/// position at which they happened before anybody sees them; customers are written now and then. One loop, no locks.
/// </summary>
public sealed class ShardRunner
{
    private readonly ShardId _id;
    private readonly RuleSet _rules;
    private readonly ShardServices _services;
    private readonly ShardOptions _options;
    private readonly IReadOnlyList<SegmentActions> _actions;
    private readonly ShardLimits _limits;
    private readonly Checkpointer _checkpointer;
    private RecordCounts _counts;

    private long _publishedPosition;

    // Set when the shard is taken over.
    private ShardStart _start = null!;
    private SegmentationShard _shard = null!;
    private EffectCollector _effects = null!;
    private CustomerLoader _loader = null!;
    private LogPosition _position;
    private int _replayedTicks;

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
        _checkpointer = new(options, services.Committer, services.Time);
    }

    /// <summary>
    /// What became of the records so far. May be read from any thread; the numbers belong to one moment only roughly.
    /// </summary>
    public RecordCounts Counts => _counts;

    /// <summary>The next record to apply. May be read from any thread.</summary>
    public LogPosition Position => new(Volatile.Read(ref _publishedPosition));

    /// <summary>
    /// Works until <paramref name="stop"/>, then commits, writes a last checkpoint and returns. Any failure ends it
    /// with the exception: nothing is skipped, and a restart continues where the last commit stands.
    /// </summary>
    public async Task RunAsync(string owner, CancellationToken stop)
    {
        try
        {
            await TakeOverAsync(owner, stop);
            while (!stop.IsCancellationRequested)
            {
                await StepAsync(stop);
            }

            await DrainAsync();
            _services.Observer.Stopped(_id, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await DrainAsync();
            _services.Observer.Stopped(_id, null);
        }
        catch (Exception e)
        {
            _services.Observer.Stopped(_id, e);
            throw;
        }
    }

    private async ValueTask TakeOverAsync(string owner, CancellationToken stop)
    {
        _start = await _services.Ownership.AcquireAsync(_id, _services.Log.PartitionCount, owner, stop);
        _effects = new(_actions, _start.NextOutboxSequence);
        _shard = new(_rules, _limits, _effects);
        _shard.Resume(_start.Now);
        _loader = new(_id, _shard, _services.Customers, anyStored: _start.Definitions.Length > 0);
        _position = _start.CheckpointPosition;
    }

    /// <summary>Reads once, applies what came, lets time act, commits.</summary>
    private async ValueTask StepAsync(CancellationToken stop)
    {
        await _checkpointer.ObserveAsync(_start.Lease);
        TidyUp();
        LogBatch batch = await _services.Log.ReadAsync(_id.Partition, _position, _options.BatchRecords, Wait(), stop);
        await _loader.LoadForAsync(batch.Records, stop);
        foreach (LogRecord record in batch.Records)
        {
            await ReplayTicksAsync(record.Position, stop);
            _effects.Muted = record.Position < _start.EffectsPosition;
            await ApplyAsync(record);
        }

        if (batch.Clock is { } clock)
        {
            await ReplayTicksAsync(_position, stop);
            await TickAsync(clock, stop);
        }

        await CommitAsync();
        if (_checkpointer.IsDue(_shard))
        {
            StartCheckpoint();
        }

        Volatile.Write(ref _publishedPosition, _position.Value);
    }

    // With no checkpoint under way, every change but the newest is stored: what is not needed may leave the memory.
    private void TidyUp()
    {
        if (!_checkpointer.Idle)
        {
            return;
        }

        _effects.ForgetMarkedTicks();
        if (_shard.ResidentCustomers > _options.ResidentCustomers)
        {
            _loader.NoteDropped(_shard.Shrink(_options.ResidentCustomers));
        }
    }

    // A shard that has caught up sleeps until a record comes or somebody is due, whichever is first.
    private TimeSpan Wait()
    {
        double untilDue = _shard.NextDue.Milliseconds - (double)Timestamp.From(_services.Time.GetUtcNow()).Milliseconds;
        return TimeSpan.FromMilliseconds(Math.Clamp(untilDue + 1, 1, _options.TickInterval.TotalMilliseconds));
    }

    private async ValueTask ApplyAsync(LogRecord record)
    {
        ApplyResult result = _shard.Apply(record.LogTime, record.Customer, record.Payload);
        _position = record.Position.Next;
        Count(result);
        if (result.Outcome == ApplyOutcome.Rejected && !_effects.Muted)
        {
            var letter = new DeadLetter(
                record.LogTime,
                $"shard {_id} position {record.Position.Value}",
                result.Rejection.Reason.Code(),
                result.Rejection.Detail,
                record.Payload
            );
            await _services.DeadLetters.AddAsync([letter], CancellationToken.None);
        }
    }

    private void Count(in ApplyResult result)
    {
        _counts = new(
            _counts.Applied + (result.Outcome == ApplyOutcome.Applied ? 1 : 0),
            _counts.Duplicates + (result.Outcome == ApplyOutcome.Duplicate ? 1 : 0),
            _counts.Rejected + (result.Outcome == ApplyOutcome.Rejected ? 1 : 0),
            _counts.Clamped + (result.Clamped ? 1 : 0),
            _counts.Evicted + result.EvictedEntries
        );
    }

    // Time acted here before the crash, and what it did is committed: it acts again, muted.
    private async ValueTask ReplayTicksAsync(LogPosition next, CancellationToken stop)
    {
        while (_replayedTicks < _start.Ticks.Count && _start.Ticks[_replayedTicks].Position <= next)
        {
            Timestamp now = _start.Ticks[_replayedTicks].Now;
            await _loader.LoadDueAsync(now.Plus(1), stop);
            _effects.Muted = true;
            _shard.AdvanceThrough(now);
            _replayedTicks++;
        }
    }

    private async ValueTask TickAsync(Timestamp clock, CancellationToken stop)
    {
        // Before the last recorded effect the clock stands where the log left it.
        if (_position < _start.EffectsPosition)
        {
            return;
        }

        _effects.Muted = false;
        await _loader.LoadDueAsync(clock, stop);
        if (_shard.AdvanceBefore(clock) > 0)
        {
            _effects.AddTick(new(_position, _shard.Now));
        }
    }

    private async ValueTask CommitAsync()
    {
        if (!_effects.HasEffects)
        {
            return;
        }

        EffectBatch batch = _effects.Take(_position);
        if (
            await _services.Committer.CommitEffectsAsync(_start.Lease, batch, CancellationToken.None)
            == CommitResult.Fenced
        )
        {
            throw new ShardFencedException(_start.Lease);
        }

        foreach (ConnectorName connector in batch.Pushes.Select(push => push.Connector).Distinct())
        {
            _services.Outbox.Raise(connector, _id);
        }

        _services.Observer.TransitionsCommitted(_id, batch.Transitions);
    }

    private void StartCheckpoint()
    {
        _checkpointer.Start(_start.Lease, _shard, _position, _rules.Fingerprint);
        _effects.MarkTicks();
    }

    private async ValueTask DrainAsync()
    {
        if (_start is null)
        {
            return;
        }

        await _checkpointer.CompleteAsync(_start.Lease);
        await CommitAsync();
        StartCheckpoint();
        await _checkpointer.CompleteAsync(_start.Lease);
    }
}
