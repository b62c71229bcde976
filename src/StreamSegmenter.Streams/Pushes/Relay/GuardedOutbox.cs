using Microsoft.Extensions.Logging;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// The outbox as one relay uses it: failures are answers, logged once until it works again, and nothing is asked for a
/// while after one. Thread-safe.
/// </summary>
internal sealed partial class GuardedOutbox(ConnectorName connector, IOutbox outbox, SteadyClock clock, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private bool _failed;
    private Timestamp _pausedUntil = Timestamp.Beginning;

    /// <summary>Until then, by the steady clock, every use fails without being tried.</summary>
    public Timestamp PausedUntil
    {
        get
        {
            lock (_gate)
            {
                return _pausedUntil;
            }
        }
    }

    /// <summary>Null when it failed.</summary>
    public async ValueTask<IReadOnlyList<PendingPush>?> TryReadAsync(
        ShardId shard,
        long after,
        int max,
        CancellationToken stop
    )
    {
        IReadOnlyList<PendingPush>? page = null;
        await TryAsync(async () => page = await outbox.ReadPendingAsync(connector, shard, after, max, stop), stop);
        return page;
    }

    /// <summary>
    /// The push at a place: null and known when it is no longer pending, null and unknown on failure.
    /// </summary>
    public async ValueTask<(bool Known, PendingPush? Pending)> TryReadOneAsync(
        OutboxPlace place,
        CancellationToken stop
    )
    {
        IReadOnlyList<PendingPush>? found = await TryReadAsync(place.Shard, place.Sequence - 1, 1, stop);
        return (found is not null, found is [var first] && first.Place == place ? first : null);
    }

    public ValueTask<bool> TryUpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken stop) =>
        TryAsync(() => outbox.UpdateAsync(updates, stop).AsTask(), stop);

    /// <summary>Null when it failed.</summary>
    public async ValueTask<IReadOnlyList<DeskAnswer>?> TryAskAsync(
        PolicyDesk desk,
        IReadOnlyList<CustomerId> customers,
        CancellationToken stop
    )
    {
        IReadOnlyList<DeskAnswer>? answers = null;
        await TryAsync(async () => answers = await desk.AskAsync(connector, customers, stop), stop);
        return answers;
    }

    private async ValueTask<bool> TryAsync(Func<Task> use, CancellationToken stop)
    {
        if (clock.Now < PausedUntil)
        {
            return false;
        }

        try
        {
            await use();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            if (!Note(failed: true))
            {
                LogFailed(logger, error, connector, Pause.ToText());
            }

            return false;
        }

        if (Note(failed: false))
        {
            LogWorks(logger, connector);
        }

        return true;
    }

    /// <summary>Whether the use before failed.</summary>
    private bool Note(bool failed)
    {
        lock (_gate)
        {
            bool before = _failed;
            _failed = failed;
            if (failed)
            {
                _pausedUntil = clock.Now.Plus((long)Pause.TotalMilliseconds);
            }

            return before;
        }
    }

    [LoggerMessage(
        3004,
        LogLevel.Error,
        "The outbox of connector {Connector} cannot be used; nothing more is sent until it can be, tried again after "
            + "{Pause}"
    )]
    private static partial void LogFailed(ILogger logger, Exception error, ConnectorName connector, string pause);

    [LoggerMessage(3005, LogLevel.Information, "The outbox of connector {Connector} can be used again")]
    private static partial void LogWorks(ILogger logger, ConnectorName connector);
}
