using System.Globalization;
using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Topics;

namespace StreamSegmenter.Kafka.Pushes;

/// <summary>
/// Writes pushes to a topic, idempotently and with all in-sync replicas' acknowledgement. Connects with the first
/// record; a producer that failed for good is replaced. Thread-safe.
/// </summary>
internal sealed class KafkaTopicWriter(KafkaClients clients, TopicSettings settings) : ITopicWriter
{
    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private volatile Error? _setup;
    private bool _isDisposed;

    public async ValueTask<DeliveryResult> WriteAsync(TopicRecord record, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return DeliveryResult.NotSent("The time was over before the record was sent.");
        }

        try
        {
            Message<byte[]?, byte[]?> message = Pack(record);
            // Our own wait may end; the client goes on with the record, and nobody knows how that ends.
            await Producer().ProduceAsync(settings.Topic, message, CancellationToken.None).WaitAsync(cancellationToken);
            _setup = null;
            return DeliveryResult.Delivered;
        }
        catch (EncoderFallbackException)
        {
            return DeliveryResult.Unsendable("The customer's id is not Unicode text, which a key has to be.");
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            PersistenceStatus status = e.DeliveryResult?.Status ?? PersistenceStatus.NotPersisted;
            return WriteFailures.Classify(e.Error, status, _setup);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return DeliveryResult.Unknown("Kafka: not acknowledged in time.");
        }
        catch (KafkaSetupException e)
        {
            return DeliveryResult.Misconfigured(e.Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        IProducer<byte[]?, byte[]?>? producer;
        lock (_gate)
        {
            (_isDisposed, producer, _producer) = (true, _producer, null);
        }

        return producer is null ? ValueTask.CompletedTask : new(Task.Run(producer.Dispose));
    }

    private static Message<byte[]?, byte[]?> Pack(TopicRecord record)
    {
        Headers headers = [];
        foreach ((string name, string value) in record.Headers)
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }

        return new()
        {
            Key = KeyText.Strict.GetBytes(record.Key),
            Value = record.Value.ToArray(),
            Headers = headers,
        };
    }

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
        created = clients.Producer(
            [
                ("compression.type", settings.Compression),
                ("linger.ms", "0"),
                ("message.timeout.ms", KafkaClients.Milliseconds(settings.WriteTimeout)),
                ("message.max.bytes", settings.MaxRecordBytes.ToString(CultureInfo.InvariantCulture)),
                ("dotnet.producer.delivery.report.fields", "status"),
            ],
            failed: _ => Replace(created),
            noted: Note
        );
        return created;
    }

    private void Note(Error error)
    {
        if (WriteFailures.IsSetup(error.Code))
        {
            _setup = error;
        }
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
