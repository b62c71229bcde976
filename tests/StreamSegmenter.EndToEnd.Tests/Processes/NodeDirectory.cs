using System.Globalization;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.EndToEnd.Tests.Processes;

/// <summary>
/// A temporary directory with a configuration, the files of the node that runs by it, and its address.
/// </summary>
public sealed class NodeDirectory : IDisposable
{
    public const int Partitions = 3;

    private const int ReadAtOnce = 1000;

    private readonly int _port = FreePort.Find();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("segmenter-e2e-");

    /// <param name="configuration">All of it but where the node listens and where it keeps its files.</param>
    public NodeDirectory(string configuration)
    {
        Address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));
        ConfigurationFile = Path.Combine(_root.FullName, "segmenter.conf");
        Configure(configuration);
    }

    public string ConfigurationFile { get; }

    public string DataDirectory => Path.Combine(_root.FullName, "data");

    public Uri Address { get; }

    /// <summary>Replaces the configuration; the next start reads it.</summary>
    public void Configure(string configuration) =>
        File.WriteAllText(
            ConfigurationFile,
            $$"""
            http.listen = "127.0.0.1:{{_port}}", api.listen = "127.0.0.1:0"
            storage { directory = "{{DataDirectory}}", partitions = {{Partitions}} }
            {{configuration}}
            """
        );

    public SegmenterProcess Run() => SegmenterProcess.Start("run", "--config", ConfigurationFile);

    /// <summary>Opens the state store; no node may be running.</summary>
    public ValueTask<SqliteStateStore> OpenStoreAsync() =>
        SqliteStateStore.OpenAsync(new() { Directory = DataDirectory }, TimeProvider.System);

    /// <summary>
    /// All records, by log time; those of one customer in the order of the log. No node may be running.
    /// </summary>
    public async Task<IReadOnlyList<LogRecord>> ReadLogAsync()
    {
        EmbeddedLogOptions options = new() { Directory = DataDirectory, PartitionCount = Partitions };
        await using EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(options, TimeProvider.System);
        List<LogRecord> records = [];
        for (int i = 0; i < Partitions; i++)
        {
            PartitionId partition = new(i);
            LogRange range = await log.GetRangeAsync(partition, CancellationToken.None);
            LogPosition next = range.Earliest;
            while (next < range.End)
            {
                LogBatch batch = await log.ReadAsync(
                    partition,
                    next,
                    ReadAtOnce,
                    TimeSpan.Zero,
                    CancellationToken.None
                );
                records.AddRange(batch.Records);
                next = batch.Next;
            }
        }

        return [.. records.OrderBy(record => record.LogTime)];
    }

    public void Dispose() => _root.Delete(recursive: true);
}
