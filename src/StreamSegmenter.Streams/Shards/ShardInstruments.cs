using System.Diagnostics.Metrics;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Counts what shards cannot take. Thread-safe.</summary>
public sealed class ShardInstruments : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "StreamSegmenter.Shards";

    private readonly Meter _meter;
    private readonly Counter<long> _buried;

    /// <summary>Creates the meter; whoever creates the instruments disposes them.</summary>
    public ShardInstruments(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _buried = _meter.CreateCounter<long>(
            "streamsegmenter.shards.records.buried",
            "{record}",
            "Records that shards put among the dead letters, whole or for what they say of consents, by reason"
        );
    }

    public void Dispose() => _meter.Dispose();

    internal void Buried(string reason) => _buried.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
