using System.Diagnostics.Metrics;

namespace StreamSegmenter.Node.Ingest;

/// <summary>Counts what comes in over HTTP. Thread-safe.</summary>
public sealed class IngestInstruments : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "StreamSegmenter.Ingest";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;

    /// <summary>Creates the meter; whoever creates the instruments disposes them.</summary>
    public IngestInstruments(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _requests = _meter.CreateCounter<long>(
            "streamsegmenter.ingest.requests",
            "{request}",
            "Answered requests by status; those whose sender went away count as 499"
        );
        _accepted = _meter.CreateCounter<long>(
            "streamsegmenter.ingest.events.accepted",
            "{event}",
            "Events that the log has on stable storage"
        );
        _rejected = _meter.CreateCounter<long>(
            "streamsegmenter.ingest.events.rejected",
            "{event}",
            "Events that went to the dead letters, by reason"
        );
    }

    public void Dispose() => _meter.Dispose();

    internal void Answered(int status) => _requests.Add(1, new KeyValuePair<string, object?>("status", status));

    internal void Accepted(int events) => _accepted.Add(events);

    internal void Rejected(string reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
