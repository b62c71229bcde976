using Microsoft.Extensions.Logging;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Delivers one connector's pushes from the outboxes of the shards it is given: at least once each, under one id, in
/// order per customer, several customers at once. A relay has its own loop, so a slow or dead connector holds up nobody
/// but itself. Nothing is marked delivered before the connector said so, and nobody's next push starts before the
/// outcome of the one before is on stable storage; a crash at any point therefore repeats pushes at worst, at most
/// <see cref="OpenRounds"/> times as many as may be attempted at once.
/// </summary>
public sealed partial class OutboxRelay : IDisposable
{
    // After StopTimeout attempts are cancelled; their outcomes get this long to be recorded.
    private static readonly TimeSpan RecordGrace = TimeSpan.FromSeconds(2);

    // While outcomes are on their way to a disk that others keep busy, so many times Concurrency may be under way.
    private const int OpenRounds = 4;

    private readonly ConnectorName _name;
    private readonly IConnector _connector;
    private readonly GuardedOutbox _outbox;
    private readonly OutboxSignal _signal;
    private readonly RelayOptions _options;
    private readonly IDeliveryObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SteadyClock _steady;

    private readonly RetryPolicy _policy;
    private readonly ConnectorGate _gate;
    private readonly Wakeup _wakeup;
    private readonly RelayInbox _inbox;
    private readonly PolicyDesk? _desk;
    private readonly IBacklog _backlog;
    private readonly TokenBucket _bucket;
    private readonly ShardCursors _cursors = new();
    private readonly OutcomeRecorder _outcomes;

    private readonly List<EndedAttempt> _ended = [];
    private readonly List<ShardId> _raised = [];
    private readonly List<ShardId> _replayed = [];
    private readonly List<ShardChange> _changes = [];
    private int _running;
    private int _cutOff;

