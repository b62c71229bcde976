using System.Globalization;
using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>
/// Sends records that are no events on to topics, as they came, with headers that say why and where from. Thread-safe.
/// </summary>
internal sealed class DeadLetterTopics(KafkaClients clients) : IDisposable
{
    private const string Prefix = "streamsegmenter.";

    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>Completes when they are in their topic for good.</summary>
    /// <exception cref="KafkaUnavailableException">Some are not, or not known to be: send all again.</exception>
    public async Task SendAsync(
        string topic,
        IEnumerable<(ConsumeResult<byte[]?, byte[]?> Record, DeadLetter Letter)> letters
    )
    {
        try
        {
            IProducer<byte[]?, byte[]?> producer = Producer();
            await Task.WhenAll(letters.Select(l => producer.ProduceAsync(topic, Message(l.Record, l.Letter))));
        }
        catch (KafkaException e)
        {
            throw KafkaClients.Classify(e, $"sending dead letters to {topic}");
        }
    }

    public void Dispose() => _producer?.Dispose();

    private static Message<byte[]?, byte[]?> Message(ConsumeResult<byte[]?, byte[]?> record, DeadLetter letter)
    {
        Headers headers = [];
        foreach (IHeader header in record.Message.Headers ?? [])
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        Add("reason", letter.Reason);
        Add("detail", letter.Detail);
        Add("topic", record.Topic);
        Add("partition", record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add("offset", record.Offset.Value.ToString(CultureInfo.InvariantCulture));
        return new()
        {
            Key = record.Message.Key,
            Value = record.Message.Value,
            Headers = headers,
        };

        void Add(string name, string value) => headers.Add(Prefix + name, Encoding.UTF8.GetBytes(value));
    }

    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_gate)
        {
            return _producer ??= Create();
        }
    }

    private IProducer<byte[]?, byte[]?> Create()
    {
        IProducer<byte[]?, byte[]?>? created = null;
        created = clients.Producer([("message.timeout.ms", "30000")], _ => Forget(created));
        return created;
    }

    private void Forget(IProducer<byte[]?, byte[]?>? failed)
    {
        lock (_gate)
        {
            if (_producer == failed)
            {
                _producer = null;
            }
        }

        _ = Task.Run(() => failed?.Dispose());
    }
}
