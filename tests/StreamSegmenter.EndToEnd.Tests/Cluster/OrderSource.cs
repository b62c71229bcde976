using StreamSegmenter.EndToEnd.Tests.Crashes;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Kafka.Broker;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>
/// A topic of orders of another make, and a node of one machine that makes events of them: whoever has ordered twice is
/// pushed once, and would be pushed again if an order counted twice.
/// </summary>
public sealed class OrderSource : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // Of 10 each, and all have two.
    private static readonly CrashSegment[] Segments =
    [
        new("buyer", "sum(\"Order Completed\".total, ever) >= 20") { OnEnter = ["crm"] },
        new("counted-twice", "sum(\"Order Completed\".total, ever) > 20") { OnEnter = ["crm"] },
    ];

    private readonly NodeDirectory _directory;
    private readonly WebhookReceiver _receiver;
    private readonly string _topic;
    private int _buyers;

    private OrderSource(KafkaBroker broker, string topic, WebhookReceiver receiver)
    {
        (Broker, _topic, _receiver) = (broker, topic, receiver);
        _directory = new(
            $$"""
            {{CrashSegment.Configuration(Segments, receiver)}}
            kafka {
              bootstrap-servers = "{{broker.BootstrapServers}}"
              sources {
                group = {{topic}}
                session-timeout = 6s
                topics = [
                  {
                    topic = {{topic}}, format = flat, start = earliest
                    mapping { event = "Order Completed", user-id = buyer.id, timestamp = placed, properties { total = sum.amount } }
                  }
                ]
              }
            }
            """
        );
    }

    public KafkaBroker Broker { get; }

    public static async Task<OrderSource> StartAsync()
    {
        KafkaBroker broker = await KafkaBroker.StartAsync();
        string topic = await broker.CreateTopicAsync("orders", partitions: 3);
        return new(broker, topic, await WebhookReceiver.StartAsync(() => ReceiverMood.TakeIt));
    }

    /// <summary>A node, when it is ready.</summary>
    public async Task<SegmenterProcess> RunAsync()
    {
        SegmenterProcess node = _directory.Run();
        await node.MustBecomeReadyAsync(_directory.Address);
        return node;
    }

    /// <summary>Has so many more customers order twice.</summary>
    public async Task SendAsync(int buyers)
    {
        await using Kcat kcat = Kcat.Start(Broker.BootstrapServers, _topic);
        for (int end = _buyers + buyers; _buyers < end; _buyers++)
        {
            string json =
                $$"""{ "buyer": { "id": "u{{_buyers}}" }, "placed": {{1_790_000_000_000 + _buyers}}, "sum": { "amount": 10 } }""";
            await kcat.SendAsync(new($"a{_buyers}", $"u{_buyers}", json));
            await kcat.SendAsync(new($"b{_buyers}", $"u{_buyers}", json));
        }

        await kcat.EndAsync();
    }

    /// <summary>Waits until all who ordered are pushed.</summary>
    public Task AllMustArriveAsync(SegmenterProcess node) =>
        Eventually.HoldsAsync(
            () => Task.FromResult(_receiver.Taken.Count == _buyers),
            Limit,
            () => $"{_receiver.Taken.Count} of {_buyers} pushes: {node.Errors}"
        );

    /// <summary>Nothing came but what had to.</summary>
    public void MustBeRight()
    {
        _receiver.Taken.Count.ShouldBe(_buyers);
        _receiver.Complaints.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        _directory.Dispose();
        await _receiver.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
