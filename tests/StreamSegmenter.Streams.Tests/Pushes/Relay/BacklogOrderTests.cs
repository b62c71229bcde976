using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

public sealed class BacklogOrderTests
{
    private static readonly Timestamp Start = new(1_000_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trials_take_the_push_that_failed_least_often_and_others_the_oldest(bool governed)
    {
        IBacklog backlog = governed ? new GovernedBacklog() : new Backlog();
        MemoryOutbox outbox = new();
        for (int i = 0; i < 4; i++)
        {
            outbox.Add(new("chat"), $"u{i}", Start.Plus(i), shard: 0);
        }

        int[] attempts = [2, 1, 0, 1];
        Timestamp now = Start.Plus(10);
        foreach ((PendingPush row, int tries) in outbox.Pending.Zip(attempts))
        {
            backlog.Add(row with { Push = row.Push with { Attempts = tries } }, now);
        }

        backlog.Suffices(LaneOrder.LeastTriedFirst, 1).ShouldBeTrue();
        Lane untried = Take(LaneOrder.LeastTriedFirst);
        untried.Customer.Value.ShouldBe("u2");
        backlog
            .Suffices(LaneOrder.LeastTriedFirst, 1)
            .ShouldBeFalse("there may be one in the outbox that never failed");
        backlog.Suffices(LaneOrder.OldestFirst, 3).ShouldBeTrue();
        untried.Tries += 2;
        backlog.Postpone(untried, now, now);

        Take(LaneOrder.LeastTriedFirst).Customer.Value.ShouldBe("u1");
        Take(LaneOrder.OldestFirst).Customer.Value.ShouldBe("u0");
        Take(LaneOrder.LeastTriedFirst).Customer.Value.ShouldBe("u3");
        Take(LaneOrder.LeastTriedFirst).ShouldBeSameAs(untried);
        backlog.TryTake(LaneOrder.OldestFirst, out _).ShouldBeFalse();

        Lane Take(LaneOrder order) => backlog.TryTake(order, out Lane? lane) ? lane : throw new KeyNotFoundException();
    }
}
