using Microsoft.Extensions.Logging;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Delivers one connector's pushes from the outboxes of the shards it is given: at least once each, under one id, in
/// order per customer, several customers at once. A relay has its own loop, so a slow or dead connector holds up nobody
/// but itself. Nothing is marked delivered before the connector said so, and nobody's next push starts before the
/// outcome of the one before is on stable storage; a crash at any point therefore repeats pushes at worst.
/// </summary>
public sealed partial class OutboxRelay : IDisposable
{
    // After StopTimeout attempts are cancelled; their outcomes get this long to be recorded.
    private static readonly TimeSpan RecordGrace = TimeSpan.FromSeconds(2);

    private readonly ConnectorName _name;
    private readonly IConnector _connector;
    private readonly GuardedOutbox _outbox;
    private readonly OutboxSignal _signal;
    private readonly RelayOptions _options;
    private readonly IDeliveryObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private readonly RetryPolicy _policy;
    private readonly ConnectorGate _gate;
    private readonly Wakeup _wakeup;
    private readonly RelayInbox _inbox;
    private readonly Backlog _backlog = new();
    private readonly ShardCursors _cursors = new();

    private readonly List<EndedAttempt> _ended = [];
    private readonly List<ShardId> _raised = [];
    private readonly List<ShardChange> _changes = [];
    private readonly List<(EndedAttempt Attempt, OutboxUpdate Update)> _unrecorded = [];
    private int _running;
    private int _cutOff;

    /// <summary>Prepares a relay; nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="random">Jitter; used by this relay alone.</param>
    /// <exception cref="ArgumentException"><paramref name="options"/> are not valid.</exception>
    public OutboxRelay(
        ConnectorName name,
        IConnector connector,
        IOutbox outbox,
        OutboxSignal signal,
        RelayOptions options,
        IDeliveryObserver observer,
        TimeProvider time,
        Random random,
        ILogger<OutboxRelay> logger
    )
    {
        if (options.Validate() is [string first, ..])
        {
            throw new ArgumentException($"Connector {name}: {first}.", nameof(options));
        }

        (_name, _connector, _signal) = (name, connector, signal);
        (_options, _observer, _time, _logger) = (options, observer, time, logger);
        _outbox = new(name, outbox, time, logger);
        _policy = new(options, random);
        _gate = new(options, random);
        _wakeup = new(time);
        _inbox = new(_wakeup);
    }

    /// <summary>For health and metrics; may be read from any thread.</summary>
    public ConnectorState State => _gate.State;

    /// <summary>
    /// Starts delivering the shard's pushes. The same shard may come back once its removal completed.
    /// </summary>
    public void AddShard(ShardId shard) => _inbox.Changed(new(shard, Removed: null));

    /// <summary>
    /// Stops delivering the shard's pushes. When the task completes no attempt of them is under way and all outcomes
    /// are recorded, so that the next owner takes over in order. Needs <see cref="RunAsync"/> to be running.
    /// </summary>
    public Task RemoveShardAsync(ShardId shard)
    {
        TaskCompletionSource removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _inbox.Changed(new(shard, removed));
        return removed.Task;
    }

