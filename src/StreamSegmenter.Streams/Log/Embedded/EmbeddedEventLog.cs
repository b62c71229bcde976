using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// An event log in one SQLite file, for one machine without Kafka. Customers are spread by <see cref="Murmur2"/>.
/// Appends that wait at the same time share one sync of the disk; whoever reads at the end is served from memory.
/// Records appended by one call are stored together or not at all. Once accepted an append is not cancellable.
/// Thread-safe; dispose it after its readers and writers have stopped.
/// </summary>
public sealed partial class EmbeddedEventLog : IEventLogWriter, IEventLogReader, IAsyncDisposable
{
    /// <summary>The name of the file in <see cref="EmbeddedLogOptions.Directory"/>.</summary>
    public const string FileName = "log.db";

    private const int MaxReaderConnections = 4;
    private static readonly TimeSpan s_retentionInterval = TimeSpan.FromMinutes(1);

    private readonly EmbeddedLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogFile _file;
    private readonly PartitionTail[] _tails;
    private readonly LogWriter _writer;
    private readonly SqliteReaderPool _readers;
    private readonly PeriodicTimer? _retentionTimer;
    private readonly Task _retention;

    private EmbeddedEventLog(EmbeddedLogOptions options, TimeProvider time, ILogger logger, LogFile file)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _file = file;
        _tails = file.LoadTails(options.PartitionCount, options.CacheBytes);
        _readers = file.OpenReaders(MaxReaderConnections);
        _writer = new(file, _tails, options.MaxWaitingBytes, time);
        if (options.Retention is { } retention)
        {
            _retentionTimer = new(s_retentionInterval, time);
            _retention = ExpireAsync(_retentionTimer, retention);
        }
        else
        {
            _retention = Task.CompletedTask;
        }
    }

    public int PartitionCount => _options.PartitionCount;

    /// <summary>Opens the log, creating it when there is none.</summary>
    /// <exception cref="SqliteFileException">In use, damaged, too new, or of another partition count.</exception>
    /// <exception cref="LogCorruptException">The newest records of a partition are damaged.</exception>
    public static ValueTask<EmbeddedEventLog> OpenAsync(
        EmbeddedLogOptions options,
        TimeProvider time,
        ILogger<EmbeddedEventLog>? logger = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        options.Validate();
        LogFile file = LogFile.Open(Path.Combine(options.Directory, FileName), options.PartitionCount, time);
        try
        {
            return new(new EmbeddedEventLog(options, time, logger ?? NullLogger<EmbeddedEventLog>.Instance, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public async ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (records.Count == 0)
        {
            return;
        }

        AppendOperation append = new(PackedRecords.Pack(records, PartitionCount));
        if (append.Bytes > _options.MaxWaitingBytes)
        {
            throw new ArgumentException(
                $"One append of {append.Bytes} bytes can never fit the log's limit of {_options.MaxWaitingBytes} "
                    + "waiting bytes; split it, or raise the limit.",
                nameof(records)
            );
        }

        await _writer.AppendAsync(append);
    }

    public ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Tail(partition).Range);
    }

    public async ValueTask<LogBatch> ReadAsync(
        PartitionId partition,
        LogPosition from,
        int maxRecords,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        cancellationToken.ThrowIfCancellationRequested();
        PartitionTail tail = Tail(partition);
        if (tail.CheckedRange(from).End == from)
        {
            await tail.WaitAsync(from, wait, _time, cancellationToken);
        }

        List<StoredBatch> batches = await CollectAsync(tail, from, maxRecords, cancellationToken);
        List<LogRecord> records = Unpack(batches, from, maxRecords);
        LogPosition next = new(from.Value + records.Count);
        return new(records, next, await ClockAsync(tail, next)) { Memory = new BatchLease(batches) };
    }

    /// <summary>
    /// Deletes records older than <paramref name="before"/>, by whole batches, from the start of each partition.
    /// Reading them throws <see cref="LogPositionOutOfRangeException"/> from then on. Space is used again, not given
    /// back.
    /// </summary>
    public async ValueTask TruncateAsync(Timestamp before, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _writer.TruncateAsync(before);
    }

    public async ValueTask DisposeAsync()
    {
        _retentionTimer?.Dispose();
        await _retention;
        try
        {
            await _writer.DisposeAsync();
        }
        finally
        {
            _readers.Dispose();
            _file.Dispose();
        }
    }

    /// <summary>The batches with the records from a position on, and a use of their buffers.</summary>
    private async ValueTask<List<StoredBatch>> CollectAsync(
        PartitionTail tail,
        LogPosition from,
        int max,
        CancellationToken cancellationToken
    )
    {
        LogPosition end = tail.CheckedRange(from).End;
        if (from == end)
        {
            return [];
        }

        List<StoredBatch> batches = [];
        if (!tail.TryCollectNewest(from, max, batches))
        {
            batches = await _readers.ReadAsync(
                (tail.Partition, from, end, max),
                static (connection, wanted) =>
                    LogQueries.Read(connection, wanted.Partition, wanted.from, wanted.end, wanted.max),
                cancellationToken
            );
            ThrowIfHoled(tail, from, batches);
        }

        return batches;
    }

    private static List<LogRecord> Unpack(List<StoredBatch> batches, LogPosition from, int max)
    {
        if (batches.Count == 0)
        {
            return [];
        }

        List<LogRecord> records = new((int)Math.Min(max, batches[^1].End.Value - from.Value));
        foreach (StoredBatch batch in batches)
        {
            BatchFormat.Read(batch, from, max, records);
        }

        return records;
    }

    /// <summary>See <see cref="LogBatch.Clock"/>. It holds over restarts, because the file reserves it first.</summary>
    private async ValueTask<Timestamp?> ClockAsync(PartitionTail tail, LogPosition next)
    {
        if (tail.Range.End != next)
        {
            return null;
        }

        Timestamp now = Timestamp.From(_time.GetUtcNow());
        if (now > _writer.Reserved)
        {
            await _writer.ReserveClockAsync();
        }

        return tail.Promise(next, Timestamp.Min(now, _writer.Reserved));
    }

    private async Task ExpireAsync(PeriodicTimer timer, TimeSpan retention)
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                await _writer.TruncateAsync(Timestamp.From(_time.GetUtcNow() - retention));
            }
            catch (IOException e)
            {
                LogRetentionFailed(e, _file.Path);
            }
        }
    }

    private static void ThrowIfHoled(PartitionTail tail, LogPosition from, List<StoredBatch> batches)
    {
        LogPosition expected = from;
        foreach (StoredBatch batch in batches)
        {
            if (batch.First > expected || batch.End <= expected)
            {
                break;
            }

            expected = batch.End;
        }

        if (batches.Count == 0 || expected != batches[^1].End)
        {
            // A truncation may have been faster than this read; that is an error of another kind.
            tail.CheckedRange(from);
            throw new LogCorruptException(tail.Partition, expected, "records are missing");
        }
    }

    private PartitionTail Tail(PartitionId partition) =>
        (uint)partition.Value < (uint)_tails.Length
            ? _tails[partition.Value]
            : throw new ArgumentOutOfRangeException(
                nameof(partition),
                partition,
                $"The log has partitions 0 to {_tails.Length - 1}."
            );

    [LoggerMessage(1, LogLevel.Error, "Old records could not be deleted from {Path}; tried again in a minute")]
    private partial void LogRetentionFailed(Exception reason, string path);
}
