using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// A shard from its take-over to its end. Effects are committed with the position at which they happened before anybody
/// sees them; customers are written now and then. Used by one loop.
/// </summary>
internal sealed class ShardSession
{
    private readonly ShardParts _parts;
    private readonly ShardStart _start;
    private readonly ShardOptions _options;
    private readonly ShardServices _services;
    private readonly SegmentationShard _shard;
    private readonly EffectCollector _effects;
    private readonly TickReplay _ticks;
    private readonly CustomerLoader _loader;
    private readonly EffectCommitter _committer;
    private readonly Checkpointer _checkpointer;
    private bool _hasRead;

    // The log's clock, if its end was read last, and this machine's stopwatch then.
    private Timestamp? _logClock;
    private long _readAt;

    /// <param name="allInMemory">The shard holds all of its customers; otherwise it is empty, and some may be
    /// stored.</param>
    public ShardSession(ShardParts parts, ShardStart start, bool allInMemory)
    {
        (_parts, _start) = (parts, start);
        (_options, _services, _shard, _effects) = (parts.Options, parts.Services, parts.Shard, parts.Effects);
        _shard.Resume(start.Now);
        _ticks = new(start.Ticks);
        _loader = new(start.Lease.Shard, _shard, _services.Customers, anyStored: !allInMemory);
        _checkpointer = new(_options, _services.Committer, _services.Time);
        _committer = new(_options, _services, start.Lease, start.CheckpointPosition);
        Position = Committed = start.CheckpointPosition;
    }

    /// <summary>The next record to apply.</summary>
    public LogPosition Position { get; private set; }

    /// <summary>All records before it are applied and their effects committed.</summary>
    public LogPosition Committed { get; private set; }

    /// <summary>The end of the log was read last, time has acted, and all effects are committed.</summary>
    public bool IsAtEnd => _logClock is not null && Committed == Position;

    private ShardId Id => _start.Lease.Shard;

    /// <summary>Reads once, applies what came, lets time act, commits.</summary>
    public async ValueTask StepAsync(CancellationToken stop)
    {
        await _checkpointer.ObserveAsync(_start.Lease);
        TidyUp();
        LogBatch batch = await _services.Log.ReadAsync(Id.Partition, Position, _options.BatchRecords, Wait(), stop);
        (_logClock, _readAt) = (batch.Clock, _services.Time.GetTimestamp());
        await _loader.LoadForAsync(batch.Records, stop);
        foreach (LogRecord record in batch.Records)
        {
            await RepeatTicksAsync(record.Position, stop);
            Apply(record);
        }

        if (batch.Clock is { } clock)
        {
            await RepeatTicksAsync(Position, stop);
            await TickAsync(clock, stop);
        }

        batch.Release();
        await CheckpointAsync();
        await CommitAsync(atOnce: batch.Clock is not null);
        await AnswerAsync(stop);
    }

    /// <summary>Commits everything that is left.</summary>
    public async ValueTask DrainAsync()
    {
        await _checkpointer.CompleteAsync(_start.Lease);
        await CommitAsync(atOnce: true);
        StartCheckpoint();
        await _checkpointer.CompleteAsync(_start.Lease);
    }

    // Nobody is told what is not on stable storage yet, nor, in a replay, what was overtaken long ago.
    private async ValueTask AnswerAsync(CancellationToken stop)
    {
        if (_parts.Questions.Any && Position >= _start.EffectsPosition)
        {
            await CommitAsync(atOnce: true);
            IReadOnlyList<CustomerId> customers = _parts.Questions.Customers;
            await _loader.LoadAsync(customers, stop);
            _parts.Questions.Answer(customers.Count, _shard);
        }
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

    // A shard that has caught up sleeps until a record comes or somebody is due, whichever is first. Who is due, the
    // log's clock decides; this machine's may be set otherwise, and only measures how long ago that was read. What fell
    // due while nobody owned the shard happens at once.
    private TimeSpan Wait()
    {
        if (!_hasRead)
        {
            _hasRead = true;
            return TimeSpan.Zero;
        }

        if (_logClock is not { } clock)
        {
            return _options.TickInterval;
        }

        double untilDue = _shard.NextDue.Milliseconds - (double)clock.Milliseconds;
        double wait = untilDue + 1 - _services.Time.GetElapsedTime(_readAt).TotalMilliseconds;
        return TimeSpan.FromMilliseconds(Math.Clamp(wait, 1, _options.TickInterval.TotalMilliseconds));
    }

    private void Apply(in LogRecord record)
    {
        _effects.Muted = record.Position < _start.EffectsPosition;
        _effects.Position = record.Position;
        ApplyResult result = _parts.Apply(record);
        Position = record.Position.Next;
        _parts.Tally.Add(result);
        if (result.IsDeadLetter)
        {
            _effects.AddDeadLetter(
                new(
                    record.LogTime,
                    $"shard {Id} position {record.Position.Value}",
                    result.Rejection.Reason.Code(),
                    result.Rejection.Detail,
                    // The batch is released before the letter is written.
                    record.Payload.ToArray()
                )
            );
        }
    }

    // Time acted here before the crash, and what it did is committed: it acts again, muted.
    private async ValueTask RepeatTicksAsync(LogPosition next, CancellationToken stop)
    {
        while (_ticks.TryPeek(next, out Timestamp now))
        {
            await _loader.LoadDueAsync(now, stop);
            _effects.Muted = true;
            _shard.Tick(now);
            _ticks.Advance();
        }
    }

    private async ValueTask TickAsync(Timestamp clock, CancellationToken stop)
    {
        // Before the last recorded effect the clock stands where the log left it.
        if (Position < _start.EffectsPosition)
        {
            return;
        }

        await _loader.LoadDueAsync(clock, stop);
        _effects.Muted = false;
        if (_shard.Tick(clock))
        {
            _effects.AddTick(new(Position, clock));
        }
    }

    // While the shard lags, effects gather, because what many records share is then written once; and it works on while
    // they are written. At the end of the log nobody is kept waiting.
    private async ValueTask CommitAsync(bool atOnce)
    {
        await _committer.ObserveAsync();
        if (_effects.Any && (atOnce || _effects.AreMany || _committer.IsDue(_shard.Now)))
        {
            await _committer.StartAsync(_effects.Take(Position));
        }

        if (atOnce)
        {
            await _committer.CompleteAsync();
        }

        Committed = _committer.Idle && !_effects.Any ? Position : LogPosition.Max(Committed, _committer.Position);
    }

    // The effects before a checkpoint are committed before it, and the loop waits for neither. It comes before they are
    // looked at, so that a store which is always busy with effects has a turn for it.
    private async ValueTask CheckpointAsync()
    {
        if (_checkpointer.IsBehind(_shard))
        {
            await _checkpointer.CompleteAsync(_start.Lease);
        }

        if (_checkpointer.IsDue(_shard) && (_committer.IsFree || _checkpointer.IsFull(_shard)))
        {
            if (_effects.Any)
            {
                await _committer.StartAsync(_effects.Take(Position));
            }

            StartCheckpoint();
        }
    }

    private void StartCheckpoint()
    {
        _checkpointer.Start(_start.Lease, _shard, Position, _parts.Rules.Fingerprint, _committer.Running);
        _effects.MarkTicks();
    }
}
