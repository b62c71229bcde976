using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>
/// A member of the sources' group: polls on a thread of its own, gathers records while a batch is being stored, and
/// pauses its partitions when as much has gathered as one batch may hold.
/// </summary>
internal sealed class SourceMember : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    // Of several questions where to begin, each of which may have to wait.
    private static readonly TimeSpan s_longestBeginning = TimeSpan.FromSeconds(30);

    private readonly KafkaSourceOptions _options;
    private readonly Dictionary<string, SourceDecoder> _decoders;
    private readonly Func<SourceBatch, CancellationToken, Task> _store;
    private readonly Action<string> _trouble;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly SourceStarts _starts;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly List<ConsumeResult<byte[]?, byte[]?>> _gathered = [];
    private long _gatheredBytes;
    private SourceBatch? _batch;
    private Task _storing = Task.CompletedTask;
    private readonly List<TopicPartitionOffset> _begun = [];
    private bool _isPaused;
    private bool _isPauseStale;
    private Exception? _failure;

    public SourceMember(
        KafkaClients clients,
        KafkaSourceOptions options,
        EventLimits limits,
        Func<SourceBatch, CancellationToken, Task> store,
        TimeProvider time,
        Action<string> trouble
    )
    {
        (_options, _store, _trouble) = (options, store, trouble);
        _decoders = options.Topics.ToDictionary(
            topic => topic.Topic,
            topic => new SourceDecoder(topic, limits, time),
            StringComparer.Ordinal
        );
        _starts = new(options.Topics, clients.Options.RequestTimeout);
        _consumer = clients.Consumer<byte[]?, byte[]?>(
            options.Group,
            Settings(options),
            builder =>
                builder
                    .SetPartitionsAssignedHandler((consumer, partitions) => Begin(consumer, partitions))
                    .SetPartitionsRevokedHandler((_, partitions) => HandOver(partitions))
                    .SetPartitionsLostHandler((_, partitions) => Drop(partitions)),
            error => _failure ??= new KafkaSetupException($"Reading sources failed for good: {error.Reason}")
        );
    }

    public async Task RunAsync(CancellationToken stop)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(ended, stop)) { IsBackground = true, Name = "kafka sources" }.Start();
        await ended.Task;
    }

    public void Dispose() => _giveUp.Dispose();

    private static IEnumerable<(string, string)> Settings(KafkaSourceOptions options) =>
        [
            ("partition.assignment.strategy", "cooperative-sticky"),
            ("session.timeout.ms", KafkaClients.Milliseconds(options.SessionTimeout)),
            ("heartbeat.interval.ms", KafkaClients.Milliseconds(options.SessionTimeout / 4)),
            // How long a rebalance waits for members that some brokers do not know to have died.
            (
                "max.poll.interval.ms",
                KafkaClients.Milliseconds(options.SessionTimeout + options.HandOverLimit + s_longestBeginning)
            ),
            ("fetch.wait.max.ms", KafkaClients.Milliseconds(options.FetchWait)),
            // Only what was noted as stored is committed, now and then and when a partition goes.
            ("enable.auto.commit", "true"),
            ("auto.commit.interval.ms", KafkaClients.Milliseconds(options.CommitInterval)),
            ("queued.max.messages.kbytes", "8192"),
            ("fetch.queue.backoff.ms", "20"),
        ];

    private void Run(TaskCompletionSource ended, CancellationToken stop)
    {
        try
        {
            _consumer.Subscribe(_options.Topics.Select(topic => topic.Topic));
            while (!stop.IsCancellationRequested && _failure is null)
            {
                Poll();
            }

            Finish();
            _consumer.Close();
        }
        catch (Exception e)
        {
            _failure ??= e;
        }

        try
        {
            _giveUp.Cancel();
            _consumer.Dispose();
        }
        finally
        {
            if (_failure is { } failure)
            {
                ended.SetException(failure);
            }
            else
            {
                ended.SetResult();
            }
        }
    }

    private void Poll()
    {
        try
        {
            ConsumeResult<byte[]?, byte[]?>? record = _consumer.Consume(_gathered.Count > 0 ? TimeSpan.Zero : s_poll);
            if (record is not null)
            {
                _gathered.Add(record);
                _gatheredBytes += record.Message.Value?.Length ?? 0;
            }

            _begun.ForEach(Note);
            _begun.Clear();
            if (_batch is not null && IsFull)
            {
                // Waited for first: a pause throws away what the client has fetched ahead.
                WaitForStore(s_patience);
            }

            Complete();
            if (_gathered.Count > 0 && _batch is null && (record is null || IsFull))
            {
                Start();
            }
            else if (record is null && _batch is not null)
            {
                // Nothing to gather: wait for the store, and for callbacks.
                WaitForStore(s_poll);
            }

            Throttle();
        }
        catch (ConsumeException e)
        {
            Fail(e);
        }
        catch (KafkaException e)
        {
            _trouble(e.Error.Reason);
        }
    }

    private bool IsFull => _gathered.Count >= _options.BatchRecords || _gatheredBytes >= _options.BatchBytes;

    private void Start()
    {
        _batch = new();
        foreach (ConsumeResult<byte[]?, byte[]?> record in _gathered)
        {
            _batch.Add(record, _decoders[record.Topic].Decode(record));
        }

        _gathered.Clear();
        _gatheredBytes = 0;
        SourceBatch batch = _batch;
        _storing = Task.Run(() => _store(batch, _giveUp.Token));
    }

    /// <summary>Notes what was stored, once it is.</summary>
    private void Complete()
    {
        if (_batch is null || !_storing.IsCompleted)
        {
            return;
        }

        if (_storing.Exception is { } error)
        {
            _failure ??= error.InnerException;
        }
        else if (_storing.IsCompletedSuccessfully)
        {
            foreach (TopicPartitionOffset next in _batch.Next)
            {
                Note(next);
            }
        }

        _batch = null;
    }

    // A partition that is not ours any more is read again by its new owner, from its former position.
    private void Note(TopicPartitionOffset next)
    {
        try
        {
            _consumer.StoreOffset(next);
        }
        catch (KafkaException e) when (e.Error.Code == ErrorCode.Local_State) { }
    }

    private void Throttle()
    {
        bool mustPause = _batch is not null && IsFull;
        if (mustPause != _isPaused || (_isPaused && _isPauseStale))
        {
            _isPaused = mustPause;
            _isPauseStale = false;
            (mustPause ? (Action<IEnumerable<TopicPartition>>)_consumer.Pause : _consumer.Resume)(_consumer.Assignment);
        }
    }

    private void Fail(ConsumeException error)
    {
        if (error.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            _failure ??= new KafkaSetupException(
                $"The group {_options.Group} stands at a position of {error.ConsumerRecord?.TopicPartitionOffset} that "
                    + "the topic does not hold any more: records were lost unread. Set the group's position by hand "
                    + "to go on without them.",
                error
            );
        }
        else if (error.Error.IsFatal || KafkaClients.Classify(error, "reading sources") is KafkaSetupException)
        {
            _failure ??= KafkaClients.Classify(error, "reading sources");
        }
        else
        {
            _trouble(error.Error.Reason);
        }
    }

    private IEnumerable<TopicPartitionOffset> Begin(
        IConsumer<byte[]?, byte[]?> consumer,
        List<TopicPartition> partitions
    )
    {
        // New partitions come unpaused.
        _isPauseStale = true;
        try
        {
            IReadOnlyList<TopicPartitionOffset> begun = _starts.Resolve(consumer, partitions);
            _begun.AddRange(begun);
            return begun;
        }
        catch (KafkaException e)
        {
            _failure ??= KafkaClients.Classify(e, "asking where to begin");
        }
        catch (KafkaSetupException e)
        {
            _failure ??= e;
        }

        // Nothing is read any more; but what the group gave has to be taken, or it cannot be left in order.
        return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
    }

    private void HandOver(List<TopicPartitionOffset> partitions)
    {
        Forget(partitions);
        WaitForStore(_options.HandOverLimit);
        Complete();
    }

    private void Drop(List<TopicPartitionOffset> partitions) => Forget(partitions);

    private void Forget(List<TopicPartitionOffset> partitions)
    {
        HashSet<TopicPartition> gone = [.. partitions.Select(partition => partition.TopicPartition)];
        _gathered.RemoveAll(record => gone.Contains(record.TopicPartition));
        _gatheredBytes = _gathered.Sum(record => (long)(record.Message.Value?.Length ?? 0));
    }

    private void Finish()
    {
        WaitForStore(_options.HandOverLimit);
        Complete();
    }

    private void WaitForStore(TimeSpan limit) => ((IAsyncResult)_storing).AsyncWaitHandle.WaitOne(limit);
}
