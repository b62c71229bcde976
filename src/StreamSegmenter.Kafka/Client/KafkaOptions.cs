using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Kafka.Client;

/// <summary>How a Kafka cluster is reached. Checked as a whole by <see cref="Validate"/>.</summary>
public sealed record KafkaOptions
{
    /// <summary>Brokers to begin with, as <c>host:port</c>, separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>Tells the cluster's operators who we are.</summary>
    public string ClientId { get; init; } = "streamsegmenter";

    /// <summary>
    /// Further settings of the client, by librdkafka's names and as it writes them: <c>security.protocol</c>,
    /// <c>sasl.mechanism</c>, <c>ssl.ca.location</c> and so on. What delivery or ownership rests on cannot be set: see
    /// <see cref="ReservedSettings"/>. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long a question to the cluster may take before it counts as unreachable.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(BootstrapServers))
        {
            errors.Add("bootstrap-servers is empty: name brokers, e.g. \"kafka-1:9092,kafka-2:9092\"");
        }

        if (RequestTimeout <= TimeSpan.Zero)
        {
            errors.Add($"request-timeout = {RequestTimeout.ToText()}: give a duration above 0");
        }

        errors.AddRange(
            ClientSettings
                .Check(Client)
                .Select(error => $"client{(error.Name is null ? "" : ".")}{error.Name}: {error.Problem}")
        );
        return errors;
    }
}
