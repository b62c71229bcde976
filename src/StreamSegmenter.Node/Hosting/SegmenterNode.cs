using StreamSegmenter.Node.Api;
using StreamSegmenter.Node.Consents;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Node.Pushes;
using StreamSegmenter.Node.Queries;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

/// <summary>
/// The whole engine in one process: HTTP ingest → log → shards → outbox → connectors, alone or as one of several nodes.
/// Stops in that order, so that nothing accepted is left half done.
/// </summary>
public sealed class SegmenterNode : IAsyncDisposable
{
    // A producer whose request takes longer than this meets a closed connection and repeats it to the next node.
    private static readonly TimeSpan RequestsLimit = TimeSpan.FromSeconds(5);

    private const long MaxQueryBytes = 1 << 16;

    private readonly NodeStorage _storage;
    private readonly ShardGroup _shards;
    private readonly RelayGroup _relays;
    private readonly SourceGroup _sources;
    private readonly PeerClient _peers;
    private readonly ReplayWatch _replays;
    private readonly UnservedPushes _unserved;
    private readonly ConsentLog _consents;
    private readonly ShardInstruments _shardInstruments = new();
    private readonly WebApplication _ingest;
    private readonly WebApplication _api;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();

    private SegmenterNode(
        NodeSettings settings,
        NodeStorage storage,
        NodeObservers observers,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        (_storage, _time) = (storage, time);
        IStateStore store = storage.Store;
        var name = NodeName.Of(settings.Api.Advertise, settings.Api.Listen);
        var signal = new OutboxSignal();
        _relays = new(settings, store, signal, observers.Deliveries, time, loggers);
        _shards = new(
            settings,
            new(
                storage.LogReader,
                store.Ownership,
                store.Customers,
                store.Committer,
                store.Memberships,
                signal,
                observers.Shards,
                time
            )
            {
                Instruments = _shardInstruments,
            },
            _relays,
            name.Value
        );
        _sources = new(settings, storage, time, loggers);
        BearerSecret? secret = settings.Api.Secret is { } text ? new(text) : null;
        _consents = new(storage.LogWriter, settings.Ingest.AppendTimeout, time, loggers.CreateLogger<ConsentLog>());
        _peers = new(name, secret, settings.Api.PeerTimeout, time);
        _ingest = BuildIngest(settings, time, loggers);
        _api = WebHost.Build(settings.Api.Listen, MaxQueryBytes, loggers);
        var queries = new CustomerQueries(
            _shards,
            storage.LogReader.PartitionCount,
            store.Ownership,
            store.Memberships,
            _peers
        );
        var api = new ApiAnswers(secret);
        new QueryEndpoints(queries, store.Memberships, api).Map(_api);
        new SuppressionEndpoints(api, store.Suppressions, settings.Channels, time).Map(_api);
        new PushEndpoints(
            api,
            store.PushAdministration,
            settings.EditCheck,
            settings.Connectors.ContainsKey,
            signal,
            time
        ).Map(_api);
        _replays = new(store.PushAdministration, signal, time);
        _unserved = new(store.Outbox, settings.Connectors.Keys, loggers.CreateLogger<UnservedPushes>());
        new ConsentEndpoints(
            api,
            _consents,
            store.Consents,
            settings.Limits.MaxIdLength,
            RandomMessageIds.Next,
            settings.Ingest.RetryAfter
        ).Map(_api);
    }

    /// <summary>Where the HTTP ingest listens.</summary>
    public Uri Address => WebHost.AddressOf(_ingest);

    /// <summary>Where questions about customers are answered.</summary>
    public Uri ApiAddress => WebHost.AddressOf(_api);

    /// <summary>Ends with the exception of what makes the node useless; it should then be stopped.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    /// <summary>Of all nodes together.</summary>
    public int ShardCount => _storage.LogReader.PartitionCount;

    public RecordCounts Counts => _shards.Counts;

    public IMembershipReader Memberships => _storage.Store.Memberships;

    public IOutbox Outbox => _storage.Store.Outbox;

