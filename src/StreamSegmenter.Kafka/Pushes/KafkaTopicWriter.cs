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
internal sealed class KafkaTopicWriter : ITopicWriter
{
    private readonly KafkaClients _clients;
    private readonly TopicSettings _settings;
    private readonly LastingProducer _producer;
    private volatile Error? _setup;

    public KafkaTopicWriter(KafkaClients clients, TopicSettings settings)
    {
        (_clients, _settings) = (clients, settings);
        _producer = new(Create, settings.WriteTimeout);
    }

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
            await Send(message).WaitAsync(cancellationToken);
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

    /// <summary>Waits for no record: nobody waits for their outcomes any more.</summary>
    public ValueTask DisposeAsync() => new(_producer.EndAsync(TimeSpan.Zero));

    private Task<DeliveryResult<byte[]?, byte[]?>> Send(Message<byte[]?, byte[]?> message)
    {
        Task<DeliveryResult<byte[]?, byte[]?>> sending;
        using (LastingProducer.Use use = _producer.Begin())
        {
            sending = use.Producer.ProduceAsync(_settings.Topic, message, CancellationToken.None);
        }

        return sending;
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

    private IProducer<byte[]?, byte[]?> Create(Action failed) =>
        _clients.Producer(
            [
                ("compression.type", _settings.Compression),
                ("linger.ms", "0"),
                ("message.timeout.ms", KafkaClients.Milliseconds(_settings.WriteTimeout)),
                ("message.max.bytes", _settings.MaxRecordBytes.ToString(CultureInfo.InvariantCulture)),
                ("dotnet.producer.delivery.report.fields", "status"),
            ],
            failed: _ => failed(),
            noted: Note
        );

    private void Note(Error error)
    {
        if (WriteFailures.IsSetup(error.Code))
        {
            _setup = error;
        }
    }
}
