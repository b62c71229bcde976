using StreamSegmenter.Hocon;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>What shared storage and sources need beside the keys that ask for them.</summary>
internal static class SharedStorage
{
    // An entry of an index may have some 2,700 bytes.
    private const int MaxIdLength = 500;

    public static void Check(
        StorageOptions? storage,
        PostgresqlOptions? postgresql,
        KafkaSection? kafka,
        EventLimitOptions? limits,
        OptionSections options
    )
    {
        if (kafka is { BootstrapServers: null, Sources.Topics.Count: > 0 })
        {
            AskForBrokers(new HoconPath("kafka", "sources", "topics"), "sources are read there", options);
        }

        if (storage is not { Type: StorageType.Shared })
        {
            return;
        }

        HoconPath type = new("storage", "type");
        if (postgresql is { Connection: null })
        {
            options.Problems.Add(
                options.PlaceOf(type),
                "postgresql.connection",
                "has no value, and shared state is kept there",
                "write e.g. \"Host=db;Database=segments;Username=segmenter\""
            );
        }

        if (kafka is { BootstrapServers: null })
        {
            AskForBrokers(type, "shared events are kept there", options);
        }

        if (limits?.MaxIdLength > MaxIdLength)
        {
            options.Problems.Add(
                options.PlaceOf(new HoconPath("limits", "max-id-length")),
                "limits.max-id-length",
                $"PostgreSQL's indexes hold ids of up to {MaxIdLength} characters",
                $"write {MaxIdLength} or less"
            );
        }
    }

    private static void AskForBrokers(HoconPath because, string reason, OptionSections options) =>
        options.Problems.Add(
            options.PlaceOf(because),
            "kafka.bootstrap-servers",
            $"has no value, and {reason}",
            "write e.g. \"kafka-1:9092,kafka-2:9092\""
        );
}