    /// <summary>Prepares a relay; nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="random">Jitter; used by this relay alone.</param>
    /// <param name="desk">Asked before each attempt when its policy governs the connector.</param>
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
        ILogger<OutboxRelay> logger,
        PolicyDesk? desk = null
    )
    {
        if (options.Validate() is [string first, ..])
        {
            throw new ArgumentException($"Connector {name}: {first}.", nameof(options));
        }

        (_name, _connector, _signal) = (name, connector, signal);
        (_options, _observer, _time, _logger) = (options, observer, time, logger);
        _steady = new(time);
        _outbox = new(name, outbox, _steady, logger);
        _policy = new(options, random);
        _gate = new(options, random);
        _desk = desk?.Governs(name) == true ? desk : null;
        _backlog = _desk is null ? new Backlog() : new GovernedBacklog();
        _bucket = new(options.Rate);
        _wakeup = new(time);
        _outcomes = new(_outbox, _steady, _wakeup);
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
        using IDisposable subscription = _signal.Subscribe(_name, _inbox.Raised, _inbox.Replayed);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await CollectAsync();
                await StartAttemptsAsync(stopAttempts.Token);
                _outcomes.Begin(stopRecording.Token);
                await ReadAsync(stop);
                await StartAttemptsAsync(stopAttempts.Token);
                Timestamp due = NextDue();
                if (due > Now())
                {
                    await _wakeup.WaitAsync(due);
                }
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
    private async ValueTask CollectAsync()
    {
        Release(await _outcomes.TakeAsync());
        _inbox.Drain(_ended, _raised, _replayed, _changes);
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

        foreach (ShardId shard in _replayed.Where(_cursors.Restart))
        {
            _backlog.Restart(shard);
        }

        _raised.ForEach(_cursors.MarkUnread);
        _ended.Clear();
        _raised.Clear();
        _replayed.Clear();
        _changes.Clear();
    }

    private void Judge(EndedAttempt attempt, DeliveryResult result)
    {
        Timestamp now = Now();
        if (_gate.Record(result, _steady.Now))
        {
            LogState(result);
        }

        _observer.AttemptEnded(attempt.Pending.Push, result, attempt.Took);
        OutboxUpdate update = _policy.Decide(attempt.Pending, result, attempt.StartedAt, now);
        _outcomes.Add(new(attempt.Lane, attempt.Pending), update);
    }

    private async ValueTask StartAttemptsAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && TakeLanes() is { Count: > 0 } lanes)
        {
            List<Turn> turns = _desk is null ? await FetchAsync(lanes, stop) : await AskAsync(_desk, lanes, stop);
            SettleUnrepeatable(turns);
            if (await MarkAsync(turns, stop))
            {
                _running += turns.Count;
                turns.ForEach(turn => _ = AttemptAsync(turn, stop));
            }
            else
            {
                turns.ForEach(turn => GiveBack(turn.Lane));
            }
        }
    }

    private List<Lane> TakeLanes()
    {
        _backlog.Wake(Now());
        Timestamp now = _steady.Now;
        List<Lane> lanes = [];
        while (MayStart(now, lanes.Count) && _backlog.TryTake(_gate.Order, out Lane? lane))
        {
            _bucket.Take(now);
            _cursors[lane.Shard].Taken++;
            lanes.Add(lane);
        }

        return lanes;
    }

    // While outcomes cannot be recorded, every further attempt would be one more to repeat after a crash.
    private bool MayStart(Timestamp now, int taken) =>
        _running + taken < _gate.Permits
        && _running + taken + _outcomes.Count < OpenRounds * _options.Concurrency
        && now >= _gate.ClosedUntil
        && now >= _bucket.NextAt
        && now >= _outbox.PausedUntil
        && !_outcomes.Failed;

    /// <summary>Without a policy, the first push of each lane goes.</summary>
    private async ValueTask<List<Turn>> FetchAsync(List<Lane> lanes, CancellationToken stop)
    {
        List<Turn> turns = new(lanes.Count);
        foreach (Lane lane in lanes)
        {
            (bool known, PendingPush? pending) = lane.Content is { } content
                ? (true, content)
                : await _outbox.TryReadOneAsync(new(lane.Shard, lane.Head.Sequence), stop);
            if (pending is not null)
            {
                turns.Add(new(lane, pending));
            }
            else if (known)
            {
                // Somebody else finished it: an operator, or the shard's next owner.
                _backlog.Finish(lane, Now());
                Release(lane);
            }
            else
            {
                GiveBack(lane);
            }
        }

        return turns;
    }

    /// <summary>With a policy, the desk says of each lane whether something goes, and what.</summary>
    private async ValueTask<List<Turn>> AskAsync(PolicyDesk desk, List<Lane> lanes, CancellationToken stop)
    {
        List<Turn> turns = new(lanes.Count);
        IReadOnlyList<DeskAnswer>? answers = await _outbox.TryAskAsync(
            desk,
            lanes.ConvertAll(static lane => lane.Customer),
            stop
        );
        for (int i = 0; i < lanes.Count; i++)
        {
            Lane lane = lanes[i];
            if (answers is null)
            {
                GiveBack(lane);
                continue;
            }

            foreach ((Push push, OutboxUpdate end) in answers[i].Ended)
            {
                _observer.PushFinished(push, end);
            }

            lane.AskAgain = answers[i].AskAgain;
            if (answers[i].Go is { } pending)
            {
                turns.Add(new(lane, pending));
            }
            else
            {
                _backlog.Finish(lane, Now());
                Release(lane);
            }
        }

        return turns;
    }

    private void SettleUnrepeatable(List<Turn> turns) =>
        turns.RemoveAll(turn =>
        {
            if (_policy.Refuse(turn.Pending, Now()) is not { } end)
            {
                return false;
            }

            _bucket.Return();
            _outcomes.Add(turn, end);
            return true;
        });

    /// <summary>
    /// Writes down that attempts begin, where a crash must not send them twice; false when that fails.
    /// </summary>
    private async ValueTask<bool> MarkAsync(List<Turn> turns, CancellationToken stop)
    {
        if (!_policy.MarksAttempts || turns.Count == 0)
        {
            return true;
        }

        Timestamp now = Now();
        OutboxUpdate[] marks = [.. turns.Select(turn => new OutboxUpdate.Started(turn.Pending.Push.Id, now))];
        return await _outbox.TryUpdateAsync(marks, stop);
    }

    // It is ready as it was before.
    private void GiveBack(Lane lane)
    {
        _backlog.Postpone(lane, lane.Head.NotBefore, Now());
        Release(lane);
    }

    private void Release(Lane lane)
    {
        _bucket.Return();
        _cursors.Release(lane.Shard);
    }

    private async Task AttemptAsync(Turn turn, CancellationToken stop)
    {
        long started = _time.GetTimestamp();
        Timestamp startedAt = Now();
        PendingPush pending = turn.Pending;
        DeliveryResult? result = await Attempt.SendAsync(
            _connector,
            pending.Push with
            {
                ReadyAt = pending.GrantedAt ?? pending.MadeAt,
            },
            _options.AttemptTimeout,
            _time,
            stop
        );
        _inbox.Ended(new(turn.Lane, pending, result, startedAt, _time.GetElapsedTime(started)));
    }

    /// <summary>Outcomes are on stable storage: only now do their customers' next pushes get their turn.</summary>
    private void Release(IReadOnlyList<(Turn Turn, OutboxUpdate Update)> recorded)
    {
        Timestamp now = Now();
        foreach ((Turn turn, OutboxUpdate update) in recorded)
        {
            if (update is OutboxUpdate.Postponed postponed)
            {
                turn.Lane.Tries++;
                _backlog.Postpone(turn.Lane, postponed.NotBefore, now);
            }
            else
            {
                if (update is OutboxUpdate.Dead && turn.Lane.AskAgain != Timestamp.Never)
                {
                    // What it did not reach the customer with may be let out to another push.
                    turn.Lane.AskAgain = now;
                }

                _backlog.Finish(turn.Lane, now);
                _observer.PushFinished(turn.Pending.Push, update);
            }

            _cursors.Release(turn.Lane.Shard);
        }
    }

    /// <summary>Reads on until enough pushes are ready to keep all attempts busy, or for the next trial.</summary>
    private async ValueTask ReadAsync(CancellationToken stop)
    {
        _cursors.Wake(Now());
        while (!_backlog.Suffices(_gate.Order, _options.Concurrency) && HasRoom())
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

    private bool HasRoom()
    {
        if (_backlog.Count >= _options.MaxHeld && _cursors.AnyUnread)
        {
            foreach ((ShardId shard, Timestamp due) in _backlog.MakeRoom())
            {
                _cursors.RereadBy(shard, due);
            }
        }

        return _backlog.Count < _options.MaxHeld;
    }

    /// <summary>When to go on even if nobody calls.</summary>
    private Timestamp NextDue()
    {
        Timestamp now = Now();
        if (_steady.Now < _outbox.PausedUntil)
        {
            return _steady.Shown(_outbox.PausedUntil);
        }

        if (_outcomes.Waits)
        {
            return now;
        }

        // The end of an attempt wakes the loop, and that of the write under way.
        bool full = _running + _outcomes.Count >= OpenRounds * _options.Concurrency;
        if (_running >= _gate.Permits || full || _outcomes.Failed)
        {
            return Timestamp.Never;
        }

        bool ready = _backlog.ReadyCount > 0;
        bool readable = _cursors.AnyUnread && (_backlog.Count < _options.MaxHeld || _backlog.CanMakeRoom);
        Timestamp due = ready || readable ? now : Timestamp.Min(_backlog.NextDue, _cursors.NextReread);
        Timestamp open = Timestamp.Max(_gate.ClosedUntil, _bucket.NextAt);
        return due == Timestamp.Never ? due : Timestamp.Max(due, _steady.Shown(open));
    }

    /// <summary>Lets running attempts end and records them, until the outbox has failed for too long.</summary>
    private async ValueTask FinishAsync(CancellationToken stopRecording)
    {
        await CollectAsync();
        while ((_running > 0 || _outcomes.Count > 0) && !stopRecording.IsCancellationRequested)
        {
            _outcomes.Begin(stopRecording);
            await _wakeup.WaitAsync(_outcomes.Waits ? _steady.Shown(_outbox.PausedUntil) : Timestamp.Never);
            await CollectAsync();
        }

        if (_running + _cutOff + _outcomes.Count is > 0 and int count)
        {
            LogUnrecorded(_logger, _name, count);
        }
    }

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());
}
