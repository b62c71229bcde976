using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Sources;

namespace StreamSegmenter.Node.Hosting;

/// <summary>Reads events from topics, where that is configured.</summary>
internal sealed class SourceGroup : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KafkaInstruments _instruments = new();
    private readonly KafkaSource? _source;
    private Task _running = Task.CompletedTask;

    public SourceGroup(NodeSettings settings, NodeStorage storage, TimeProvider time, ILoggerFactory loggers)
    {
        if (settings.Sources is { } sources)
        {
            _source = new(
                new(sources.Kafka, loggers.CreateLogger<KafkaClients>()),
                sources.Source,
                settings.Limits,
                storage.LogWriter,
                storage.Store.DeadLetters,
                _instruments,
                time,
                loggers.CreateLogger<KafkaSource>()
            );
        }
    }

    /// <summary>Begins to read. The task fails when that can go on no more; it never completes otherwise.</summary>
    public Task Start()
    {
        if (_source is null)
        {
            return new TaskCompletionSource().Task;
        }

        _running = Task.Run(() => _source.RunAsync(_stop.Token), CancellationToken.None);
        return _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _instruments.Dispose();
        _stop.Dispose();
    }
}
