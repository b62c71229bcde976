using StreamSegmenter.Hocon;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>What shared storage needs to know beside <c>storage.type</c>.</summary>
internal static class SharedStorage
{
    public static void Check(
        StorageOptions? storage,
        PostgresqlOptions? postgresql,
        KafkaSection? kafka,
        OptionSections options
    )
    {
        if (storage is not { Type: StorageType.Shared })
        {
            return;
        }

        var place = options.PlaceOf(new HoconPath("storage", "type"));
        if (postgresql is { Connection: null })
        {
            options.Problems.Add(
                place,
                "postgresql.connection",
                "has no value, and shared state is kept there",
                "write e.g. \"Host=db;Database=segments;Username=segmenter\""
            );
        }

        if (kafka is { BootstrapServers: null })
        {
            options.Problems.Add(
                place,
                "kafka.bootstrap-servers",
                "has no value, and shared events are kept there",
                "write e.g. \"kafka-1:9092,kafka-2:9092\""
            );
        }
    }
}
