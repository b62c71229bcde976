using System.Diagnostics.Metrics;

namespace StreamSegmenter.Streams.Tests.Support;

/// <summary>Makes meters, and adds up what their counters count by their tags. Not those of other tests.</summary>
internal sealed class MeterReader : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _sums = new(StringComparer.Ordinal);

    public MeterReader()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Add);
        _listener.Start();
    }

    /// <summary>A line for each counter and its tags, e.g. <c>a.counter connector=mail state=dead: 2</c>.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _sums.Select(sum => $"{sum.Key}: {sum.Value}")];
            }
        }
    }

    public Meter Create(MeterOptions options)
    {
        Meter meter = new(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(
        Instrument instrument,
        long measurement,
        ReadOnlySpan<KeyValuePair<string, object?>> tags,
        object? state
    )
    {
        string key = instrument.Name;
        foreach ((string name, object? value) in tags)
        {
            key += $" {name}={value}";
        }

        lock (_lock)
        {
            _sums[key] = _sums.GetValueOrDefault(key) + measurement;
        }
    }
}
