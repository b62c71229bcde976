using System.Globalization;
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

        RefuseLoops(kafka, options);
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

    // What the log holds is applied, whoever wrote it. Read as a source it would be appended to itself, without an end.
    private static void RefuseLoops(KafkaSection? kafka, OptionSections options)
    {
        IReadOnlyList<KafkaTopicSection> topics = kafka?.Sources.Topics ?? [];
        for (int i = 0; i < topics.Count; i++)
        {
            string at = i.ToString(CultureInfo.InvariantCulture);
            if (topics[i].Topic == kafka!.Log.Topic)
            {
                options.Problems.Add(
                    options.PlaceOf(new HoconPath("kafka", "sources", "topics", at, "topic")),
                    $"kafka.sources.topics[{at}].topic",
                    $"{topics[i].Topic} is the customer log itself (kafka.log.topic), and would be copied into itself",
                    "leave it out: whatever is in the log is applied, whoever wrote it"
                );
            }

            if (topics[i].DeadLetterTopic == kafka.Log.Topic)
            {
                options.Problems.Add(
                    options.PlaceOf(new HoconPath("kafka", "sources", "topics", at, "dead-letter-topic")),
                    $"kafka.sources.topics[{at}].dead-letter-topic",
                    $"{kafka.Log.Topic} is the customer log (kafka.log.topic), which takes no dead letters",
                    "name another topic"
                );
            }
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
