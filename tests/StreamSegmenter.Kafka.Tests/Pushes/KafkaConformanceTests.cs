using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Conformance.Connectors;
using StreamSegmenter.Connectors;
using StreamSegmenter.Connectors.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Kafka.Tests.Pushes;

/// <summary>The contract of all connectors, through the real client, at a mock broker.</summary>
public sealed class KafkaConformanceTests : ConnectorConformance
{
    // The shortest that there may be; the client gives up a record two seconds earlier.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    public override string ConnectorType => "kafka";

    // Brokers slow a client down rather than ask it for patience. An answer that is none is the client's to notice: it
    // counts as a connection that broke. After such a one the client sends the record again by itself, which doubles
    // nothing. And it does not say of a record whose time is over whether it was ever sent.
    protected override DeliveryOutcome? Expected(Conduct conduct) =>
        conduct switch
        {
            Conduct.LimitRate or Conduct.TakeAndBabble => null,
            Conduct.TakeAndHangUp => DeliveryOutcome.Delivered,
            Conduct.BeAbsent => DeliveryOutcome.Unknown,
            _ => base.Expected(conduct),
        };

    // An attempt's time may be over before the client has shaken hands.
    protected override async Task<DeliveryResult> DiagnoseAsync(IConnector connector)
    {
        DeliveryResult result;
        do
        {
            result = await base.DiagnoseAsync(connector);
        } while (result.Outcome == DeliveryOutcome.Unknown);

        result.Detail.ShouldContain("certificate");
        return result;
    }

    protected override async Task<ScriptedPeer> StartPeerAsync(bool untrusted = false) =>
        untrusted ? new UntrustedPeer() : await TopicPeer.StartAsync();

    protected override IConnector ConnectTo(ScriptedPeer peer, bool untrusted = false) =>
        peer is TopicPeer topic
            ? Connect(new() { BootstrapServers = topic.BootstrapServers, Topic = topic.Topic })
            : Connect(
                new()
                {
                    BootstrapServers = ((UntrustedPeer)peer).Address,
                    Topic = "t",
                    Timeout = Short,
                    Client = new Dictionary<string, Secret>(StringComparer.Ordinal)
                    {
                        ["security.protocol"] = new("ssl"),
                    },
                }
            );

    protected override IConnector ConnectToNobody() =>
        Connect(
            new()
            {
                BootstrapServers = "127.0.0.1:1",
                Topic = "t",
                Timeout = Short,
            }
        );

    private IConnector Connect(KafkaOptions options)
    {
        var connector = KafkaConnectorTests.Factory(Clock).Create(new("c"), options, out var errors);
        errors.ShouldBeEmpty();
        return connector.ShouldNotBeNull();
    }

    private sealed class UntrustedPeer : ScriptedPeer
    {
        private readonly TlsListener _listener = new();

        public string Address => _listener.Address;

        public override ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A topic of a mock broker, and somebody who reads it.</summary>
    private sealed class TopicPeer : ScriptedPeer
    {
        private const int Produce = 0;

        // Longer than it takes to see the record in the topic, and shorter than the client waits for its answer.
        private const int HoldMilliseconds = 8_000;

        private readonly KafkaBroker _broker;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _reading;

        private TopicPeer(KafkaBroker broker, string topic)
        {
            (_broker, Topic) = (broker, topic);
            _reading = Task.Run(Read);
        }

        public string Topic { get; }

        public string BootstrapServers => _broker.BootstrapServers;

        // The codes are Kafka's own: https://kafka.apache.org/protocol#protocol_error_codes
        public override Conduct Conduct
        {
            get => base.Conduct;
            set
            {
                base.Conduct = value;
                string? line = value switch
                {
                    Conduct.FailForNow => $"errors {Produce} 89", // THROTTLING_QUOTA_EXCEEDED
                    Conduct.Refuse => $"errors {Produce} 87", // INVALID_RECORD
                    Conduct.RefuseCredentials => $"errors {Produce} 29", // TOPIC_AUTHORIZATION_FAILED
                    Conduct.TakeAndHangUp => $"errors {Produce} -195", // of librdkafka: the connection breaks
                    Conduct.TakeAndHold => $"delay 1 {Produce} {HoldMilliseconds}",
                    _ => null,
                };
                if (line is not null)
                {
                    _broker.TellAsync(line).Wait();
                }
            }
        }

        public static async Task<TopicPeer> StartAsync()
        {
            KafkaBroker broker = await KafkaBroker.StartMockAsync();
            return new(broker, await broker.CreateTopicAsync("pushes", 1));
        }

        public override async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _reading;
            _stop.Dispose();
            await _broker.DisposeAsync();
        }

        private void Read()
        {
            Dictionary<string, string> settings = new(StringComparer.Ordinal)
            {
                ["bootstrap.servers"] = BootstrapServers,
                ["group.id"] = "reader",
            };
            using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(settings).Build();
            consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
            try
            {
                while (true)
                {
                    Message<string, string> message = consumer.Consume(_stop.Token).Message;
                    byte[] key = message.Headers.GetLastBytes("idempotency-key");
                    Take(new(Encoding.UTF8.GetString(key), message.Value));
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
