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

    public static async Task<NodeStorage> OpenAsync(
        NodeSettings settings,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        var storage = new NodeStorage();
        try
        {
            await storage.OpenLogAsync(settings, time, loggers, cancellationToken);
            await storage.OpenStoreAsync(settings, time, loggers, cancellationToken);
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

    private async Task OpenLogAsync(
        NodeSettings settings,
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
    }

    private async Task OpenStoreAsync(
        NodeSettings settings,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        Store = await SqliteStateStore.OpenAsync(
            settings.Store,
            time,
            loggers.CreateLogger<SqliteStateStore>(),
            cancellationToken
        );
        _open.Push(Store);
    }
}
