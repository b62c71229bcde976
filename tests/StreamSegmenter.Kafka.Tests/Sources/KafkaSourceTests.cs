using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Sources;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Sources;

public sealed class KafkaSourceTests
{
    private readonly RecordingLog _log = new();

    [Fact]
    public async Task Several_topics_are_read_each_in_its_own_way()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string segment = await broker.CreateTopicAsync("segment", 2);
        string orders = await broker.CreateTopicAsync("orders", 2);
        await RunningSource.SendAsync(broker, segment, Record(null, """{"type":"page","userId":"ann"}"""));
        await RunningSource.SendAsync(
            broker,
            orders,
            Record("bob", """{"id":7,"at":1700000000,"order":{"total":12.50},"note":null,"nested":{"a":[1,2]}}""")
        );

        FlatMapping mapping = new()
        {
            Event = "Order Completed",
            MessageId = "id",
            Timestamp = "at",
            TimestampUnit = "s",
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["revenue"] = "order.total",
                ["note"] = "note",
                ["channel"] = "$header.channel",
                ["list"] = "nested.a",
            },
        };
        await using RunningSource source = new(
            broker,
            _log,
            new() { Topic = segment, Start = SourceStart.Earliest },
            new()
            {
                Topic = orders,
                Start = SourceStart.Earliest,
                Format = SourceFormat.Flat,
                Mapping = mapping,
            }
        );
        await CountAsync(2);

        (string Customer, string Payload) order = _log.Events.Single(e => e.Customer == "bob");
        JsonElement json = JsonDocument.Parse(order.Payload).RootElement;
        json.GetProperty("event").GetString().ShouldBe("Order Completed");
        json.GetProperty("messageId").GetString().ShouldBe("7");
        json.GetProperty("timestamp").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBe(1_700_000_000);
        json.GetProperty("properties").GetRawText().ShouldBe("""{"revenue":12.50,"channel":"shop","list":[1,2]}""");
        JsonElement page = JsonDocument.Parse(_log.Events.Single(e => e.Customer == "ann").Payload).RootElement;
        page.GetProperty("messageId").GetString()!.ShouldStartWith("kafka-");
        page.TryGetProperty("receivedAt", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Poison_goes_to_the_store_and_to_the_topic_for_it_and_nothing_waits_for_it()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("poison", 1);
        string letters = await broker.CreateTopicAsync("letters", 1);
        byte[][] poison =
        [
            [],
            [0xFF, 0xFE, 0x00],
            "{"u8.ToArray(),
            "[]"u8.ToArray(),
            "{\"type\":\"track\",\"userId\":\"u\"}"u8.ToArray(),
            "{\"type\":\"page\",\"userId\":\"u\\u0000\"}"u8.ToArray(),
            "{\"type\":\"page\",\"userId\":\"u\",\"timestamp\":\"yesterday\"}"u8.ToArray(),
            Encoding.UTF8.GetBytes(
                $$"""{"type":"page","userId":"u","x":{{new string('[', 100)}}{{new string(']', 100)}}}"""
            ),
            Encoding.UTF8.GetBytes($$"""{"type":"page","userId":"u","x":"{{new string('x', 40_000)}}"}"""),
        ];
        await RunningSource.SendAsync(
            broker,
            topic,
            [
                .. poison.Select(value => Record("k", value)),
                new() { Key = "gone"u8.ToArray(), Value = null },
                Record("k", """{"type":"page","userId":"good"}"""),
            ]
        );

        await using RunningSource source = new(
            broker,
            _log,
            new KafkaTopicSource
            {
                Topic = topic,
                Start = SourceStart.Earliest,
                DeadLetterTopic = letters,
            }
        );
        await CountAsync(1);
        await Eventually.HoldsAsync(() => _log.Letters.Length == poison.Length, () => $"{_log.Letters.Length} letters");

        _log.Events.ShouldHaveSingleItem().Customer.ShouldBe("good");
        _log.Letters.Select(letter => letter.Payload.ToArray()).ShouldBe(poison, ignoreOrder: false);
        _log.Letters[0].Source.ShouldBe($"kafka {topic} partition 0 offset 0");
        using IConsumer<byte[]?, byte[]?> reader = ReaderOf(broker, letters);
        for (int i = 0; i < poison.Length; i++)
        {
            ConsumeResult<byte[]?, byte[]?> letter = reader.Consume(TimeSpan.FromSeconds(30));
            letter.Message.Value.ShouldBe(poison[i]);
            Header(letter, "channel").ShouldBe("shop");
            Header(letter, "streamsegmenter.reason").ShouldBe(_log.Letters[i].Reason);
            Header(letter, "streamsegmenter.topic").ShouldBe(topic);
            Header(letter, "streamsegmenter.offset").ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task The_key_may_name_the_customer()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("keyed", 1);
        await RunningSource.SendAsync(
            broker,
            topic,
            Record("a\"b", """ { "type":"page" } """),
            Record("c", """{"type":"page","userId":"other"}"""),
            Record(null, """{"type":"page","userId":"other"}"""),
            new() { Key = [0xC3], Value = """{"type":"page","userId":"other"}"""u8.ToArray() }
        );

        await using RunningSource source = new(
            broker,
            _log,
            new KafkaTopicSource
            {
                Topic = topic,
                Start = SourceStart.Earliest,
                KeyIsCustomer = true,
            }
        );
        await CountAsync(2);
        await Eventually.HoldsAsync(() => _log.Letters.Length == 2, () => $"{_log.Letters.Length} letters");

        _log.Events.Select(e => e.Customer).ShouldBe(["a\"b", "c"]);
        JsonDocument.Parse(_log.Events[0].Payload).RootElement.GetProperty("userId").GetString().ShouldBe("a\"b");
        _log.Letters.Select(letter => letter.Reason).ShouldBe(["no-key", "no-key"]);
    }

    [Fact]
    public async Task A_restarted_source_goes_on_where_it_was()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("restart", 4);
        KafkaTopicSource settings = new() { Topic = topic, Start = SourceStart.Earliest };
        await RunningSource.SendAsync(broker, topic, Pages(0, 500));
        await using (RunningSource first = new(broker, _log, settings))
        {
            await CountAsync(500);
        }

        await RunningSource.SendAsync(broker, topic, Pages(500, 500));
        await using RunningSource second = new(broker, _log, settings);
        await CountAsync(1_000);

        _log.Events.Select(e => e.Customer)
            .ShouldBe(Enumerable.Range(0, 1_000).Select(i => $"u{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task A_source_may_begin_with_what_comes_next()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("latest", 1);
        KafkaTopicSource settings = new() { Topic = topic, Start = SourceStart.Latest };
        await RunningSource.SendAsync(broker, topic, Pages(0, 3));
        await using (new RunningSource(broker, _log, settings))
        {
            // From then on the place is fixed: what comes while nobody reads is not passed over.
            await Eventually.HoldsAsync(() => CommittedOf(broker, topic) == 3, () => "no position committed");
        }

        await RunningSource.SendAsync(broker, topic, Pages(3, 2));
        await using RunningSource second = new(broker, _log, settings);
        await CountAsync(2);

        _log.Events.Select(e => e.Customer).ShouldBe(["u3", "u4"]);
    }

    [Fact]
    public async Task Nobody_guesses_where_to_begin()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("undecided", 1);
        await RunningSource.SendAsync(broker, topic, Pages(0, 1));

        await using RunningSource source = new(broker, _log, new KafkaTopicSource { Topic = topic });

        KafkaSetupException error = await Should.ThrowAsync<KafkaSetupException>(
            source.Running.WaitAsync(TimeSpan.FromSeconds(30))
        );
        error.Message.ShouldContain("start = earliest");
        _log.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_log_that_is_busy_or_away_is_waited_for()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("busy", 2);
        await RunningSource.SendAsync(broker, topic, Pages(0, 2_000));
        _log.Refusal = new LogBusyException("full");
        await using RunningSource source = new(
            broker,
            _log,
            new KafkaTopicSource { Topic = topic, Start = SourceStart.Earliest }
        );
        await Eventually.HoldsAsync(() => _log.Refused >= 100, () => $"{_log.Refused} refused");
        _log.Refusal = new IOException("away");
        await Eventually.HoldsAsync(() => _log.Refused >= 200, () => $"{_log.Refused} refused");
        _log.Refusal = null;

        await CountAsync(2_000);
        _log.Events.Select(e => e.Customer).Distinct(StringComparer.Ordinal).Count().ShouldBe(2_000);
    }

    [Fact]
    public async Task Members_that_come_and_go_lose_nothing()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("members", 6);
        KafkaTopicSource settings = new() { Topic = topic, Start = SourceStart.Earliest };
        await using RunningSource first = new(broker, _log, settings);
        for (int round = 0; round < 4; round++)
        {
            await using RunningSource second = new(broker, _log, settings);
            await RunningSource.SendAsync(broker, topic, Pages(round * 1_000, 1_000));
            await DistinctAsync(((round + 1) * 1_000) - 500);
        }

        await DistinctAsync(4_000);

        // Read twice is allowed; but then under one id, so that it counts once.
        foreach (var twice in _log.Events.GroupBy(e => e.Customer, StringComparer.Ordinal))
        {
            twice
                .Select(e => JsonDocument.Parse(e.Payload).RootElement.GetProperty("messageId").GetString())
                .Distinct(StringComparer.Ordinal)
                .ShouldHaveSingleItem();
        }
    }

    private static Message<byte[]?, byte[]?>[] Pages(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => Record($"u{i}", $$"""{"type":"page","userId":"u{{i}}"}"""))];

    [Fact]
    public async Task Brokers_that_cannot_say_where_to_begin_are_asked_again()
    {
        await using KafkaBroker own = await KafkaBroker.StartMockAsync();
        string topic = await own.CreateTopicAsync("later", 1);
        await RunningSource.SendAsync(own, topic, Record(null, """{"type":"page","userId":"ann"}"""));

        // To the question for the topic's first position: an error of the broker that nobody knows.
        await own.TellAsync("errors 2 -1 -1");
        await using RunningSource source = new(
            own,
            _log,
            new KafkaTopicSource { Topic = topic, Start = SourceStart.Earliest }
        );

        await CountAsync(1);
        source.Running.IsCompleted.ShouldBeFalse();
    }

    private static Message<byte[]?, byte[]?> Record(string? key, string value) =>
        Record(key, Encoding.UTF8.GetBytes(value));

    private static Message<byte[]?, byte[]?> Record(string? key, byte[] value) =>
        new()
        {
            Key = key is null ? null : Encoding.UTF8.GetBytes(key),
            Value = value,
            Headers = [new Header("channel", "shop"u8.ToArray())],
        };

    private static string Header(ConsumeResult<byte[]?, byte[]?> record, string name) =>
        Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    private static IConsumer<byte[]?, byte[]?> ReaderOf(KafkaBroker broker, string topic)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["group.id"] = topic,
        };
        IConsumer<byte[]?, byte[]?> reader = new ConsumerBuilder<byte[]?, byte[]?>(settings).Build();
        reader.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        return reader;
    }

    private static long CommittedOf(KafkaBroker broker, string topic)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["group.id"] = "sources-" + topic,
        };
        using IConsumer<byte[]?, byte[]?> asking = new ConsumerBuilder<byte[]?, byte[]?>(settings).Build();
        return asking.Committed([new(topic, 0)], TimeSpan.FromSeconds(10))[0].Offset.Value;
    }

    private Task CountAsync(int events) =>
        Eventually.HoldsAsync(() => _log.Events.Length >= events, () => $"{_log.Events.Length} of {events} events");

    private Task DistinctAsync(int customers)
    {
        int Count() => _log.Events.Select(e => e.Customer).Distinct(StringComparer.Ordinal).Count();
        return Eventually.HoldsAsync(() => Count() >= customers, () => $"{Count()} of {customers} customers");
    }
}
