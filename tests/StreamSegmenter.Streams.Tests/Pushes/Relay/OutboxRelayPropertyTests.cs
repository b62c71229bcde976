using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>Whatever connectors answer, whenever pushes come and relays stop: the promises hold.</summary>
public sealed class OutboxRelayPropertyTests
{
    [Fact]
    public void Nothing_is_lost_nothing_is_sent_after_delivery_and_no_customer_sees_disorder() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll<int>(Holds));

    private static void Holds(int seed)
    {
        Random random = new(seed);
        MemoryOutbox outbox = new();
        RelayOptions options = Options(random);
        List<string> sent = [];
        int added = 0;
        for (int life = 0; life < 3; life++)
        {
            using RelayRig rig = new(options, outbox: outbox, seed: seed + life);
            rig.Loop.Advance(TimeSpan.FromHours(life));
            rig.Connector.Script = (_, over) => AnswerAsync(rig, random, over);
            rig.Run(0, 1);
            for (int step = 0; step < 40; step++)
            {
                for (int burst = random.Next(6); burst > 0; burst--, added++)
                {
                    int customer = random.Next(6);
                    rig.Commit($"u{customer}", shard: customer % 2);
                }

                outbox.UpdateFailure = random.Next(12) == 0 ? new IOException("planned") : null;
                outbox.Failure = random.Next(12) == 0 ? new IOException("planned") : null;
                rig.Loop.Advance(TimeSpan.FromSeconds(random.Next(40)));
            }

            outbox.Failure = outbox.UpdateFailure = null;
            rig.Stop();
            sent.AddRange(rig.Connector.CalledIds);
            rig.Connector.MostAtOnce.ShouldBeLessThanOrEqualTo(options.Concurrency);
            rig.Attempts.Count.ShouldBeLessThanOrEqualTo(rig.Connector.Calls.Count);
        }

        (outbox.Finished.Count + outbox.Pending.Count).ShouldBe(added);
        EachCustomerSawItsPushesInOrder(outbox, sent);
    }

    private static RelayOptions Options(Random random) =>
        new()
        {
            Concurrency = random.Next(1, 5),
            LookAhead = random.Next(5, 20),
            MaxHeld = random.Next(20, 60),
            MaxAttempts = random.Next(2, 12),
            DownAfter = random.Next(1, 8),
            BackoffMax = TimeSpan.FromSeconds(random.Next(1, 60)),
            ProbeInterval = TimeSpan.FromSeconds(random.Next(1, 60)),
            GiveUpAfter = TimeSpan.FromMinutes(random.Next(1, 60)),
        };

    private static async Task<DeliveryResult> AnswerAsync(RelayRig rig, Random random, CancellationToken over)
    {
        await Task.Delay(TimeSpan.FromSeconds(random.Next(20)), rig.Loop.Time, over);
        return random.Next(10) switch
        {
            0 => DeliveryResult.Rejected("no"),
            1 => DeliveryResult.Retry("later", TimeSpan.FromSeconds(random.Next(100))),
            2 => DeliveryResult.Retry("busy"),
            3 => DeliveryResult.Unknown("lost"),
            4 => DeliveryResult.Misconfigured("token"),
            5 => throw new IOException("reset"),
            _ => DeliveryResult.Delivered,
        };
    }

    // Ids are "shard-sequence" and a customer keeps its shard: its calls must never go back to an earlier sequence.
    // The attempts of a push form one run, which its end closes.
    private static void EachCustomerSawItsPushesInOrder(MemoryOutbox outbox, List<string> sent)
    {
        foreach (var calls in sent.GroupBy(id => outbox.CustomerOf(new(id))))
        {
            long[] sequences = [.. calls.Select(id => long.Parse(id.Split('-')[1]))];
            sequences.SequenceEqual(sequences.Order()).ShouldBeTrue($"out of order for {calls.Key}");
            foreach (long sequence in sequences.SkipLast(1).Where(s => s < sequences[^1]))
            {
                string id = calls.First(call => call.EndsWith($"-{sequence}", StringComparison.Ordinal));
                outbox.Finished.ShouldContainKey(new PushId(id), "a later push overtook a pending one");
            }
        }
    }
}