    /// <summary>
    /// Delivers until <paramref name="stop"/>, then lets running attempts finish for at most
    /// <see cref="RelayOptions.StopTimeout"/>, records what became of them and returns.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource stopAttempts = new(Timeout.InfiniteTimeSpan, _time);
        using CancellationTokenSource stopRecording = new(Timeout.InfiniteTimeSpan, _time);
        await using CancellationTokenRegistration woken = stopRecording.Token.Register(_wakeup.Set);
        await using CancellationTokenRegistration stopped = stop.Register(() =>
        {
            stopAttempts.CancelAfter(_options.StopTimeout);
            stopRecording.CancelAfter(_options.StopTimeout + RecordGrace);
            _wakeup.Set();
        });
        using IDisposable subscription = _signal.Subscribe(_name, _inbox.Raised);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Collect();
                await StartAttemptsAsync(stopAttempts.Token);
                await RecordAsync(stopRecording.Token);
                await ReadAsync(stop);
                await StartAttemptsAsync(stopAttempts.Token);
                await _wakeup.WaitAsync(NextDue());
            }

            await FinishAsync(stopRecording.Token);
        }
        finally
        {
            _cursors.RemoveAll();
            _inbox.Close();
        }
    }

    public void Dispose() => _wakeup.Dispose();

    /// <summary>Takes in what happened since the last round.</summary>
    private void Collect()
    {
        _inbox.Drain(_ended, _raised, _changes);
        foreach (EndedAttempt attempt in _ended)
        {
            _running--;
            if (attempt.Result is { } result)
            {
                Judge(attempt, result);
            }
            else
            {
                _cutOff++;
            }
        }

        foreach (ShardChange change in _changes)
        {
            if (change.Removed is null)
            {
                _cursors.Add(change.Shard);
            }
            else
            {
                _backlog.Remove(change.Shard);
                _cursors.Remove(change.Shard, change.Removed);
            }
        }

        _raised.ForEach(_cursors.MarkUnread);
        _ended.Clear();
        _raised.Clear();
        _changes.Clear();
    }

    private void Judge(EndedAttempt attempt, DeliveryResult result)
    {
        Timestamp now = Now();
        if (_gate.Record(result, now))
        {
            LogState(result);
        }

        _observer.AttemptEnded(attempt.Pending.Push, result, attempt.Took);
        _unrecorded.Add((attempt, _policy.Decide(attempt.Pending, result, now)));
    }

    private async ValueTask StartAttemptsAsync(CancellationToken stop)
    {
        Timestamp now = Now();
        _backlog.Wake(now);
        while (MayStart(now) && _backlog.TryTake(out Lane? lane))
        {
            _cursors[lane.Shard].Taken++;
            (bool known, PendingPush? pending) = await GetContentAsync(lane, stop);
            if (pending is not null)
            {
                _running++;
                _ = AttemptAsync(lane, pending, stop);
                continue;
            }

            if (known)
            {
                // Somebody else finished it: an operator, or the shard's next owner.
                _backlog.Finish(lane, now);
            }
            else
            {
                _backlog.Postpone(lane, lane.Head.NotBefore, now);
            }

            _cursors.Release(lane.Shard);
        }
    }

    // While outcomes cannot be recorded, every further attempt would be one more to repeat after a crash.
    private bool MayStart(Timestamp now) =>
        _running < _gate.Permits
        && now >= _gate.ClosedUntil
        && now >= _outbox.PausedUntil
        && !(_outbox.Failed && _unrecorded.Count > 0);

    /// <summary>
    /// The lane's first push whole: null and known when it is no longer pending, null and unknown on failure.
    /// </summary>
    private async ValueTask<(bool Known, PendingPush? Pending)> GetContentAsync(Lane lane, CancellationToken stop)
    {
        if (lane.Content is { } content)
        {
            return (true, content);
        }

        long sequence = lane.Head.Sequence;
        IReadOnlyList<PendingPush>? found = await _outbox.TryReadAsync(lane.Shard, sequence - 1, 1, stop);
        return (found is not null, found is [var first] && first.Place.Sequence == sequence ? first : null);
    }

    private async Task AttemptAsync(Lane lane, PendingPush pending, CancellationToken stop)
    {
        long started = _time.GetTimestamp();
        DeliveryResult? result = await Attempt.SendAsync(
            _connector,
            pending.Push,
            _options.AttemptTimeout,
            _time,
            stop
        );
        _inbox.Ended(new(lane, pending, result, _time.GetElapsedTime(started)));
    }

    /// <summary>
    /// Writes all outcomes at hand in one go; only then do their customers' next pushes get their turn.
    /// </summary>
    private async ValueTask RecordAsync(CancellationToken stop)
    {
        if (_unrecorded.Count == 0)
        {
            return;
        }

        OutboxUpdate[] updates = [.. _unrecorded.Select(item => item.Update)];
        if (!await _outbox.TryUpdateAsync(updates, stop))
        {
            return;
        }

        Timestamp now = Now();
        foreach ((EndedAttempt attempt, OutboxUpdate update) in _unrecorded)
        {
            if (update is OutboxUpdate.Postponed postponed)
            {
                _backlog.Postpone(attempt.Lane, postponed.NotBefore, now);
            }
            else
            {
                _backlog.Finish(attempt.Lane, now);
                _observer.PushFinished(attempt.Pending.Push, update);
            }

            _cursors.Release(attempt.Lane.Shard);
        }

        _unrecorded.Clear();
    }

    /// <summary>Reads on until enough pushes are ready to keep all attempts busy.</summary>
    private async ValueTask ReadAsync(CancellationToken stop)
    {
        while (_backlog.ReadyCount < _options.Concurrency && _backlog.Count < _options.MaxHeld)
        {
            if (!_cursors.TryTakeUnread(out ShardCursor? cursor))
            {
                return;
            }

            int max = Math.Min(_options.LookAhead, _options.MaxHeld - _backlog.Count);
            IReadOnlyList<PendingPush>? page = await _outbox.TryReadAsync(cursor.Shard, cursor.After, max, stop);
            if (page is null)
            {
                _cursors.MarkUnread(cursor.Shard);
                return;
            }

            Timestamp now = Now();
            foreach (PendingPush pending in page)
            {
                cursor.After = pending.Place.Sequence;
                _backlog.Add(pending, now);
            }

            if (page.Count == max)
            {
                _cursors.MarkUnread(cursor.Shard);
            }
        }
    }

    /// <summary>When to go on even if nobody calls.</summary>
    private Timestamp NextDue()
    {
        Timestamp now = Now();
        if (now < _outbox.PausedUntil)
        {
            return _outbox.PausedUntil;
        }

        if (_running >= _gate.Permits)
        {
            return Timestamp.Never;
        }

        bool ready = _backlog.ReadyCount > 0;
        bool readable = _cursors.AnyUnread && _backlog.Count < _options.MaxHeld;
        Timestamp due = ready || readable ? now : _backlog.NextDue;
        return due == Timestamp.Never ? due : Timestamp.Max(due, _gate.ClosedUntil);
    }

    /// <summary>Lets running attempts end and records them, until the outbox has failed for too long.</summary>
    private async ValueTask FinishAsync(CancellationToken stopRecording)
    {
        Collect();
        while ((_running > 0 || _unrecorded.Count > 0) && !stopRecording.IsCancellationRequested)
        {
            await RecordAsync(stopRecording);
            if (_running > 0 || _unrecorded.Count > 0)
            {
                await _wakeup.WaitAsync(_unrecorded.Count > 0 ? _outbox.PausedUntil : Timestamp.Never);
                Collect();
            }
        }

        if (_running + _cutOff + _unrecorded.Count is > 0 and int count)
        {
            LogUnrecorded(_logger, _name, count);
        }
    }

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());

    private void LogState(DeliveryResult result)
    {
        switch (_gate.State)
        {
            case ConnectorState.Working:
                LogWorking(_logger, _name);
                break;
            case ConnectorState.Down:
                LogDown(_logger, _name, _gate.Failures, result.Detail);
                break;
            default:
                LogMisconfigured(_logger, _name, result.Detail, _options.ProbeInterval);
                break;
        }
    }
}
