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
    private readonly LastingProducer _producer;
    private long _waiting;

    public LogAppender(KafkaClients clients, KafkaLogOptions options, int partitions, KafkaInstruments instruments)
    {
        (_clients, _options, _instruments) = (clients, options, instruments);
        _producer = new(Create, options.AppendTimeout);
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

    public void Dispose() => ((IAsyncResult)_producer.EndAsync(_options.AppendTimeout)).AsyncWaitHandle.WaitOne();

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
        int sent = 0;
        try
        {
            using LastingProducer.Use use = _producer.Begin();
            for (; sent < messages.Length; sent++)
            {
                PartitionId partition = Murmur2.PartitionOf(messages[sent].Key, _places.Length);
                use.Producer.Produce(_places[partition.Value], messages[sent], pending.Report);
            }
        }
        catch (Exception e)
        {
            // What was handed over before may get in all the same: the caller repeats all of it.
            pending.Fail(Failure(e), messages.Length - sent);
        }
    }

    private Exception Failure(Exception error) =>
        error is not KafkaException kafka ? error
        : kafka.Error.Code == ErrorCode.Local_QueueFull
            ? new LogBusyException($"The queue to topic {_options.Topic} is full.")
        : KafkaClients.Classify(kafka, $"appending to {_options.Topic}");

    private IProducer<byte[]?, byte[]?> Create(Action failed) =>
        _clients.Producer(
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
            _ => failed()
        );
}
