using System.Globalization;
using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>
/// Sends records that are no events on to topics, as they came, with headers that say why and where from. Thread-safe.
/// </summary>
internal sealed class DeadLetterTopics(KafkaClients clients) : IAsyncDisposable
{
    private const string Prefix = "streamsegmenter.";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly LastingProducer _producer = new(
        failed => clients.Producer([("message.timeout.ms", KafkaClients.Milliseconds(s_timeout))], _ => failed()),
        s_timeout
    );

    /// <summary>Completes when they are in their topic for good.</summary>
    /// <exception cref="KafkaUnavailableException">Some are not, or not known to be: send all again.</exception>
    public async Task SendAsync(
        string topic,
        IEnumerable<(ConsumeResult<byte[]?, byte[]?> Record, DeadLetter Letter)> letters
    )
    {
        try
        {
            await Task.WhenAll(HandOver(topic, letters));
        }
        catch (KafkaException e)
        {
            throw KafkaClients.Classify(e, $"sending dead letters to {topic}");
        }
    }

    public ValueTask DisposeAsync() => new(_producer.EndAsync(TimeSpan.Zero));

    private Task[] HandOver(
        string topic,
        IEnumerable<(ConsumeResult<byte[]?, byte[]?> Record, DeadLetter Letter)> letters
    )
    {
        using LastingProducer.Use use = _producer.Begin();
        return [.. letters.Select(l => use.Producer.ProduceAsync(topic, Message(l.Record, l.Letter)))];
    }

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
}
