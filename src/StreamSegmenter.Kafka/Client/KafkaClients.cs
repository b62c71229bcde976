using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamSegmenter.Kafka.Client;

/// <summary>Makes the clients of one cluster, all with the same settings and the same voice. Thread-safe.</summary>
public sealed partial class KafkaClients
{
    private readonly Dictionary<string, string> _common = new(StringComparer.Ordinal);
    private readonly ILogger _logger;

    /// <summary>Reads the secrets that stand in files.</summary>
    /// <exception cref="ArgumentException"><paramref name="options"/> are not valid.</exception>
    public KafkaClients(KafkaOptions options, ILogger<KafkaClients> logger)
    {
        if (options.Validate() is [string first, ..])
        {
            throw new ArgumentException($"kafka: {first}.", nameof(options));
        }

        Options = options;
        _logger = logger;
        foreach ((string name, string value) in options.Client)
        {
            _common[name] = value;
        }

        _common["bootstrap.servers"] = options.BootstrapServers;
        _common["client.id"] = options.ClientId;

        _common.TryAdd("statistics.interval.ms", ClientStatistics.Interval);

        // The client's own ten seconds, and half as many again by chance, are long once brokers are back.
        _common.TryAdd("reconnect.backoff.max.ms", "1000");
    }

    public KafkaOptions Options { get; }

    /// <summary>
    /// A consumer that commits nothing by itself and never guesses a position.
    /// </summary>
    /// <param name="failed">Told once, when the consumer is of no use any more.</param>
    internal IConsumer<TKey, TValue> Consumer<TKey, TValue>(
        string group,
        IEnumerable<(string Name, string Value)> settings,
        Action<ConsumerBuilder<TKey, TValue>> build,
        Action<Error>? failed = null
    )
    {
        Dictionary<string, string> all = new(_common, StringComparer.Ordinal)
        {
            ["group.id"] = group,
            ["enable.auto.commit"] = "false",
            ["enable.auto.offset.store"] = "false",
            ["auto.offset.reset"] = "error",
            ["check.crcs"] = "true",
            ["isolation.level"] = "read_committed",
        };
        Add(all, settings);

        // Partitions that are added to a topic are heard of by that; the client's own five minutes are long.
        all.TryAdd("topic.metadata.refresh.interval.ms", "30000");
        ConsumerBuilder<TKey, TValue> builder = new(all);
        builder
            .SetLogHandler((_, message) => Log(message))
            .SetErrorHandler((_, error) => Log(error, failed))
            .SetStatisticsHandler(Watch);
        build(builder);
        return Made(builder.Build);
    }

    /// <summary>A producer that loses, doubles and reorders nothing while it lives.</summary>
    /// <param name="failed">Told once, when the producer is of no use any more.</param>
    /// <param name="noted">Told of every trouble, on the client's own thread.</param>
    internal IProducer<byte[]?, byte[]?> Producer(
        IEnumerable<(string Name, string Value)> settings,
        Action<Error> failed,
        Action<Error>? noted = null
    )
    {
        Dictionary<string, string> all = new(_common, StringComparer.Ordinal)
        {
            ["acks"] = "all",
            ["enable.idempotence"] = "true",
            ["max.in.flight.requests.per.connection"] = "5",
            ["partitioner"] = "murmur2_random",
            ["dotnet.producer.delivery.report.fields"] = "none",
        };
        Add(all, settings);
        ProducerBuilder<byte[]?, byte[]?> builder = new(all);
        builder
            .SetLogHandler((_, message) => Log(message))
            .SetStatisticsHandler(Watch)
            .SetErrorHandler(
                (_, error) =>
                {
                    noted?.Invoke(error);
                    Log(error, failed);
                }
            );
        return Made(builder.Build);
    }

    /// <param name="noted">Told of every trouble, on the client's own thread.</param>
    internal IAdminClient Admin(Action<Error>? noted = null)
    {
        AdminClientBuilder builder = new(_common);
        builder
            .SetLogHandler((_, message) => Log(message))
            .SetErrorHandler(
                (_, error) =>
                {
                    noted?.Invoke(error);
                    Log(error);
                }
            );
        return Made(builder.Build);
    }

    /// <summary>Durations as the client's settings want them.</summary>
    internal static string Milliseconds(TimeSpan duration) =>
        ((long)duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>What a failed call to the cluster means to our callers.</summary>
    /// <param name="refused">
    /// What the client said meanwhile of its attempts to reach the cluster, if that will not pass: the call itself
    /// knows only that nobody answered.
    /// </param>
    internal static Exception Classify(KafkaException error, string doing, Error? refused = null)
    {
        string cure =
            error.Error.Code == ErrorCode.InvalidSessionTimeout
                ? " Give a session-timeout that the brokers allow: see their group.min.session.timeout.ms and "
                    + "group.max.session.timeout.ms."
                : "";
        string message = $"Kafka failed while {doing}: {error.Error.Reason} ({error.Error.Code}).{cure}";
        if (refused is not null)
        {
            return new KafkaSetupException($"{message} The client says: {refused.Reason} ({refused.Code}).", error);
        }

        return
            error.Error.Code
                is ErrorCode.TopicAuthorizationFailed
                    or ErrorCode.GroupAuthorizationFailed
                    or ErrorCode.ClusterAuthorizationFailed
                    or ErrorCode.SaslAuthenticationFailed
                    or ErrorCode.UnsupportedVersion
                    or ErrorCode.InvalidSessionTimeout
                    or ErrorCode.Local_InvalidArg
            ? new KafkaSetupException(message, error)
            : new KafkaUnavailableException(message, error);
    }

    private static void Add(Dictionary<string, string> all, IEnumerable<(string Name, string Value)> settings)
    {
        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }
    }

    private static T Made<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception e)
            when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            throw new KafkaSetupException(
                "The native library librdkafka is missing or of another version. Run eng/librdkafka.sh and build "
                    + "again, or put a librdkafka beside the program (docs/kafka.md).",
                e
            );
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The builder tells so of a setting that it does not know, and of a value that it does not take.
            throw new KafkaSetupException($"The Kafka client refused a setting: {e.Message}", e);
        }
    }

    private void Watch(IClient client, string statistics)
    {
        if (ClientStatistics.KnowsNobody(statistics))
        {
            LogToldAgain(_logger, client.Name);
            client.AddBrokers(Options.BootstrapServers);
        }
    }

    private void Log(LogMessage message)
    {
        // Settings for consumers are given to producers too, and the other way round.
        LogLevel level =
            message.Facility == "CONFWARN"
                ? LogLevel.Debug
                : (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        LogClient(_logger, level, message.Facility, message.Message);
    }

    private void Log(Error error, Action<Error>? failed = null)
    {
        LogError(_logger, error.IsFatal ? LogLevel.Error : LogLevel.Warning, error.Code, error.Reason);
        if (error.IsFatal)
        {
            failed?.Invoke(error);
        }
    }

    [LoggerMessage(EventId = 5001, Message = "Kafka client: {Facility}: {Message}")]
    private static partial void LogClient(ILogger logger, LogLevel level, string facility, string message);

    [LoggerMessage(EventId = 5002, Message = "Kafka client: {Code}: {Reason}")]
    private static partial void LogError(ILogger logger, LogLevel level, ErrorCode code, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "Kafka client: {Name} knows no brokers any more; it is told them again")]
    private static partial void LogToldAgain(ILogger logger, string name);
}
