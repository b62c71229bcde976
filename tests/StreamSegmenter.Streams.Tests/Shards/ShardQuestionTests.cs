using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>What a shard tells of its customers.</summary>
public sealed class ShardQuestionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private readonly ShardRig _rig = new([
        Segment("seen", "exists(any)"),
        Segment("buyer", "count(purchase, 1h) >= 1"),
    ]);

    [Fact]
    public void A_customer_is_told_as_of_now()
    {
        Timestamp bought = _rig.Now;
        RunningShard shard = _rig.Start();
        _rig.Append(Track("u1", "purchase"));

        CustomerSnapshot first = Ask(shard, "u1").ShouldNotBeNull();
        first.Segments.ShouldBe([new(new("buyer"), bought), new(new("seen"), bought)]);

        _rig.Advance(TimeSpan.FromHours(3));
        CustomerSnapshot second = Ask(shard, "u1").ShouldNotBeNull();
        second.Segments.ShouldBe([new(new("seen"), bought)]);
        second.At.ShouldBeGreaterThan(bought);
        Ask(shard, "u2").ShouldBeNull();
    }

    [Fact]
    public void A_customer_who_left_the_memory_is_loaded()
    {
        _rig.Options = _rig.Options with { HotCustomers = 1, ResidentCustomers = 1, CheckpointCustomers = 1 };
        RunningShard shard = _rig.Start();
        for (int i = 0; i < 10; i++)
        {
            _rig.Append(Track($"u{i}", "purchase"));
            _rig.Advance(TimeSpan.FromSeconds(10));
        }

        Ask(shard, "u0").ShouldNotBeNull().Segments.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_is_told_what_is_not_committed()
    {
        RunningShard shard = _rig.Start(
            plan: call => call == StoreCall.Effects ? Fault.Slow : Fault.None,
            slowness: Soon
        );
        _rig.Append(Track("u1", "purchase"));
        Task<CustomerSnapshot?> answer = shard.Runner.AskAsync(new("u1"), default);

        _rig.Advance(Soon / 2);
        answer.IsCompleted.ShouldBeFalse();
        _rig.History().ShouldBeEmpty();

        _rig.Loop.Complete(answer, Soon);
        _rig.History().Count.ShouldBe(2);
        (await answer).ShouldNotBeNull().Segments.Count.ShouldBe(2);
    }

    [Fact]
    public void A_shard_that_does_not_work_refuses_and_one_that_stops_leaves_nobody_waiting()
    {
        RunningShard shard = _rig.Start();
        Task<CustomerSnapshot?> late = shard.Runner.AskAsync(new("u1"), default);
        shard.Stop();

        Should.Throw<ShardAwayException>(() => Ask(shard, "u1"));
        (late.IsCompletedSuccessfully || late.Exception!.InnerException is ShardAwayException).ShouldBeTrue();
    }

    private CustomerSnapshot? Ask(RunningShard shard, string customer)
    {
        Task<CustomerSnapshot?> answer = shard.Runner.AskAsync(new(customer), default);
        _rig.Loop.Complete(answer, Soon);
        return answer.Result;
    }
}
