using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Connectors;
using StreamSegmenter.Connectors.Kafka;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Pushes;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Kafka.Tests.Pushes;

/// <summary>Pushes on a topic, as consumers that know nothing of us find them.</summary>
public sealed class KafkaConnectorTests
{
    private const int Partitions = 5;

    [Fact]
    public async Task A_push_is_a_record_of_its_customer()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("pushes", Partitions);
        await using var connector = Open(broker, topic);

        (await connector.SendAsync(PushOf("kunde-ü"), default)).ShouldBe(DeliveryResult.Delivered);

        ConsumeResult<string, string> record = Read(broker, topic, 1).ShouldHaveSingleItem();
        record.Message.Key.ShouldBe("kunde-ü");
        record.Partition.Value.ShouldBe(Murmur2.PartitionOf(new CustomerId("kunde-ü"), Partitions).Value);
        HeadersOf(record)
            .ShouldBe([
                "idempotency-key=0000000000000000000000000000002a",
                "segment=At-risk VIP",
                "transition=entered",
                "content-type=application/json",
            ]);
        JsonElement json = JsonDocument.Parse(record.Message.Value).RootElement;
        json.GetProperty("id").GetString().ShouldBe("0000000000000000000000000000002a");
        json.GetProperty("customer").GetString().ShouldBe("kunde-ü");
        json.GetProperty("transition").GetProperty("kind").GetString().ShouldBe("entered");
        json.GetProperty("profile").GetProperty("spent").GetRawText().ShouldBe("1234.50");
    }

    [Theory]
    [InlineData("entered", "Audience Entered", true)]
    [InlineData("exited", "Audience Exited", false)]
    public async Task Segments_track_calls_are_those_of_its_audiences(string kind, string name, bool isMember)
    {
        JsonElement json = await WriteAsync(RecordFormat.SegmentTrack, kind);

        json.GetProperty("type").GetString().ShouldBe("track");
        json.GetProperty("event").GetString().ShouldBe(name);
        json.GetProperty("userId").GetString().ShouldBe("u1");
        json.GetProperty("messageId").GetString().ShouldBe("0000000000000000000000000000002a");
        json.GetProperty("timestamp").GetString().ShouldBe("2020-01-31T12:00:00.000Z");
        JsonElement properties = json.GetProperty("properties");
        properties.EnumerateObject().Count().ShouldBe(2);
        properties.GetProperty("audience_key").GetString().ShouldBe("at_risk_vip");
        properties.GetProperty("at_risk_vip").GetBoolean().ShouldBe(isMember);
    }

    [Theory]
    [InlineData("entered", true)]
    [InlineData("exited", false)]
    public async Task Segments_identify_calls_set_a_trait_of_the_audience(string kind, bool isMember)
    {
        JsonElement json = await WriteAsync(RecordFormat.SegmentIdentify, kind);

        json.GetProperty("type").GetString().ShouldBe("identify");
        json.GetProperty("userId").GetString().ShouldBe("u1");
        json.GetProperty("traits").GetRawText().ShouldBe($$"""{"at_risk_vip":{{(isMember ? "true" : "false")}}}""");
    }

    [Fact]
    public async Task A_customers_pushes_keep_their_order()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("pushes", Partitions);
        await using var connector = Open(broker, topic);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async customer =>
                {
                    for (int i = 0; i < 20; i++)
                    {
                        (await connector.SendAsync(PushOf($"c{customer}", id: i), default)).ShouldBe(
                            DeliveryResult.Delivered
                        );
                    }
                })
        );

        var records = Read(broker, topic, 160);
        foreach (var customer in records.GroupBy(record => record.Message.Key, StringComparer.Ordinal))
        {
            customer
                .Select(record => HeadersOf(record)[0])
                .ShouldBe(Enumerable.Range(0, 20).Select(i => $"idempotency-key={IdOf(i)}"));
        }
    }

    [Fact]
    public async Task What_is_too_large_or_has_no_key_is_rejected()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("pushes", 1);
        await using var connector = Open(broker, topic, options => options.MaxRecordBytes = 1_000);

        (await connector.SendAsync(PushOf("u1", name: new string('x', 2_000)), default)).Outcome.ShouldBe(
            DeliveryOutcome.Rejected
        );
        (await connector.SendAsync(PushOf("\ud800"), default)).Outcome.ShouldBe(DeliveryOutcome.Rejected);
        (await connector.SendAsync(PushOf("u1") with { Content = "{}"u8.ToArray() }, default)).Outcome.ShouldBe(
            DeliveryOutcome.Rejected
        );
        (await connector.SendAsync(PushOf("u1"), default)).ShouldBe(DeliveryResult.Delivered);
    }

    [Theory]
    [InlineData("acks")]
    [InlineData("partitioner")]
    public void What_delivery_rests_on_cannot_be_set(string setting)
    {
        var options = new KafkaOptions
        {
            BootstrapServers = "kafka:9092",
            Topic = "t",
            Client = new Dictionary<string, Secret>(StringComparer.Ordinal) { [setting] = new("hush") },
        };

        OptionError error = Factory().Check(new("out"), options).ShouldHaveSingleItem();

        error.Key.ShouldBe($"connectors.out.client.{setting}");
        error.Message.ShouldStartWith("cannot be set: ");
        error.Message.ShouldNotContain("hush");
    }

    [Fact]
    public void What_the_client_does_not_take_is_told_at_start_by_name_and_without_values()
    {
        var options = new KafkaOptions
        {
            BootstrapServers = "kafka:9092",
            Topic = "t",
            Client = new Dictionary<string, Secret>(StringComparer.Ordinal)
            {
                ["sasl.pasword"] = new("hush"),
                ["security.protocol"] = new("hush"),
                ["socket.timeout.ms"] = new("soon"),
                ["socket.keepalive.enable"] = new("true"),
            },
        };

        var errors = Factory().Check(new("out"), options);

        errors
            .Select(error => error.Key)
            .ShouldBe(
                [
                    "connectors.out.client.sasl.pasword",
                    "connectors.out.client.security.protocol",
                    "connectors.out.client.socket.timeout.ms",
                ],
                ignoreOrder: true
            );
        errors.ShouldAllBe(error => !error.Message.Contains("hush", StringComparison.Ordinal));
        errors[0].Message.ShouldContain("knows no such setting");
    }

    [Fact]
    public void What_fits_together_only_is_told_at_start_too()
    {
        var options = new KafkaOptions
        {
            BootstrapServers = "kafka:9092",
            Topic = "t",
            Client = new Dictionary<string, Secret>(StringComparer.Ordinal)
            {
                ["security.protocol"] = new("ssl"),
                ["ssl.ca.location"] = new("/nonexistent/ca.pem"),
            },
        };

        OptionError error = Factory().Check(new("out"), options).ShouldHaveSingleItem();

        error.Key.ShouldStartWith("connectors.out.client");
        error.Message.ShouldContain("ssl.ca.location");
    }

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Factory()
            .Check(
                new("out"),
                new KafkaOptions
                {
                    Topic = "no blanks",
                    Compression = "rar",
                    MaxRecordBytes = 1,
                }
            )
            .Select(error => error.Key)
            .ShouldBe([
                "connectors.out.bootstrap-servers",
                "connectors.out.topic",
                "connectors.out.compression",
                "connectors.out.max-record-bytes",
            ]);

    internal static KafkaConnectorUnderTest Open(
        KafkaBroker broker,
        string topic,
        Action<KafkaOptions>? configure = null
    )
    {
        var options = new KafkaOptions { BootstrapServers = broker.BootstrapServers, Topic = topic };
        configure?.Invoke(options);
        IConnector? connector = Factory().Create(new("out"), options, out var errors);
        errors.ShouldBeEmpty();
        return new(connector.ShouldNotBeNull());
    }

    internal static Push PushOf(string customer, string kind = "entered", string name = "Ann", int id = 42)
    {
        string content = $$"""
            { "customer": {{JsonSerializer.Serialize(customer)}},
              "transition": { "kind": "{{kind}}", "at": "2020-01-31T12:00:00.000Z", "cause": "time", "number": 1 },
              "segment": { "name": "At-risk VIP", "description": "" },
              "profile": { "name": "{{name}}", "spent": 1234.50 }, "event": null, "options": {} }
            """;
        return new(new(IdOf(id)), new("out"), new(customer), 0, Encoding.UTF8.GetBytes(content));
    }

    /// <summary>Reads the topic as somebody else would, in the order of its partitions.</summary>
    internal static List<ConsumeResult<string, string>> Read(KafkaBroker broker, string topic, int count)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["group.id"] = Guid.NewGuid().ToString(),
            ["auto.offset.reset"] = "earliest",
        };
        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(settings).Build();
        consumer.Subscribe(topic);
        List<ConsumeResult<string, string>> records = [];
        while (records.Count < count && consumer.Consume(TimeSpan.FromSeconds(20)) is { } record)
        {
            records.Add(record);
        }

        if (consumer.Consume(TimeSpan.FromMilliseconds(300)) is { } further)
        {
            records.Add(further);
        }

        records.Count.ShouldBe(count);
        return records;
    }

    private static async Task<JsonElement> WriteAsync(RecordFormat format, string kind)
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("calls", 1);
        await using var connector = Open(broker, topic, options => options.Format = format);
        (await connector.SendAsync(PushOf("u1", kind), default)).ShouldBe(DeliveryResult.Delivered);
        return JsonDocument.Parse(Read(broker, topic, 1)[0].Message.Value).RootElement;
    }

    internal static ConnectorFactory Factory(TimeProvider? time = null) =>
        new(
            new()
            {
                Templates = TemplateSet.Compile(
                    new Dictionary<string, TemplateOptions>(StringComparer.Ordinal),
                    new(),
                    out _
                ),
                Time = time ?? TimeProvider.System,
                Output = TextWriter.Null,
                Topics = new KafkaTopicClients(NullLoggerFactory.Instance),
            }
        );

    private static string[] HeadersOf(ConsumeResult<string, string> record) =>
        [.. record.Message.Headers.Select(h => $"{h.Key}={Encoding.UTF8.GetString(h.GetValueBytes())}")];

    private static string IdOf(int id) => id.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A connector that the test disposes.</summary>
internal sealed class KafkaConnectorUnderTest(IConnector connector) : IAsyncDisposable
{
    public ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken) =>
        connector.SendAsync(push, cancellationToken);

    public ValueTask DisposeAsync() => ((IAsyncDisposable)connector).DisposeAsync();
}
