using System.Diagnostics.Metrics;

namespace StreamSegmenter.Kafka.Client;

/// <summary>Counts what happens between this node and Kafka. Thread-safe.</summary>
public sealed class KafkaInstruments : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "StreamSegmenter.Kafka";

    private readonly Meter _meter;
    private readonly Counter<long> _read;
    private readonly Counter<long> _appended;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _pauses;
    private readonly Counter<long> _discarded;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _rebalances;
    private readonly Counter<long> _sourced;

    /// <summary>Creates the meter; whoever creates the instruments disposes them.</summary>
    public KafkaInstruments(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _read = Count("log.records.read", "{record}", "Records of the customer log that were read");
        _appended = Count("log.records.appended", "{record}", "Records that are in the customer log for good");
        _unreadable = Count("log.records.keyless", "{record}", "Records of the customer log without a usable key");
        _pauses = Count("log.pauses", "{pause}", "Times that a partition was paused, because its shard is slower");
        _discarded = Count("log.records.discarded", "{record}", "Fetched records that were out of their turn");
        _gaps = Count("log.gaps", "{gap}", "Places where the log's own positions skip");
        _rebalances = Count("group.rebalances", "{rebalance}", "Changes of the partitions assigned, by kind");
        _sourced = Count("source.records", "{record}", "Records of source topics, by topic and what became of them");
    }

    public void Dispose() => _meter.Dispose();

    internal void Read(long records) => _read.Add(records);

    internal void Appended(long records) => _appended.Add(records);

    internal void Keyless() => _unreadable.Add(1);

    internal void Paused() => _pauses.Add(1);

    internal void Discarded() => _discarded.Add(1);

    internal void Gap() => _gaps.Add(1);

    internal void Rebalanced(string kind) => _rebalances.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void Sourced(string topic, string outcome, long records)
    {
        if (records > 0)
        {
            _sourced.Add(
                records,
                new KeyValuePair<string, object?>("topic", topic),
                new KeyValuePair<string, object?>("outcome", outcome)
            );
        }
    }

    private Counter<long> Count(string name, string unit, string description) =>
        _meter.CreateCounter<long>("streamsegmenter.kafka." + name, unit, description);
}
