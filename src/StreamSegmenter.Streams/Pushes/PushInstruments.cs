using System.Diagnostics.Metrics;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Pushes;

/// <summary>
/// Counts what becomes of pushes: attempts as they end, decisions and ends once they are on stable storage.
/// Thread-safe.
/// </summary>
public sealed class PushInstruments : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "StreamSegmenter.Pushes";

    private readonly Meter _meter;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _ends;

    /// <summary>Creates the meter; whoever creates the instruments disposes them.</summary>
    public PushInstruments(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _attempts = Count("attempts", "{attempt}", "Attempts to deliver, by connector and outcome");
        _decisions = Count(
            "decisions",
            "{decision}",
            "Decisions of policy that changed something, by connector, verdict and reason"
        );
        _ends = Count("ends", "{push}", "Pushes that came to an end, by connector and state");
    }

    public void Dispose() => _meter.Dispose();

    internal void Attempted(ConnectorName connector, DeliveryOutcome outcome)
    {
        if (_attempts.Enabled)
        {
            _attempts.Add(1, Tag("connector", connector.Value), Tag("outcome", WordOf(outcome)));
        }
    }

    /// <param name="decision">What was recorded of it; anything else does not count.</param>
    internal void Decided(ConnectorName connector, OutboxUpdate decision)
    {
        (PolicyVerdict, string)? decided = decision switch
        {
            OutboxUpdate.Granted grant => (PolicyVerdict.Send, grant.Reason),
            OutboxUpdate.Deferred wait => (PolicyVerdict.Wait, wait.Reason),
            OutboxUpdate.Dropped drop => (PolicyVerdict.Drop, drop.Reason),
            OutboxUpdate.Merged merge => (PolicyVerdict.Merge, merge.Reason),
            _ => null,
        };
        if (_decisions.Enabled && decided is var (verdict, reason))
        {
            _decisions.Add(
                1,
                Tag("connector", connector.Value),
                Tag("verdict", verdict.Word()),
                Tag("reason", CodeOf(reason))
            );
        }
    }

    /// <param name="end">What was recorded of it; anything else does not count.</param>
    internal void Ended(ConnectorName connector, OutboxUpdate end)
    {
        PushState? state = end switch
        {
            OutboxUpdate.Delivered => PushState.Delivered,
            OutboxUpdate.Dead => PushState.Dead,
            OutboxUpdate.Dropped => PushState.Dropped,
            OutboxUpdate.Merged => PushState.Merged,
            OutboxUpdate.Unknown => PushState.Unknown,
            OutboxUpdate.Held => PushState.Held,
            _ => null,
        };
        if (_ends.Enabled && state is { } ended)
        {
            _ends.Add(1, Tag("connector", connector.Value), Tag("state", ended.Word()));
        }
    }

    // A reason begins with a stable code; what follows names people and times, of which there is no end.
    private static string CodeOf(string reason)
    {
        int end = reason.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? reason : reason[..end];
    }

    private static string WordOf(DeliveryOutcome outcome) =>
        outcome switch
        {
            DeliveryOutcome.Delivered => "delivered",
            DeliveryOutcome.Rejected => "rejected",
            DeliveryOutcome.Retry => "retry",
            DeliveryOutcome.Unknown => "unknown",
            DeliveryOutcome.Misconfigured => "misconfigured",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "not an outcome"),
        };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private Counter<long> Count(string name, string unit, string description) =>
        _meter.CreateCounter<long>("streamsegmenter.pushes." + name, unit, description);
}
