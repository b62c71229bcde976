using System.Collections.Concurrent;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using Timestamp = StreamSegmenter.Segmentation.Events.Timestamp;

namespace StreamSegmenter.Kafka.Log;

/// <summary>
/// One consumer and one thread for all partitions that this process reads. It belongs to no group: what is read, and
/// from where, is told by whoever reads. Thread-safe.
/// </summary>
internal sealed class LogFetcher : IDisposable
{
    // Readers are woken when nothing more comes at once, or else after so many records.
    private const int FlushRecords = 512;

    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(20);

    // A slow reader is waited for this long before its partition is paused: a pause throws away what was fetched ahead.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(25);

    private readonly KafkaLogOptions _options;
    private readonly KafkaInstruments _instruments;
    private readonly PartitionFeed[] _feeds;
    private readonly IConsumer<CustomerId, FetchedPayload> _consumer;
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly ManualResetEventSlim _taken = new();
    private readonly bool[] _touched;
    private readonly Thread _thread;
    private int _unflushed;
    private volatile bool _stopping;

    public LogFetcher(KafkaClients clients, KafkaLogOptions options, int partitionCount, KafkaInstruments instruments)
    {
        (_options, _instruments) = (options, instruments);
        _feeds = [.. Enumerable.Range(0, partitionCount).Select(p => new PartitionFeed(new(p), options, instruments))];
        _touched = new bool[partitionCount];
        _consumer = clients.Consumer<CustomerId, FetchedPayload>(
            options.Group,
            Settings(options),
            builder =>
                builder.SetKeyDeserializer(new CustomerKeys(instruments)).SetValueDeserializer(new PayloadSlabs())
        );
        _thread = new(Run) { IsBackground = true, Name = "kafka log" };
        _thread.Start();
    }

    public PartitionFeed Feed(PartitionId partition) =>
        partition.Value >= 0 && partition.Value < _feeds.Length
            ? _feeds[partition.Value]
            : throw new ArgumentOutOfRangeException(
                nameof(partition),
                partition,
                $"The topic has {_feeds.Length} partitions."
            );

    public IReadOnlyList<PartitionFeed> Feeds => _feeds;

    /// <summary>
    /// What the partition holds now, by the answer of its leader. Blocks.
    /// </summary>
    /// <exception cref="KafkaException">There was no answer.</exception>
    public LogRange QueryRange(PartitionId partition, TimeSpan timeout)
    {
        WatermarkOffsets offsets = _consumer.QueryWatermarkOffsets(Place(partition), timeout);
        return new(new(offsets.Low), new(offsets.High));
    }

    /// <summary>Has the partition come from there on; completes when everything fetched before is gone.</summary>
    /// <param name="end">Where the partition ended when that was asked, at <paramref name="asked"/>.</param>
    public Task AttachAsync(PartitionFeed feed, LogPosition from, LogPosition end, Timestamp asked)
    {
        TaskCompletionSource attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(() =>
        {
            feed.Restart(from);
            feed.NoteEnd(end, asked);
            try
            {
                Assign(feed.Partition, from.Value);
                attached.SetResult();
            }
            catch (KafkaException e)
            {
                attached.SetException(KafkaClients.Classify(e, $"attaching partition {feed.Partition}"));
            }
        });
        return attached.Task;
    }

    /// <summary>Has nothing come from the partition any more, and drops what is there.</summary>
    public void Detach(PartitionFeed feed) =>
        _commands.Enqueue(() =>
        {
            feed.Stop();
            Unassign(feed.Partition);
        });

    public LogBatch Take(PartitionFeed feed, LogPosition from, int max)
    {
        LogBatch batch = feed.Take(from, max, Resume);
        _taken.Set();
        _instruments.Read(batch.Records.Count);
        return batch;
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _consumer.Dispose();
        _taken.Dispose();
    }

    private static IEnumerable<(string, string)> Settings(KafkaLogOptions options) =>
        [
            ("enable.partition.eof", "true"),
            ("fetch.wait.max.ms", KafkaClients.Milliseconds(options.FetchWait)),
            ("queued.max.messages.kbytes", "16384"),
            // Once that much was fetched ahead, the client stops, by default for a second: longer than it lasts.
            ("fetch.queue.backoff.ms", "20"),
            ("dotnet.consumer.consume.result.fields", "timestamp"),
        ];

