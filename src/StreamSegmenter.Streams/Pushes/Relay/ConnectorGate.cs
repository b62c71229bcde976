using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>How a connector as a whole is doing.</summary>
public enum ConnectorState
{
    Working = 1,

    /// <summary>Nothing but failures lately: one push at a time is tried until one gets through.</summary>
    Down = 2,

    /// <summary>Its settings are at fault: one push at a time is tried, slowly, until somebody mends them.</summary>
    Misconfigured = 3,
}

/// <summary>
/// Decides how many attempts a connector may have under way, from how the last ones ended. It spares a struggling
/// system the retries of all that wait for it, and their backlog the attempts. Not thread-safe.
/// </summary>
internal sealed class ConnectorGate(RelayOptions options, Random random)
{
    private readonly Backoff _probes = new(options.BackoffMin, options.ProbeInterval);
    private volatile ConnectorState _state = ConnectorState.Working;
    private int _failedProbes;

    /// <summary>The one member that other threads may read.</summary>
    public ConnectorState State
    {
        get => _state;
        private set => _state = value;
    }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Nothing starts before this, by the clock that <see cref="Record"/> is told.</summary>
    public Timestamp ClosedUntil { get; private set; } = Timestamp.Beginning;

    /// <summary>
    /// Who goes first. One push that always fails must not be the one that is tried while the others wait for it.
    /// </summary>
    public LaneOrder Order => State == ConnectorState.Working ? LaneOrder.OldestFirst : LaneOrder.LeastTriedFirst;

    public int Permits => State == ConnectorState.Working ? options.Concurrency : 1;

    /// <summary>Takes note of a result; true when it changed <see cref="State"/>.</summary>
    public bool Record(DeliveryResult result, Timestamp now)
    {
        ConnectorState before = State;
        switch (result)
        {
            case { Outcome: DeliveryOutcome.Delivered }:
                Reopen();
                break;
            case { Scope: DeliveryScope.Unasked }:
                // Who was not asked may be as dead as before, or refuse the password once more.
                break;
            case { Scope: DeliveryScope.Push }:
                // A refusal of one push shows as well as a delivery that the other side is there.
                Reopen();
                break;
            case { Outcome: DeliveryOutcome.Misconfigured }:
                State = ConnectorState.Misconfigured;
                Close(options.ProbeInterval, now);
                break;
            default:
                RecordFailure(result, now);
                break;
        }

        return State != before;
    }

    private void Reopen()
    {
        State = ConnectorState.Working;
        Failures = 0;
        _failedProbes = 0;
    }

    private void RecordFailure(DeliveryResult result, Timestamp now)
    {
        // Who asks for patience speaks for the whole system, and is not down.
        if (RetryPolicy.Asked(result, options) is { } asked)
        {
            Close(asked, now);
            return;
        }

        if (++Failures < options.DownAfter && State == ConnectorState.Working)
        {
            return;
        }

        // Attempts that were under way when the gate closed are no probes, and do not prolong the pause.
        if (now >= ClosedUntil)
        {
            Close(_probes.Draw(++_failedProbes, random), now);
        }

        if (State == ConnectorState.Working)
        {
            State = ConnectorState.Down;
        }
    }

    private void Close(TimeSpan pause, Timestamp now) =>
        ClosedUntil = Timestamp.Max(ClosedUntil, now.Plus((long)Math.Ceiling(pause.TotalMilliseconds)));
}
