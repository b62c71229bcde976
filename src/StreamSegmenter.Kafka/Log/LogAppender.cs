using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Log;

/// <summary>
/// Writes to the log's topic. The producer resends by itself without doubling or reordering; one that has failed for
/// good is replaced. Thread-safe.
/// </summary>
internal sealed class LogAppender : IDisposable
{
    // Of what a record takes beside key and payload, at most.
    private const int RecordOverhead = 128;

    private readonly KafkaClients _clients;
    private readonly KafkaLogOptions _options;
    private readonly TopicPartition[] _places;
    private readonly KafkaInstruments _instruments;
    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private long _waiting;
    private bool _isDisposed;

    public LogAppender(KafkaClients clients, KafkaLogOptions options, int partitions, KafkaInstruments instruments)
    {
        (_clients, _options, _instruments) = (clients, options, instruments);
        _places =
        [
            .. Enumerable.Range(0, partitions).Select(partition => new TopicPartition(options.Topic, partition)),
        ];
    }

    public async ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (records.Count == 0)
        {
            return;
        }

        (Message<byte[]?, byte[]?>[] messages, long bytes) = Pack(records);
        if (Interlocked.Add(ref _waiting, bytes) > _options.MaxWaitingBytes)
        {
            Interlocked.Add(ref _waiting, -bytes);
            throw new LogBusyException(
                $"More than {_options.MaxWaitingBytes} bytes wait to be written to topic {_options.Topic}."
            );
        }

        PendingAppend pending = new(messages.Length, () => Interlocked.Add(ref _waiting, -bytes));
        Send(messages, pending);
        await pending.Completion.WaitAsync(cancellationToken);
        _instruments.Appended(records.Count);
    }

    public void Dispose()
    {
        IProducer<byte[]?, byte[]?>? producer;
        lock (_gate)
        {
            _isDisposed = true;
            producer = _producer;
            _producer = null;
        }

        producer?.Flush(_options.AppendTimeout);
        producer?.Dispose();
    }

    /// <summary>Everything is checked before anything is sent.</summary>
    private (Message<byte[]?, byte[]?>[] Messages, long Bytes) Pack(IReadOnlyList<NewRecord> records)
    {
        var messages = new Message<byte[]?, byte[]?>[records.Count];
        long bytes = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            NewRecord record = records[i];
            byte[] key = KeyText.Strict.GetBytes(record.Customer.Value);
            int size = key.Length + record.Payload.Length + RecordOverhead;
            if (size > _options.MaxRecordBytes)
            {
                throw new ArgumentException(
                    $"A record of {size} bytes does not fit topic {_options.Topic}: max-record-bytes = "
                        + $"{_options.MaxRecordBytes}.",
                    nameof(records)
                );
            }

            messages[i] = new() { Key = key, Value = record.Payload.ToArray() };
            bytes += size;
        }

        return (messages, bytes);
    }

    private void Send(Message<byte[]?, byte[]?>[] messages, PendingAppend pending)
    {
        for (int i = 0; i < messages.Length; i++)
        {
            try
            {
                PartitionId partition = Murmur2.PartitionOf(messages[i].Key, _places.Length);
                Producer().Produce(_places[partition.Value], messages[i], pending.Report);
            }
            catch (Exception e)
            {
                // What was handed over before may get in all the same: the caller repeats all of it.
                pending.Fail(Failure(e), messages.Length - i);
                return;
            }
        }
    }

    private Exception Failure(Exception error) =>
        error is not KafkaException kafka ? error
        : kafka.Error.Code == ErrorCode.Local_QueueFull
            ? new LogBusyException($"The queue to topic {_options.Topic} is full.")
        : KafkaClients.Classify(kafka, $"appending to {_options.Topic}");

    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _producer ??= Create();
        }
    }

    private IProducer<byte[]?, byte[]?> Create()
    {
        IProducer<byte[]?, byte[]?>? created = null;
        created = _clients.Producer(
            [
                ("compression.type", _options.Compression),
                ("linger.ms", KafkaClients.Milliseconds(_options.Linger)),
                ("message.timeout.ms", KafkaClients.Milliseconds(_options.AppendTimeout)),
                ("message.max.bytes", $"{_options.MaxRecordBytes}"),
                ("queue.buffering.max.messages", "0"),
                (
                    "queue.buffering.max.kbytes",
                    $"{Math.Min(int.MaxValue, (_options.MaxWaitingBytes / 1024 * 2) + 1024)}"
                ),
            ],
            _ => Replace(created)
        );
        return created;
    }

    // Its own callback must not wait for its own end.
    private void Replace(IProducer<byte[]?, byte[]?>? failed)
    {
        lock (_gate)
        {
            if (failed is null || _producer != failed)
            {
                return;
            }

            _producer = null;
        }

        _ = Task.Run(failed.Dispose);
    }
}
