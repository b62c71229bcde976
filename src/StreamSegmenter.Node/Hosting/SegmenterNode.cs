using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

/// <summary>
/// The whole engine on one machine: HTTP ingest → embedded log → shards → outbox → connectors, in one process and one
/// directory. Stops in that order, so that nothing accepted is left half done.
/// </summary>
public sealed class SegmenterNode : IAsyncDisposable
{
    // A producer whose request takes longer than this meets a closed connection and repeats it to the next node.
    private static readonly TimeSpan RequestsLimit = TimeSpan.FromSeconds(5);

    private readonly EmbeddedEventLog _log;
    private readonly SqliteStateStore _store;
    private readonly ShardGroup _shards;
    private readonly RelayGroup _relays;
    private readonly WebApplication _web;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();

    private SegmenterNode(
        NodeSettings settings,
        EmbeddedEventLog log,
        SqliteStateStore store,
        NodeObservers observers,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        (_log, _store, _time) = (log, store, time);
        var signal = new OutboxSignal();
        _relays = new(settings, store.Outbox, signal, observers.Deliveries, time, loggers);
        _shards = new(
            settings,
            new(
                log,
                store.Ownership,
                store.Customers,
                store.Committer,
                store.Memberships,
                signal,
                observers.Shards,
                time
            ),
            _relays,
            string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}")
        );
        _web = WebHost.Build(settings, loggers);
        var handler = new IngestHandler(
            settings.Ingest,
            log,
            store.DeadLetters,
            _shards,
            time,
            RandomMessageIds.Next,
            new IngestInstruments(),
            loggers.CreateLogger<IngestHandler>(),
            _stopping.Token
        );
        IngestEndpoints.Map(_web, handler);
        HealthEndpoints.Map(_web, _shards);
    }

    /// <summary>Where the HTTP ingest listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Ends with the exception of what makes the node useless; it should then be stopped.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    public RecordCounts Counts => _shards.Counts;

    public IMembershipReader Memberships => _store.Memberships;

    public IOutbox Outbox => _store.Outbox;

    public IDeadLetterStore DeadLetters => _store.DeadLetters;

    /// <summary>Opens the stores, takes the shards over, starts the relays, then listens.</summary>
    public static async Task<SegmenterNode> StartAsync(
        NodeSettings settings,
        NodeObservers observers,
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
        SqliteStateStore store;
        try
        {
            store = await SqliteStateStore.OpenAsync(
                settings.Store,
                time,
                loggers.CreateLogger<SqliteStateStore>(),
                cancellationToken
            );
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }

        var node = new SegmenterNode(settings, log, store, observers, time, loggers);
        try
        {
            await node.StartPartsAsync(log.PartitionCount, cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every record in the log is applied and every push has found its end.</summary>
    public async Task WaitUntilIdleAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        while (await _shards.MeasureLagAsync(cancellationToken) > 0 || await CountPendingAsync(cancellationToken) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await AnswerRequestsAsync();
        await _web.DisposeAsync();
        await _shards.DisposeAsync();
        await _relays.DisposeAsync();
        await _store.DisposeAsync();
        await _log.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StartPartsAsync(int shards, CancellationToken cancellationToken)
    {
        _relays.Start();
        _shards.Start(new WholeAssignment(shards));
        Failure = Task.WhenAny(_shards.ShardFailure, _shards.AssignmentFailure).Unwrap();
        await _web.StartAsync(cancellationToken);
        var addresses = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = new(addresses!.Addresses.First());
    }

    /// <summary>Listens no more and lets the requests in hand end.</summary>
    private async Task AnswerRequestsAsync()
    {
        using var limit = new CancellationTokenSource(RequestsLimit, _time);
        try
        {
            await _web.StopAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // They took too long; disposing closes their connections.
        }
    }

    private async Task<long> CountPendingAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<ConnectorName, OutboxCounts> counts = await _store.Outbox.CountAsync(cancellationToken);
        return counts.Values.Sum(count => count.Pending);
    }
}
