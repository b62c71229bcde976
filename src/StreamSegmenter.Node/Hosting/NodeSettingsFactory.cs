using StreamSegmenter.Connectors;
using StreamSegmenter.Kafka.Pushes;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Node.Hosting;

/// <summary>Turns a checked configuration into the parts of a node.</summary>
internal static class NodeSettingsFactory
{
    /// <param name="output">Where console connectors write.</param>
    public static NodeSettings Create(
        NodeConfiguration configuration,
        TimeProvider time,
        TextWriter output,
        ILoggerFactory loggers
    )
    {
        var factory = new ConnectorFactory(
            new()
            {
                Templates = configuration.Templates,
                Time = time,
                Output = output,
                Topics = new KafkaTopicClients(loggers),
                Unsubscribe = configuration.Unsubscribe,
            }
        );
        return new(
            configuration.Http.EndPoint,
            configuration.Api.ToSettings(),
            configuration.Rules,
            configuration.Segments,
            configuration.Connectors.ToDictionary(pair => pair.Key, pair => Create(factory, pair.Key, pair.Value)),
            configuration.Limits,
            configuration.Ingest,
            StorageOf(configuration),
            SourcesOf(configuration.Kafka),
            configuration.Shards,
            configuration.Relay
        )
        {
            Relays = configuration.Relays,
            Policy = new PushPolicy(configuration.Policy),
            Channels = ChannelsOf(configuration.Policy),
            EditCheck = new(new(configuration.Policy), factory, configuration.Connectors),
            Unsubscribe = configuration.Unsubscribe,
        };
    }

    private static string[] ChannelsOf(PolicySettings policy) =>
        [
            .. policy
                .Connectors.Values.Select(static connector => connector.Channel)
                .Append(Suppression.MailChannel)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    private static StorageSettings StorageOf(NodeConfiguration configuration)
    {
        StorageOptions storage = configuration.Storage;
        KafkaSection kafka = configuration.Kafka;
        TimeSpan cooldown = LongestCooldown(configuration);
        return storage.Type == StorageType.Local
            ? new StorageSettings.Local(storage.ForLog(), storage.ForState(cooldown))
            : new StorageSettings.Shared(
                kafka.ForClients(),
                kafka.Log,
                kafka.Group,
                configuration.Postgresql.ForState(storage, cooldown)
            );
    }

    private static SourceSettings? SourcesOf(KafkaSection kafka) =>
        kafka.Sources.Topics.Count == 0 ? null : new(kafka.ForClients(), kafka.Sources.ToOptions());

    private static TimeSpan LongestCooldown(NodeConfiguration configuration) =>
        configuration.Segments.Select(actions => actions.Segment.Cooldown).Append(TimeSpan.Zero).Max();

    private static IConnector Create(ConnectorFactory factory, ConnectorName name, ConnectorOptions options) =>
        factory.Create(name, options, out IReadOnlyList<OptionError> errors)
        ?? throw new InvalidOperationException($"Connector {name} was checked and is wrong all the same: {errors[0]}");
}
