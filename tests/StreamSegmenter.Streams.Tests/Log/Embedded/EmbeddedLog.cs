using System.Text;
using Microsoft.Data.Sqlite;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

/// <summary>A log that a test opens, closes and looks into.</summary>
internal sealed class EmbeddedLog : IAsyncDisposable
{
    public const int PartitionCount = 2;
    public static readonly PartitionId Partition = Murmur2.PartitionOf(new CustomerId("u1"), PartitionCount);

    private readonly TemporaryDirectory _directory = new();
    private EmbeddedEventLog? _log;

    public FakeTimeProvider Time { get; } = new();

    public EmbeddedEventLog Log => _log ?? throw new InvalidOperationException("Not open.");

    public string Path => _directory.File(EmbeddedEventLog.FileName);

    public EmbeddedLogOptions Options { get; set; } = new() { Directory = "", PartitionCount = PartitionCount };

    public async Task<EmbeddedEventLog> OpenAsync() =>
        _log = await EmbeddedEventLog.OpenAsync(Options with { Directory = _directory.Path }, Time);

    public async Task CloseAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
            _log = null;
        }
    }

    public Task AppendAsync(string payload = "{}", string customer = "u1") =>
        Log.AppendAsync([new(new(customer), Encoding.UTF8.GetBytes(payload))], default).AsTask();

    public async Task<LogBatch> ReadAsync(long from = 0, int max = 1_000) =>
        await Log.ReadAsync(Partition, new(from), max, TimeSpan.Zero, default);

    /// <summary>A connection of somebody else, as an operator's shell would open it.</summary>
    public SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    public long Run(string sql)
    {
        using SqliteConnection connection = Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as long? ?? 0;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Dispose();
    }
}
