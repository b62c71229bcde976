using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>
/// What several nodes share: brokers, a topic, a schema of a PostgreSQL server, a configuration. All of it is gone
/// with the rig, but for the topic of a real cluster.
/// </summary>
public sealed class ClusterRig : IAsyncDisposable
{
    private const int ReadAtOnce = 5_000;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("segmenter-cluster-");
    private readonly KafkaBroker _broker;
    private readonly PostgresServer _postgres;
    private readonly string _schema = $"s{Guid.NewGuid():n}";

    private ClusterRig(KafkaBroker broker, PostgresServer postgres, string topic, int partitions)
    {
        (_broker, _postgres, Topic, Partitions) = (broker, postgres, topic, partitions);
        ConfigurationFile = Path.Combine(_root.FullName, "segmenter.conf");
    }

    public string Topic { get; }

    public int Partitions { get; }

    public string BootstrapServers => _broker.BootstrapServers;

    /// <summary>What the nodes run on, for the report.</summary>
    public string Broker => _broker.IsMock ? "librdkafka's mock brokers" : $"the cluster {BootstrapServers}";

    public bool IsMock => _broker.IsMock;

    /// <summary>Whether there may be several brokers, with replicas of the topic.</summary>
    public bool HasReplicas => BootstrapServers.Contains(',', StringComparison.Ordinal);

    /// <summary>The shortest session that the brokers allow by default.</summary>
    public TimeSpan ShortestSession => TimeSpan.FromSeconds(_broker.IsMock ? 3 : 6);

    public string ConfigurationFile { get; }

    public static async Task<ClusterRig> StartAsync(int partitions)
    {
        KafkaBroker broker = await KafkaBroker.StartAsync();
        PostgresServer postgres = await PostgresServer.SharedAsync();
        return new(broker, postgres, await broker.CreateTopicAsync("customer-events", partitions), partitions);
    }

    /// <summary>A topic beside the log.</summary>
    public Task<string> CreateTopicAsync(string name, int partitions) => _broker.CreateTopicAsync(name, partitions);

    /// <summary>What every node reads.</summary>
    /// <param name="log">Further keys of <c>kafka.log</c>.</param>
    /// <param name="group">Further keys of <c>kafka.group</c>.</param>
    public void Configure(string log, string group, string rest) =>
        File.WriteAllText(
            ConfigurationFile,
            $$"""
            storage.type = shared
            postgresql {
              connection = "{{_postgres.ConnectionString}}"
              password = "{{_postgres.Password}}"
              schema = {{_schema}}
            }
            kafka {
              bootstrap-servers = "{{BootstrapServers}}"
              log { topic = {{Topic}}, group = {{Topic}}, allow-create-time = true, {{log}} }
              group { {{group}} }
            }
            {{rest}}
            """
        );

    /// <summary>No broker answers any more, and none has heard that it was to end.</summary>
    public Task KillBrokersAsync() => _broker.KillAsync();

    /// <summary>Returns when they answer.</summary>
    public Task StartBrokersAsync() => _broker.StartAgainAsync();

    public ClusterNode CreateNode() => new(this);

    public ValueTask<PostgresStateStore> OpenStoreAsync() =>
        PostgresStateStore.OpenAsync(
            new()
            {
                ConnectionString = _postgres.ConnectionString,
                Password = _postgres.Password,
                Schema = _schema,
            },
            TimeProvider.System
        );

    /// <summary>The customer log, as a node has it.</summary>
    public async Task<KafkaEventLog> OpenLogAsync(KafkaInstruments instruments)
    {
        KafkaClients clients = new(new() { BootstrapServers = BootstrapServers }, NullLogger<KafkaClients>.Instance);
        KafkaLogOptions options = new() { Topic = Topic, AllowCreateTime = true };
        return await KafkaEventLog.OpenAsync(clients, options, instruments, TimeProvider.System, default);
    }

    /// <summary>All records, by log time; those of one customer in the order of the log.</summary>
    public async Task<IReadOnlyList<LogRecord>> ReadLogAsync()
    {
        using KafkaInstruments instruments = new();
        using KafkaEventLog log = await OpenLogAsync(instruments);
        List<LogRecord> records = [];
        for (int i = 0; i < Partitions; i++)
        {
            PartitionId partition = new(i);
            LogRange range = await log.GetRangeAsync(partition, default);
            LogPosition next = range.Earliest;
            while (next < range.End)
            {
                LogBatch batch = await log.ReadAsync(partition, next, ReadAtOnce, TimeSpan.FromSeconds(1), default);
                records.AddRange(batch.Records);
                next = batch.Next;
            }
        }

        // Stable: what has one log time stays in the order of its partition.
        return [.. records.OrderBy(record => record.LogTime)];
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _root.Delete(recursive: true);
    }
}

/// <summary>One node of the cluster, whose process may come and go.</summary>
public sealed class ClusterNode(ClusterRig rig) : IAsyncDisposable
{
    private readonly int _port = FreePort.Find();
    private readonly int _apiPort = FreePort.Find();

    public Uri Address => At(_port);

    public Uri ApiAddress => At(_apiPort);

    /// <summary>Null while it does not run.</summary>
    public SegmenterProcess? Process { get; private set; }

    public void Start() =>
        Process = SegmenterProcess.Start(
            "run",
            "--config",
            rig.ConfigurationFile,
            "--set",
            string.Create(CultureInfo.InvariantCulture, $"http.listen=127.0.0.1:{_port}"),
            "--set",
            string.Create(CultureInfo.InvariantCulture, $"api.listen=127.0.0.1:{_apiPort}")
        );

    /// <summary>Ends its process in some way.</summary>
    public async Task EndAsync(Func<SegmenterProcess, Task> end)
    {
        await end(Process!);
        await Process!.DisposeAsync();
        Process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.ThawAsync();
            await Process.DisposeAsync();
        }
    }

    private static Uri At(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
