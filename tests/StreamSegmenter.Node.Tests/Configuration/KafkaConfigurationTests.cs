using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Node.Tests.Configuration;

/// <summary>What somebody reads who has made a mistake about topics; the whole text counts.</summary>
public sealed class KafkaConfigurationTests
{
    private const string Shared = """
        storage.type = shared, postgresql { connection = "Host=db", password = secret }, api.listen = "127.0.0.1:1"
        kafka.bootstrap-servers = "kafka:9092"

        """;

    [Theory]
    [InlineData(
        "{ topic = orders, start = earliest, format = flat }",
        "demo.conf:4:48: kafka.sources.topics[0].format of topic orders: flat and a mapping belong together"
    )]
    [InlineData(
        "{ topic = orders, start = timestamp }",
        "demo.conf:4:29: kafka.sources.topics[0].start of topic orders: timestamp and start-at belong together"
    )]
    [InlineData(
        "{ topic = web }, { topic = orders, dead-letter-topic = orders }",
        "demo.conf:4:58: kafka.sources.topics[1].dead-letter-topic = orders: its dead letters would be read again: "
            + "name another topic"
    )]
    [InlineData(
        "{ topic = orders, format = flat, mapping { user-id = id } }",
        "demo.conf:4:44: kafka.sources.topics[0].mapping needs event or event-field, and not both"
    )]
    [InlineData(
        "{ topic = orders, format = flat, mapping { event = e, timestamp-unit = h } }",
        "demo.conf:4:74: kafka.sources.topics[0].mapping.timestamp-unit = h: give ms or s"
    )]
    [InlineData(
        "{ topic = customer-events }",
        "demo.conf:4:13: kafka.sources.topics[0].topic: customer-events is the customer log itself (kafka.log.topic), "
            + "and would be copied into itself; leave it out: whatever is in the log is applied, whoever wrote it"
    )]
    [InlineData(
        "{ topic = orders, dead-letter-topic = customer-events }",
        "demo.conf:4:41: kafka.sources.topics[0].dead-letter-topic: customer-events is the customer log "
            + "(kafka.log.topic), which takes no dead letters; name another topic"
    )]
    public void A_mistake_about_sources_is_named_with_its_place_and_the_cure(string topics, string expected)
    {
        Loading.Problems(Loading.Load($"{Shared}kafka.sources.topics = [\n  {topics}\n]")).ShouldBe([expected]);
    }

    [Fact]
    public void A_node_with_a_log_of_its_own_may_read_a_topic_of_any_name()
    {
        NodeConfiguration configuration = Loading.Loaded(
            """kafka { bootstrap-servers = "kafka:9092", sources.topics = [ { topic = customer-events } ] }"""
        );

        configuration.Kafka.Sources.Topics.ShouldHaveSingleItem().Topic.ShouldBe("customer-events");
    }
}
