using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Topics;

namespace StreamSegmenter.Connectors.Kafka;

/// <summary><c>type = kafka</c>: a record per push on a topic, by the customer's key.</summary>
public sealed class KafkaOptions : ConnectorOptions
{
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ClientHeadStart = TimeSpan.FromSeconds(2);

    /// <summary>Brokers to begin with, as <c>host:port</c>, separated by commas. Required.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>Tells the cluster's operators who we are.</summary>
    public string ClientId { get; set; } = "streamsegmenter";

    /// <summary>
    /// Further settings of the client, by librdkafka's names: <c>security.protocol</c>, <c>sasl.password</c>. What
    /// delivery rests on cannot be set. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, Secret> Client { get; set; } =
        new Dictionary<string, Secret>(StringComparer.Ordinal);

    /// <summary>Required.</summary>
    public string Topic { get; set; } = "";

    /// <summary>What the records hold. Default <see cref="RecordFormat.Transition"/>.</summary>
    public RecordFormat Format { get; set; } = RecordFormat.Transition;

    /// <summary>One of none, gzip, snappy, lz4, zstd. Default lz4.</summary>
    public string Compression { get; set; } = "lz4";

    /// <summary>The largest record that the topic takes, as its <c>max.message.bytes</c>. Default 1,000,000.</summary>
    public int MaxRecordBytes { get; set; } = 1_000_000;

    internal override IReadOnlyList<TemplatePart> Parts => [];

    internal override void Check(OptionErrors errors, ConnectorServices services)
    {
        base.Check(errors, services);
        errors.Require(
            !string.IsNullOrWhiteSpace(BootstrapServers),
            nameof(BootstrapServers),
            "needs brokers such as kafka-1:9092, or ${kafka.bootstrap-servers}"
        );
        errors.Require(IsTopic(Topic), nameof(Topic), "needs a name of letters, digits, '.', '_' and '-', at most 249");
        errors.Require(
            Compression is "none" or "gzip" or "snappy" or "lz4" or "zstd",
            nameof(Compression),
            $"'{Compression}' is none of none, gzip, snappy, lz4, zstd"
        );
        errors.RequireRange(MaxRecordBytes, 1_000, 1_000_000_000, nameof(MaxRecordBytes));
        errors.Require(Timeout >= LeastTimeout, nameof(Timeout), "needs at least 3s");
        errors.Require(services.Topics is not null, nameof(Type), "this program has no client for Kafka");
        foreach (var error in services.Topics?.CheckClient(Settings) ?? [])
        {
            errors.Add(error.Setting is null ? nameof(Client) : $"client.{error.Setting}", error.Problem);
        }
    }

    internal override string? DigestProblem(string template, TemplateSet templates) =>
        Format == RecordFormat.Transition
            ? null
            : "a call of Segment's tells of one transition alone; set the connector's format = transition, or leave "
                + "digest out";

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new KafkaConnector(this, services, services.Topics!.Open(Settings));

    // The client's own time ends before ours, so that what it knows of the record is heard; it looks once a second.
    private TopicSettings Settings =>
        new(
            BootstrapServers,
            ClientId,
            Client.ToDictionary(pair => pair.Key, pair => pair.Value.Reveal(), StringComparer.Ordinal),
            Topic,
            Compression,
            MaxRecordBytes,
            Timeout - ClientHeadStart
        );

    private static bool IsTopic(string name) =>
        name.Length is >= 1 and <= 249
        && name is not ("." or "..")
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}

/// <summary>What a record holds.</summary>
public enum RecordFormat
{
    /// <summary>The push's content, with its id.</summary>
    Transition = 1,

    /// <summary>An identify call of Segment's: a trait per segment, true or false.</summary>
    SegmentIdentify = 2,

    /// <summary>A track call of Segment's: <c>Audience Entered</c> or <c>Audience Exited</c>.</summary>
    SegmentTrack = 3,
}
