using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>A shard that has more customers than memory for them.</summary>
public sealed class ShardMemoryTests
{
    private const int Customers = 300;

    [Fact]
    public void Customers_beyond_the_bound_leave_the_memory_and_come_back_when_needed()
    {
        ShardRig rig = new([Segment("buyer", "count(purchase, 1h) >= 2")])
        {
            Options = new()
            {
                BatchRecords = 5,
                CheckpointCustomers = 5,
                HotCustomers = 3,
                ResidentCustomers = 10,
            },
        };
        for (int round = 0; round < 2; round++)
        {
            rig.AppendUnseen([.. Enumerable.Range(0, Customers).Select(i => Track($"u{i}", "purchase"))]);
        }

        (ShardSession session, ShardParts parts) = Open(rig);
        int most = 0;
        while (session.Position < new LogPosition(2 * Customers))
        {
            Step(rig, session);
            most = Math.Max(most, parts.Shard.ResidentCustomers);
        }

        // The bound, what changed since the last checkpoint and the batch at hand.
        most.ShouldBeInRange(10, 10 + 5 + 5 + 5);
        rig.History().Count.ShouldBe(Customers);
        rig.Advance(TimeSpan.FromHours(2));
        for (int i = 0; i < 3; i++)
        {
            Step(rig, session);
        }

        rig.History().Count(line => line.EndsWith("-buyer2 time", StringComparison.Ordinal)).ShouldBe(Customers);
        rig.Transitions()[^1].At.ToString().ShouldBe("2020-01-01T01:00:00.000Z");
        parts.Shard.ResidentCustomers.ShouldBeLessThan(25);
    }

    private static (ShardSession Session, ShardParts Parts) Open(ShardRig rig)
    {
        var services = new ShardServices(
            rig.Log,
            rig.Store.Ownership,
            rig.Store.Customers,
            rig.Store.Committer,
            rig.Store.Memberships,
            new OutboxSignal(),
            rig,
            rig.Loop.Time
        );
        EffectCollector effects = new(rig.Segments, nextSequence: 1);
        ShardParts parts = new(
            new(0),
            rig.Rules,
            rig.Options,
            services,
            new(rig.Rules, new(EventLimits.Default, rig.Options.HotCustomers, rig.Options.MaxTimelineEntries), effects),
            effects,
            new RecordTally(),
            new ShardQuestions()
        );
        ShardSession? session = null;
        Task opening = rig.Loop.Start(async () =>
        {
            var start = await services.Ownership.AcquireAsync(new(0), 1, "me", default);
            session = new(parts, await new ShardRebuild(parts).RunAsync(start, _ => { }, default), allInMemory: true);
        });
        rig.Loop.Complete(opening, TimeSpan.Zero);
        return (session!, parts);
    }

    private static void Step(ShardRig rig, ShardSession session) =>
        rig.Loop.Complete(rig.Loop.Start(() => session.StepAsync(default).AsTask()), TimeSpan.FromSeconds(1));
}
