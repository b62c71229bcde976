using System.Diagnostics;
using System.Globalization;
using System.Text;
using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Measurement;

/// <summary>How fast log and store are on a given disk. Numbers for people; no test depends on them.</summary>
internal static class StorageMeasurement
{
    private const int PayloadBytes = 300;
    private static readonly byte[] s_payload = Encoding.UTF8.GetBytes(new string('x', PayloadBytes));

    public static async Task<int> RunAsync(string directory)
    {
        foreach ((int writers, int recordsPerAppend) in new[] { (1, 1), (16, 1), (1, 100), (16, 100), (4, 1_000) })
        {
            await MeasureLogAsync(
                Path.Combine(directory, $"log-{writers}-{recordsPerAppend}"),
                writers,
                recordsPerAppend
            );
        }

        await using SqliteStateStore store = await SqliteStateStore.OpenAsync(
            new() { Directory = Path.Combine(directory, "state") },
            TimeProvider.System
        );
        await MeasureStateAsync(store);
        return 0;
    }

    private static async Task MeasureLogAsync(string directory, int writers, int recordsPerAppend)
    {
        int appends = Math.Clamp(1_000_000 / (writers * recordsPerAppend), 100, 3_000);
        int total = writers * appends * recordsPerAppend;
        EmbeddedLogOptions options = new() { Directory = directory };
        await using (EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(options, TimeProvider.System))
        {
            Start start = Start.Now;
            await Task.WhenAll(
                Enumerable.Range(0, writers).Select(w => Task.Run(() => AppendAsync(log, w, appends, recordsPerAppend)))
            );
            Report($"append, {writers} writers, {recordsPerAppend} records a call", total, "records", start);
            start = Start.Now;
            await ReadAsync(log, total);
            Report("  read, some from memory", total, "records", start);
        }

        await using (
            EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(
                options with
                {
                    CacheBytes = 0,
                },
                TimeProvider.System
            )
        )
        {
            Start start = Start.Now;
            await ReadAsync(log, total);
            Report("  read, all from the file", total, "records", start);
        }
    }

    private static async Task AppendAsync(EmbeddedEventLog log, int writer, int appends, int recordsPerAppend)
    {
        NewRecord[] records = new NewRecord[recordsPerAppend];
        for (int i = 0; i < appends; i++)
        {
            for (int k = 0; k < recordsPerAppend; k++)
            {
                records[k] = new(new($"user-{((i * 7919) + (writer * 104729) + (k * 31)) % 100_000}"), s_payload);
            }

            await log.AppendAsync(records, default);
        }
    }

    private static async Task ReadAsync(EmbeddedEventLog log, int total)
    {
        int read = 0;
        for (int i = 0; i < log.PartitionCount; i++)
        {
            LogBatch batch;
            LogPosition next = LogPosition.Start;
            do
            {
                batch = await log.ReadAsync(new(i), next, 2_000, TimeSpan.Zero, default);
                next = batch.Next;
                read += batch.Records.Count;
            } while (batch.Clock is null);
        }

        read.ShouldBe(total);
    }

    /// <summary>The state store in PostgreSQL: on a server that is started for it, or on a given one.</summary>
    public static async Task<int> RunPostgresAsync(string? connectionString)
    {
        PostgresServer? server = connectionString is null ? await PostgresServer.StartAsync() : null;
        try
        {
            PostgresStateStoreOptions options = new()
            {
                ConnectionString = connectionString ?? server!.ConnectionString,
                Password = server?.Password,
                Schema = "streamsegmenter_measurement",
            };
            await using PostgresStateStore store = await PostgresStateStore.OpenAsync(options, TimeProvider.System);
            await MeasureStateAsync(store);
        }
        finally
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        return 0;
    }

    private static async Task MeasureStateAsync(IStateStore store)
    {
        ShardLease[] leases = new ShardLease[16];
        for (int i = 0; i < leases.Length; i++)
        {
            leases[i] = (await store.Ownership.AcquireAsync(new(i), leases.Length, "measure", default)).Lease;
        }

        await MeasureCheckpointsAsync(store, leases[0]);
        foreach (int shards in new[] { 1, 16 })
        {
            await MeasureEffectsAsync(store, leases[..shards]);
        }
    }

    private static async Task MeasureCheckpointsAsync(IStateStore store, ShardLease lease)
    {
        const int Customers = 500_000;
        const int Changed = 20_000;
        Random random = new(1);
        byte[] state = new byte[250];
        for (int round = 0; round < 2; round++)
        {
            string what = round == 0 ? "new customers" : "changed at random among 500,000";
            int rows = round == 0 ? Customers : Changed * 10;
            Start start = Start.Now;
            for (int done = 0; done < rows; done += Changed)
            {
                StoredCustomer[] customers =
                [
                    .. Enumerable
                        .Range(done, Changed)
                        .Select(i => round == 0 ? i : random.Next(Customers))
                        .Select(i => new StoredCustomer(new($"user-{i}"), new(random.Next()), state)),
                ];
                await store.Committer.CommitCheckpointAsync(
                    lease,
                    new(new(done), Timestamp.Beginning, "", customers),
                    default
                );
            }

            Report($"checkpoints of {Changed}, {what}", rows, "customers", start);
        }
    }

    private static async Task MeasureEffectsAsync(IStateStore store, ShardLease[] leases)
    {
        const int Commits = 2_000;
        Start start = Start.Now;
        await Task.WhenAll(
            leases.Select(lease =>
                Task.Run(async () =>
                {
                    for (int n = 1; n <= Commits; n++)
                    {
                        string id = $"{leases.Length}-{lease.Shard}-{n}";
                        Transition move = new(
                            new(id),
                            new("vip"),
                            TransitionKind.Entered,
                            new(n),
                            TransitionCause.Event,
                            1,
                            id
                        );
                        NewPush push = new(new PushId(id), n, new("mail"), new(id), new Timestamp(n), s_payload);
                        await store.Committer.CommitEffectsAsync(lease, new(new(n), [], [move], [push]), default);
                    }
                })
            )
        );
        Report(
            $"effects, {leases.Length} shards, 1 transition and 1 push each",
            Commits * leases.Length,
            "commits",
            start
        );
    }

    // Processor time tells something even on a machine that does other work.
    private static void Report(string what, int count, string unit, Start start)
    {
        double perSecond = count / Stopwatch.GetElapsedTime(start.Timestamp).TotalSeconds;
        double processor = (Environment.CpuUsage.TotalTime - start.Processor).TotalMicroseconds / count;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -60} {perSecond, 12:N0} {unit}/s {processor, 8:N1} us of processor each"
            )
        );
    }

    private readonly record struct Start(long Timestamp, TimeSpan Processor)
    {
        public static Start Now => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
    }
}
