using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Kafka.Topics;

namespace StreamSegmenter.Kafka.Tests.Client;

/// <summary>A cluster that is there, but will not talk with us.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_named_and_not_only_that_nobody_answered()
    {
        using TlsListener listener = new();
        KafkaTopics topics = new(
            new(
                new()
                {
                    BootstrapServers = listener.Address,
                    RequestTimeout = TimeSpan.FromSeconds(2),
                    Client = new Dictionary<string, string>(StringComparer.Ordinal) { ["security.protocol"] = "SSL" },
                },
                NullLogger<KafkaClients>.Instance
            )
        );

        KafkaSetupException counting = await Should.ThrowAsync<KafkaSetupException>(async () =>
            await topics.CountPartitionsAsync("t", default)
        );
        KafkaSetupException creating = await Should.ThrowAsync<KafkaSetupException>(async () =>
            await topics.CreateAsync(new() { Topic = "t", Partitions = 1 }, default)
        );

        counting.Message.ShouldContain("certificate");
        creating.Message.ShouldContain("certificate");
    }
}
