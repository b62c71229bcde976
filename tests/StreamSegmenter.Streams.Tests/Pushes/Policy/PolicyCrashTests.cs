using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>
/// Whatever policy decides, whatever connectors answer, and whenever the store fails, loses its answer or the process
/// dies: a push has one end, is sent only with a grant, and never after policy has ended it.
/// </summary>
public sealed class PolicyCrashTests
{
    private const int Pushes = 60;

    [Fact]
    public void A_crash_repeats_at_worst() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll<int>(Holds));

    private static void Holds(int seed)
    {
        Random random = new(seed);
        InMemoryStateStore store = new();
        List<string> sent = [];
        List<(string Id, OutboxUpdate End)> ends = [];
        for (int life = 0; life < 4; life++)
        {
            bool last = life == 3;
            using DeskRig rig = new(
                new() { Concurrency = random.Next(1, 4), GiveUpAfter = TimeSpan.FromDays(300) },
                policy: null,
                store,
                outbox => new FlakyOutbox(outbox, last ? null : random),
                "mail",
                "chat"
            );
            rig.Loop.Advance(TimeSpan.FromHours(10 * life));
            Timestamp end = rig.Now.Plus(36_000_000);
            rig.Policy.Script = (push, _, now) => Decide(random, push, now, last ? now : end);
            foreach ((string name, var connector) in rig.Connectors)
            {
                connector.Script = (push, over) =>
                {
                    sent.Add(push.Id.Value);
                    IsPendingAndGranted(store, push);
                    return AnswerAsync(rig, random, over);
                };
            }

            rig.Run();
            for (int i = 0; i < Pushes / 4; i++)
            {
                int number = (life * Pushes / 4) + i;
                rig.Commit($"p{number}@{(random.Next(2) == 0 ? "mail" : "chat")}/u{random.Next(5)}");
                rig.Loop.Advance(TimeSpan.FromSeconds(random.Next(60)));
            }

            rig.Loop.Advance(last ? TimeSpan.FromDays(5) : TimeSpan.FromMinutes(random.Next(60)));
            ends.AddRange(rig.Ends);
            if (last)
            {
                rig.Stop();
            }
        }

        OutboxCounts[] counts = [.. store.Outbox.CountAsync(default).AsTask().Result.Values];
        counts.Sum(count => count.Total).ShouldBe(Pushes);
        counts.Sum(count => count.Pending).ShouldBe(0);
        ends.Where(end => end.End is OutboxUpdate.Delivered)
            .ShouldAllBe(end => sent.Contains(end.Id, StringComparer.Ordinal));
    }

    private static void IsPendingAndGranted(InMemoryStateStore store, Push push)
    {
        var found = store.PushAdministration.FindAsync(push.Id, default).AsTask().Result.ShouldNotBeNull();
        found.Push.State.ShouldBe(PushState.Pending, "it was sent after its end");
        found.Push.GrantedAt.ShouldNotBeNull("it was sent before its grant was stored");
    }

    private static PolicyDecision Decide(Random random, PendingPush push, Timestamp now, Timestamp latest) =>
        random.Next(6) switch
        {
            0 when now < latest => ScriptedPolicy.Wait(push, now.Plus(random.Next(1, 3_600_000))),
            1 when random.Next(5) == 0 => ScriptedPolicy.Drop(push),
            _ => ScriptedPolicy.Send(push),
        };

    private static async Task<DeliveryResult> AnswerAsync(DeskRig rig, Random random, CancellationToken over)
    {
        await Task.Delay(TimeSpan.FromSeconds(random.Next(20)), rig.Loop.Time, over);
        return random.Next(8) switch
        {
            0 => DeliveryResult.Rejected("no"),
            1 => DeliveryResult.Retry("busy"),
            2 => DeliveryResult.Unknown("lost"),
            3 => throw new IOException("reset"),
            _ => DeliveryResult.Delivered,
        };
    }

    /// <summary>An outbox that fails now and then, before it has written or after.</summary>
    private sealed class FlakyOutbox(IOutbox outbox, Random? random) : IOutbox
    {
        public async ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
            ConnectorName connector,
            ShardId shard,
            long after,
            int max,
            CancellationToken cancellationToken
        )
        {
            Fail();
            return await outbox.ReadPendingAsync(connector, shard, after, max, cancellationToken);
        }

        public async ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken)
        {
            Fail();
            await outbox.UpdateAsync(updates, cancellationToken);
            Fail();
        }

        public ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(
            CancellationToken cancellationToken
        ) => outbox.CountAsync(cancellationToken);

        private void Fail()
        {
            if (random?.Next(10) == 0)
            {
                throw new IOException("planned");
            }
        }
    }
}
