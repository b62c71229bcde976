using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Shards;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

/// <summary>
/// What keeps a node's events and its state, and says which shards are its own: files of this machine alone, or what
/// several nodes share.
/// </summary>
internal sealed class NodeStorage : IAsyncDisposable
{
    // In the order in which they were opened.
    private readonly Stack<IAsyncDisposable> _open = new();

    private NodeStorage() { }

    public IEventLogReader LogReader { get; private set; } = null!;

    public IEventLogWriter LogWriter { get; private set; } = null!;

    public IStateStore Store { get; private set; } = null!;

    public IShardAssignment Assignment { get; private set; } = null!;

    /// <summary>Whether other nodes take a shard over that has stopped here for good.</summary>
    public bool IsShared { get; private set; }

    public static async Task<NodeStorage> OpenAsync(
        StorageSettings settings,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        var storage = new NodeStorage();
        try
        {
            await (
                settings switch
                {
                    StorageSettings.Local local => storage.OpenAsync(local, time, loggers, cancellationToken),
                    StorageSettings.Shared shared => storage.OpenAsync(shared, time, loggers, cancellationToken),
                    _ => throw new ArgumentException($"{settings.GetType()} is no storage.", nameof(settings)),
                }
            );
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task OpenAsync(
        StorageSettings.Local settings,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(
            settings.Log,
            time,
            loggers.CreateLogger<EmbeddedEventLog>(),
            cancellationToken
        );
        _open.Push(log);
        (LogReader, LogWriter, Assignment) = (log, log, new WholeAssignment(log.PartitionCount));
        Store = await SqliteStateStore.OpenAsync(
            settings.State,
            time,
            loggers.CreateLogger<SqliteStateStore>(),
            cancellationToken
        );
        _open.Push(Store);
        await Store.PinAsync(log.PartitionCount, cancellationToken);
    }

    private async Task OpenAsync(
        StorageSettings.Shared settings,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        var clients = new KafkaClients(settings.Kafka, loggers.CreateLogger<KafkaClients>());
        var instruments = new KafkaInstruments();
        _open.Push(new Deferred(instruments));
        KafkaEventLog log = await KafkaEventLog.OpenAsync(clients, settings.Log, instruments, time, cancellationToken);
        _open.Push(new Deferred(log));
        var assignment = new KafkaShardAssignment(
            clients,
            log,
            settings.Log,
            settings.Group,
            instruments,
            time,
            loggers.CreateLogger<KafkaShardAssignment>()
        );
        (LogReader, LogWriter, Assignment, IsShared) = (log, log, assignment, true);
        Store = await PostgresStateStore.OpenAsync(
            settings.State,
            time,
            loggers.CreateLogger<PostgresStateStore>(),
            cancellationToken
        );
        _open.Push(Store);
        await Store.PinAsync(log.PartitionCount, cancellationToken);
    }

    /// <summary>Disposes what may block while it does.</summary>
    private sealed class Deferred(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(Task.Run(part.Dispose));
    }
}
