using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Shards;

namespace StreamSegmenter.Node.Configuration;

/// <summary>
/// The Kafka cluster that nodes with shared storage keep their events in, and that sources are read from; section
/// <c>kafka</c>. Defaults are in the reference.
/// </summary>
public sealed record KafkaSection
{
    /// <summary>Brokers to begin with, as <c>host:port</c>, separated by commas; null when there is no Kafka.</summary>
    public required string? BootstrapServers { get; init; }

    /// <summary>Tells the cluster's operators who we are.</summary>
    public required string ClientId { get; init; }

    /// <summary>Further settings of the client, by librdkafka's names; secrets may be <c>file:PATH</c>.</summary>
    public required IReadOnlyDictionary<string, Secret> Client { get; init; }

    /// <summary>How long a question to the cluster may take before it counts as unreachable.</summary>
    [DurationRange("100ms", "10m")]
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>The topic that is the customer log.</summary>
    public required KafkaLogOptions Log { get; init; }

    /// <summary>How nodes share the shards among them.</summary>
    public required KafkaGroupOptions Group { get; init; }

    /// <summary>Topics that events are read from, besides HTTP.</summary>
    public required KafkaSourcesSection Sources { get; init; }

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate() =>
        [
            .. BootstrapServers is null ? [] : ForClients().Validate(),
            .. Log.Validate().Select(static error => $"log.{error}"),
            .. Group.Validate().Select(static error => $"group.{error}"),
            .. Sources.Validate().Select(static error => $"sources.{error}"),
        ];

    /// <summary>How the cluster is reached.</summary>
    public KafkaOptions ForClients() =>
        new()
        {
            BootstrapServers = BootstrapServers!,
            ClientId = ClientId,
            Client = Client.ToDictionary(pair => pair.Key, pair => pair.Value.Reveal(), StringComparer.Ordinal),
            RequestTimeout = RequestTimeout,
        };
}
