using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.Tests.Shards.Support;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>Shards on the embedded log and the SQLite store, which crash now and then.</summary>
public sealed class SqliteShardTests : IDisposable
{
    private const int Partitions = 2;

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Crashes_never_show_in_the_history(int seed)
    {
        Random random = new(seed);
        RandomCase @case = RandomCases.Create(seed, CaseLevel.Basic);
        List<OracleRecord> records = [];
        _time.SetBack(TimeSpan.FromDays(500));
        string path = _directory.Path;
        await using EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(
            new() { Directory = path, PartitionCount = Partitions },
            _time
        );
        SqliteStateStoreOptions stored = new() { Directory = path, DeadLetterRetention = null };
        await using SqliteStateStore sqlite = await SqliteStateStore.OpenAsync(stored, _time);
        StoreParts store = StoreParts.Of(sqlite);
        foreach (CaseLine[] chunk in @case.Lines.Select(CaseLine.Read).Chunk(7))
        {
            foreach (CaseLine line in chunk)
            {
                _time.AdvanceTo(line.Time ?? _time.GetUtcNow());
                records.Add(new(Timestamp.From(_time.GetUtcNow()).Milliseconds, line.Json));
                await log.AppendAsync([line.Record], default);
            }

            await CatchUpAsync(@case, store, log, () => random.Next(6) > 0 ? Fault.None : (Fault)random.Next(1, 3));
        }

        _time.AdvanceTo(@case.Until);
        await CatchUpAsync(@case, store, log, () => Fault.None);

        var expected = OracleRun.Simulate(@case.Config, records, _time.GetUtcNow().AddMilliseconds(-1));
        (await store.ReadTransitionsAsync()).Select(OracleForm.ToOracle).ShouldBe(expected.Transitions);
        (await store.DeadLetters.ReadAsync(1000, default)).Count.ShouldBe(
            expected.DeadLetters.Count + expected.UnreadConsents.Count
        );
        for (int shard = 0; shard < Partitions; shard++)
        {
            var pushes = await store.ReadPushesAsync(new(shard), [Scripted.Chat, Scripted.Mail]);
            pushes.Select(push => push.Place.Sequence).ShouldBe(Enumerable.Range(1, pushes.Count).Select(i => (long)i));
        }
    }

    private async Task CatchUpAsync(RandomCase @case, StoreParts store, EmbeddedEventLog log, Func<Fault> fault)
    {
        SegmentActions[] segments = [.. @case.Segments.Select(s => Scripted.Segment(s.Name, s.Rule))];
        var rules = Scripted.Compile(segments, new(NodaTime.DateTimeZone.Utc, @case.DedupeHorizon));
        ShardOptions options = new()
        {
            BatchRecords = 3,
            CheckpointCustomers = 1,
            HotCustomers = 1,
            ResidentCustomers = 1,
        };
        for (int shard = 0; shard < Partitions; shard++)
        {
            for (bool done = false; !done; )
            {
                using CancellationTokenSource stop = new();
                CrashingStore process = new(store, new CaughtUpLog(log, stop), _ => fault(), default, _time);
                ShardServices services = new(
                    process,
                    process,
                    process,
                    process,
                    process,
                    new OutboxSignal(),
                    new ShardRig(segments),
                    _time
                );
                ShardRunner runner = new(new(shard), rules, segments, EventLimits.Default, options, services);
                try
                {
                    await runner.RunAsync("me", static () => { }, stop.Token);
                    done = true;
                }
                catch (CrashedException)
                {
                    // The next process goes on.
                }
            }
        }
    }
}
