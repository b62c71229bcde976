using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Benchmarks.Throughput;

/// <summary>
/// One shard as a node runs it: events are appended to the embedded log, a runner follows it, effects (with a push for
/// each customer who enters a segment) and checkpoints go to SQLite, all on the disk of the temporary directory.
/// </summary>
internal sealed class StoredEngine : IAsyncDisposable
{
    private const int AppendBatch = 1000;

    private readonly DirectoryInfo _directory;
    private readonly StreamClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly NewRecord[] _records = new NewRecord[AppendBatch];
    private readonly EffectTally _effects = new();
    private readonly EmbeddedEventLog _log;
    private readonly SqliteStateStore _store;
    private readonly ShardRunner _runner;
    private readonly Task _running;
    private long _appended;

    private StoredEngine(
        DirectoryInfo directory,
        StreamClock clock,
        EmbeddedEventLog log,
        SqliteStateStore store,
        int customers
    )
    {
        (_directory, _clock, _log, _store) = (directory, clock, log, store);
        _runner = Runner(customers);
        _running = Task.Run(() => _runner.RunAsync("benchmark", static () => { }, _stop.Token));
    }

    /// <summary>Transitions committed.</summary>
    public long Transitions => _effects.Transitions;

    /// <summary>Transactions that committed them.</summary>
    public long Commits => _effects.Commits;

    /// <param name="customers">How many may be unpacked.</param>
    public static async Task<StoredEngine> StartAsync(int customers)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("streamsegmenter-");
        var clock = new StreamClock();
        EmbeddedLogOptions logOptions = new() { Directory = directory.FullName, PartitionCount = 1 };
        EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(logOptions, clock);
        SqliteStateStore store = await SqliteStateStore.OpenAsync(new() { Directory = directory.FullName }, clock);
        return new(directory, clock, log, store, customers);
    }

    /// <summary>Appends a pass of the stream; the shard applies it meanwhile.</summary>
    public async Task AppendAsync(ShopStream stream)
    {
        for (int begin = 0; begin < stream.Count; begin += AppendBatch)
        {
            int count = Math.Min(AppendBatch, stream.Count - begin);
            for (int i = 0; i < count; i++)
            {
                _records[i] = new(stream[begin + i].Customer, stream[begin + i].Payload);
            }

            _clock.Now = stream[begin + count - 1].LogTime;
            await _log.AppendAsync(new ArraySegment<NewRecord>(_records, 0, count), CancellationToken.None);
        }

        _appended += stream.Count;
    }

    /// <summary>Ends when the effects of all that was appended are committed.</summary>
    public async Task CatchUpAsync()
    {
        while (_runner.Position.Value < _appended && !_running.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Stops the shard after a last checkpoint.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Pushes that wait in the outbox; nobody delivers them.</summary>
    public async Task<long> CountPushesAsync() =>
        (await _store.Outbox.CountAsync(CancellationToken.None)).Values.Sum(counts => counts.Pending);

    public ValueTask<IReadOnlyDictionary<SegmentName, long>> CountMembersAsync() =>
        _store.Memberships.CountMembersAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _log.DisposeAsync();
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }

    private ShardRunner Runner(int customers)
    {
        RuleSet rules = ShopSegments.Compile();
        PushTarget[] mail = [new(new("mail"), "{}"u8.ToArray())];
        var services = new ShardServices(
            _log,
            _store.Ownership,
            _store.Customers,
            _store.Committer,
            _store.Memberships,
            new OutboxSignal(),
            _effects,
            _clock
        );
        return new(
            new ShardId(0),
            rules,
            [.. rules.Segments.Select(segment => new SegmentActions(segment, mail, []))],
            EventLimits.Default,
            new ShardOptions { HotCustomers = customers },
            services
        );
    }

    /// <summary>Shows the time of the stream; what it measures with is real.</summary>
    private sealed class StreamClock : TimeProvider
    {
        private long _now;

        public Timestamp Now
        {
            set => Interlocked.Exchange(ref _now, value.Milliseconds);
        }

        public override DateTimeOffset GetUtcNow() => new Timestamp(Interlocked.Read(ref _now)).ToDateTimeOffset();
    }

    private sealed class EffectTally : IShardObserver
    {
        public long Transitions { get; private set; }

        public long Commits { get; private set; }

        public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions)
        {
            Transitions += transitions.Count;
            Commits++;
        }

        public void Stopped(ShardId shard, Exception? error) { }

        public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }
    }
}
