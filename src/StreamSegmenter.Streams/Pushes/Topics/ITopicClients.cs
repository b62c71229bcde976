namespace StreamSegmenter.Streams.Pushes.Topics;

/// <summary>Reaches topics of a message broker, for connectors that know nothing of its client. Thread-safe.</summary>
public interface ITopicClients
{
    /// <summary>What is wrong with <see cref="TopicSettings.Client"/>; empty when nothing is. Asks nobody.</summary>
    IReadOnlyList<TopicClientProblem> CheckClient(TopicSettings settings);

    /// <summary>A writer to the topic. It connects when it is first used; the caller disposes it.</summary>
    ITopicWriter Open(TopicSettings settings);
}

/// <summary>
/// Writes to one topic. Thread-safe; records of one key keep the order in which their writes were begun.
/// </summary>
public interface ITopicWriter : IAsyncDisposable
{
    /// <summary>
    /// Writes one record, once, and waits until the broker has it for good. Failures are results: whether the record
    /// was certainly not written is told apart from whether it may have been. Cancellation leaves that open.
    /// </summary>
    ValueTask<DeliveryResult> WriteAsync(TopicRecord record, CancellationToken cancellationToken);
}

/// <summary>What is wrong with a client's settings.</summary>
/// <param name="Setting">Its name; null when it is not one of them by itself.</param>
/// <param name="Problem">With the cure, and without values.</param>
public sealed record TopicClientProblem(string? Setting, string Problem);

/// <summary>A topic and how its cluster is reached.</summary>
/// <param name="BootstrapServers">Brokers to begin with, as <c>host:port</c>, separated by commas.</param>
/// <param name="Client">
/// Further settings of the client, by its own names; the values may be secrets, and are not to be reported.
/// </param>
/// <param name="Compression">One of none, gzip, snappy, lz4, zstd.</param>
/// <param name="MaxRecordBytes">Larger records are rejected.</param>
/// <param name="WriteTimeout">After which a record that no broker took is given up.</param>
public sealed record TopicSettings(
    string BootstrapServers,
    string ClientId,
    IReadOnlyDictionary<string, string> Client,
    string Topic,
    string Compression,
    int MaxRecordBytes,
    TimeSpan WriteTimeout
);

/// <summary>A record on its way to a topic.</summary>
/// <param name="Key">Decides the partition; UTF-8 is made of it, and what is not Unicode is rejected.</param>
/// <param name="Headers">In order; their values are text.</param>
public sealed record TopicRecord(
    string Key,
    ReadOnlyMemory<byte> Value,
    IReadOnlyList<KeyValuePair<string, string>> Headers
);
