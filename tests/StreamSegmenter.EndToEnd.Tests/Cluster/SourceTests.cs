using StreamSegmenter.EndToEnd.Tests.Crashes;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Kafka.Broker;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>A node of one machine that takes its events from a topic of somebody else's records.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class SourceTests
{
    private const int Orders = 30;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Records_of_another_make_become_events_and_pushes_across_a_kill()
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync();
        string topic = await broker.CreateTopicAsync("orders", partitions: 3);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(() => ReceiverMood.TakeIt);
        CrashSegment[] segments = [new("buyer", "sum(\"Order Completed\".total, ever) >= 20") { OnEnter = ["crm"] }];
        using NodeDirectory directory = new(
            $$"""
            {{CrashSegment.Configuration(segments, receiver)}}
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

        await SendAsync(broker, topic, orders: 0);
        await using (SegmenterProcess first = directory.Run())
        {
            await first.MustBecomeReadyAsync(directory.Address);
            await Eventually.HoldsAsync(() => Took(receiver, Orders / 2), Limit, () => first.Errors);
            await first.KillAsync();
        }

        await SendAsync(broker, topic, Orders / 2);
        await using SegmenterProcess second = directory.Run();
        await Eventually.HoldsAsync(() => Took(receiver, Orders), Limit, () => second.Errors);
        receiver.Complaints.ShouldBeEmpty();
    }

    private static Task<bool> Took(WebhookReceiver receiver, int pushes) =>
        Task.FromResult(receiver.Taken.Count == pushes);

    // Two orders of 10 make a buyer.
    private static async Task SendAsync(KafkaBroker broker, string topic, int orders)
    {
        await using Kcat kcat = Kcat.Start(broker.BootstrapServers, topic);
        for (int i = orders; i < orders + (Orders / 2); i++)
        {
            string json =
                $$"""{ "buyer": { "id": "u{{i}}" }, "placed": {{1_790_000_000_000 + i}}, "sum": { "amount": 10 } }""";
            await kcat.SendAsync(new($"a{i}", $"u{i}", json));
            await kcat.SendAsync(new($"b{i}", $"u{i}", json));
        }

        await kcat.EndAsync();
    }
}