    private void Run()
    {
        TimeSpan wait = s_idle;
        while (!_stopping)
        {
            try
            {
                while (_commands.TryDequeue(out Action? command))
                {
                    command();
                }

                ConsumeResult<CustomerId, FetchedPayload>? result = _consumer.Consume(wait);
                wait = result is null ? s_idle : TimeSpan.Zero;
                if (result is null)
                {
                    FlushTouched();
                }
                else
                {
                    Accept(result);
                }
            }
            catch (ConsumeException e)
            {
                Fail(e);
            }
            catch (Exception e)
            {
                // Nobody else would learn of it; whoever reads does.
                Array.ForEach(_feeds, feed => feed.Fail(new KafkaUnavailableException("Reading the log failed.", e)));
                wait = s_idle;
            }
        }
    }

    private void Accept(ConsumeResult<CustomerId, FetchedPayload> result)
    {
        PartitionFeed feed = _feeds[result.Partition.Value];
        _touched[result.Partition.Value] = true;
        if (result.IsPartitionEOF)
        {
            Doubt(feed, feed.End(result.Offset.Value));
            return;
        }

        Message<CustomerId, FetchedPayload> message = result.Message;
        if (message.Timestamp.Type != TimestampType.LogAppendTime && !_options.AllowCreateTime)
        {
            Unassign(feed.Partition);
            feed.Fail(UnstampedTopic());
            return;
        }

        LogPosition position = new(result.Offset.Value);
        Timestamp logTime = new(message.Timestamp.UnixTimestampMs);
        FeedResult taken = feed.Add(new(position, logTime, message.Key, message.Value.Bytes), message.Value.Slab);
        if (taken == FeedResult.Full)
        {
            WaitForRoom(feed);
        }
        else if (++_unflushed >= FlushRecords)
        {
            FlushTouched();
        }

        Doubt(feed, taken);
    }

    private KafkaSetupException UnstampedTopic() =>
        new(
            $"The records of topic {_options.Topic} bear the time of their producers, whose clocks may be wrong. Set "
                + "message.timestamp.type=LogAppendTime for the topic and begin with an empty one, or allow it: "
                + "allow-create-time = true."
        );

    // What was passed over is asked for once more: a client that skips must not pass for a broker that has nothing.
    private void Doubt(PartitionFeed feed, FeedResult result)
    {
        if (result == FeedResult.Doubted)
        {
            Assign(feed.Partition, feed.Expected);
        }
    }

    private void WaitForRoom(PartitionFeed feed)
    {
        FlushTouched();
        _taken.Reset();
        _taken.Wait(s_patience);
        feed.PauseIfFull(Pause);
    }

    private void FlushTouched()
    {
        _unflushed = 0;
        for (int i = 0; i < _touched.Length; i++)
        {
            if (_touched[i])
            {
                _touched[i] = false;
                _feeds[i].Flush();
            }
        }
    }

    private void Fail(ConsumeException error)
    {
        int partition = error.ConsumerRecord?.Partition.Value ?? -1;
        if (partition < 0 || partition >= _feeds.Length)
        {
            // Of the connection as a whole, which the client mends by itself; the log handler was told.
            return;
        }

        PartitionFeed feed = _feeds[partition];
        Unassign(feed.Partition);
        feed.Fail(KafkaClients.Classify(error, $"reading partition {partition} of {_options.Topic}"));
    }

    private void Assign(PartitionId partition, long from)
    {
        // Giving it up first makes everything stale that was fetched for the former position.
        Unassign(partition);
        _consumer.IncrementalAssign([new TopicPartitionOffset(Place(partition), from)]);
    }

    private void Unassign(PartitionId partition)
    {
        if (_consumer.Assignment.Contains(Place(partition)))
        {
            _consumer.IncrementalUnassign([Place(partition)]);
        }
    }

    private void Pause(PartitionId partition) => Change(partition, _consumer.Pause);

    private void Resume(PartitionId partition) => Change(partition, _consumer.Resume);

    // A partition that was just given up has nothing to pause.
    private void Change(PartitionId partition, Action<IEnumerable<TopicPartition>> change)
    {
        try
        {
            change([Place(partition)]);
        }
        catch (KafkaException) { }
    }

    private TopicPartition Place(PartitionId partition) => new(_options.Topic, partition.Value);
}
