using System.Diagnostics.Metrics;

namespace StreamSegmenter.Persistence.Sql.Retention;

/// <summary>Counts what the state store drops because it was kept long enough. Thread-safe.</summary>
internal sealed class RetentionInstruments : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "StreamSegmenter.State";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _expired;

    public RetentionInstruments() =>
        _expired = _meter.CreateCounter<long>(
            "streamsegmenter.state.expired",
            "{row}",
            "Rows dropped from the state store because they were kept long enough, by kind"
        );

    public void Expired(string kind, int rows)
    {
        if (rows > 0)
        {
            _expired.Add(rows, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    public void Dispose() => _meter.Dispose();
}
