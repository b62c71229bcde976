using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Topics;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using Timestamp = StreamSegmenter.Segmentation.Events.Timestamp;

namespace StreamSegmenter.Kafka.Log;

/// <summary>
/// The event log on a Kafka topic: the key is the customer, the partition is the shard, the position is the offset.
/// Any partition can be read, whoever owns its shard: the owner epoch in the state store keeps two owners apart.
/// Positions grow, and skip where the topic's own do. Thread-safe; dispose it after its readers and writers have
/// stopped.
/// </summary>
public sealed class KafkaEventLog : IEventLogReader, IEventLogWriter, IDisposable
{
    private readonly KafkaLogOptions _options;
    private readonly TimeSpan _requestTimeout;
    private readonly TimeProvider _time;
    private readonly LogFetcher _fetcher;
    private readonly EndWatch _ends;
    private readonly LogAppender _appender;

    private KafkaEventLog(
        KafkaClients clients,
        KafkaLogOptions options,
        int partitions,
        KafkaInstruments instruments,
        TimeProvider time
    )
    {
        (_options, _requestTimeout, _time) = (options, clients.Options.RequestTimeout, time);
        PartitionCount = partitions;
        _fetcher = new(clients, options, partitions, instruments);
        _ends = new(_fetcher, options.ClockInterval, time);
        _appender = new(clients, options, partitions, instruments);
    }

    public int PartitionCount { get; }

    /// <summary>Looks the topic up and begins to work.</summary>
    /// <exception cref="ArgumentException"><paramref name="options"/> are not valid.</exception>
    /// <exception cref="KafkaSetupException">There is no such topic, or no native library.</exception>
    /// <exception cref="KafkaUnavailableException">The cluster does not answer.</exception>
    public static async ValueTask<KafkaEventLog> OpenAsync(
        KafkaClients clients,
        KafkaLogOptions options,
        KafkaInstruments instruments,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (options.Validate() is [string first, ..])
        {
            throw new ArgumentException($"kafka.log: {first}.", nameof(options));
        }

        int partitions = await new KafkaTopics(clients).CountPartitionsAsync(options.Topic, cancellationToken);
        return new(clients, options, partitions, instruments, time);
    }

    public ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken) =>
        _appender.AppendAsync(records, cancellationToken);

    public async ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken)
    {
        _ = _fetcher.Feed(partition);
        try
        {
            return await Task.Run(() => _fetcher.QueryRange(partition, _requestTimeout), cancellationToken);
        }
        catch (KafkaException e)
        {
            throw KafkaClients.Classify(e, $"asking for the range of partition {partition} of {_options.Topic}");
        }
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
        PartitionFeed feed = _fetcher.Feed(partition);
        await feed.Turn.WaitAsync(cancellationToken);
        try
        {
            if (!feed.IsAt(from))
            {
                await AttachAsync(feed, from, cancellationToken);
            }

            await feed.WaitAsync(wait, _time, cancellationToken);
            return _fetcher.Take(feed, from, maxRecords);
        }
        catch (KafkaUnavailableException e) when (IsOutOfRange(e))
        {
            ThrowIfOutside(partition, from, await GetRangeAsync(partition, cancellationToken));
            throw;
        }
        finally
        {
            feed.Turn.Release();
        }
    }

    /// <summary>
    /// Nobody reads these partitions any more: what was fetched of them is dropped, and nothing more comes. A later
    /// read begins anew.
    /// </summary>
    public void Release(IEnumerable<PartitionId> partitions)
    {
        foreach (PartitionId partition in partitions)
        {
            _fetcher.Detach(_fetcher.Feed(partition));
        }
    }

    /// <summary>Waits, within bounds, until what was appended is written.</summary>
    public void Dispose()
    {
        _ends.Dispose();
        _fetcher.Dispose();
        _appender.Dispose();
    }

    private static bool IsOutOfRange(KafkaUnavailableException error) =>
        error.InnerException
            is KafkaException { Error.Code: ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange };

    private static void ThrowIfOutside(PartitionId partition, LogPosition from, LogRange range)
    {
        if (from < range.Earliest || from > range.End)
        {
            throw new LogPositionOutOfRangeException(partition, from, range);
        }
    }

    private async ValueTask AttachAsync(PartitionFeed feed, LogPosition from, CancellationToken cancellationToken)
    {
        var asked = Timestamp.From(_time.GetUtcNow());
        LogRange range = await GetRangeAsync(feed.Partition, cancellationToken);
        ThrowIfOutside(feed.Partition, from, range);
        await _fetcher.AttachAsync(feed, from, range.End, asked).WaitAsync(cancellationToken);
        await feed.WaitForFirstAsync(_requestTimeout, _time, cancellationToken);
        if (!feed.HasArrived())
        {
            throw new KafkaUnavailableException(
                $"Nothing came from partition {feed.Partition} of {_options.Topic} within {_requestTimeout.ToText()}."
            );
        }
    }
}