    public IConsentReader Consents => _storage.Store.Consents;

    public IDeadLetterStore DeadLetters => _storage.Store.DeadLetters;

    /// <summary>Opens the stores, takes the shards over, starts the relays, then listens.</summary>
    public static async Task<SegmenterNode> StartAsync(
        NodeSettings settings,
        NodeObservers observers,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        NodeStorage storage = await NodeStorage.OpenAsync(settings.Storage, time, loggers, cancellationToken);
        SegmenterNode node;
        try
        {
            node = new SegmenterNode(settings, storage, observers, time, loggers);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }

        try
        {
            await node.StartPartsAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until every record in the log is applied and every push has found its end. False when neither a record nor
    /// a push went on for as long as <paramref name="patience"/>; attempts that fail are no progress.
    /// </summary>
    public async Task<bool> WaitUntilIdleAsync(
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        (long Lag, long Waiting, long Settled) last = default;
        long since = time.GetTimestamp();
        while (true)
        {
            var now = await MeasureAsync(cancellationToken);
            if (now is { Lag: 0, Waiting: 0 })
            {
                return true;
            }

            since = now == last ? since : time.GetTimestamp();
            last = now;
            if (time.GetElapsedTime(since) >= patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await AnswerRequestsAsync();
        await _ingest.DisposeAsync();
        await _sources.DisposeAsync();
        await _api.DisposeAsync();
        await _shards.DisposeAsync();
        await _replays.DisposeAsync();
        await _relays.DisposeAsync();
        await _storage.DisposeAsync();
        _peers.Dispose();
        _shardInstruments.Dispose();
        _stopping.Dispose();
    }

    private WebApplication BuildIngest(NodeSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        WebApplication web = WebHost.Build(settings.Listen, settings.Ingest.MaxBatchBytes, loggers);
        var handler = new IngestHandler(
            settings.Ingest,
            _storage.LogWriter,
            _storage.Store.DeadLetters,
            _shards,
            time,
            RandomMessageIds.Next,
            new IngestInstruments(),
            loggers.CreateLogger<IngestHandler>(),
            _stopping.Token
        );
        IngestEndpoints.Map(web, handler);
        if (settings.Unsubscribe is { } tokens)
        {
            new UnsubscribeEndpoints(tokens, _consents, RandomMessageIds.Next, settings.Ingest.RetryAfter).Map(web);
        }

        HealthEndpoints.Map(web, _shards);
        return web;
    }

    private async Task StartPartsAsync(CancellationToken cancellationToken)
    {
        await _unserved.WarnAsync(cancellationToken);
        _relays.Start();
        _replays.Start();
        _shards.Start(_storage.Assignment);
        // Alone, a node without one of its shards is of no use; among others it goes on with what it has.
        Task shards = _storage.IsShared
            ? _shards.AssignmentFailure
            : Task.WhenAny(_shards.ShardFailure, _shards.AssignmentFailure).Unwrap();
        Failure = Task.WhenAny(shards, _sources.Start()).Unwrap();
        await _api.StartAsync(cancellationToken);
        await _ingest.StartAsync(cancellationToken);
    }

    /// <summary>Listens no more and lets the requests in hand end.</summary>
    private async Task AnswerRequestsAsync()
    {
        using var limit = new CancellationTokenSource(RequestsLimit, _time);
        try
        {
            await Task.WhenAll(_ingest.StopAsync(limit.Token), _api.StopAsync(limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // They took too long; disposing closes their connections.
        }
    }

    private async Task<(long Lag, long Waiting, long Settled)> MeasureAsync(CancellationToken cancellationToken)
    {
        long lag = await _shards.MeasureLagAsync(cancellationToken);
        IReadOnlyDictionary<ConnectorName, OutboxCounts> counts = await _storage.Store.Outbox.CountAsync(
            cancellationToken
        );
        long waiting = counts.Values.Sum(count => count.Pending);
        return (lag, waiting, counts.Values.Sum(count => count.Total) - waiting);
    }
}
