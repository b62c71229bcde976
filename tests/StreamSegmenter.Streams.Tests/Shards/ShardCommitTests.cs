using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>When effects are committed.</summary>
public sealed class ShardCommitTests
{
    private const int Records = 30;

    private readonly ShardRig _rig = new([Segment("buyer", "count(purchase, 1h) >= 1")]);
    private int _commits;

    [Fact]
    public void Effects_of_a_shard_that_lags_are_committed_together()
    {
        Lag(TimeSpan.FromHours(1));
        RunningShard shard = Start();

        _commits.ShouldBe(1);
        _rig.History().Count.ShouldBe(Records);
        shard.Runner.Position.ShouldBe(new LogPosition(Records));
    }

    [Fact]
    public void Without_an_interval_each_batch_is_committed()
    {
        Lag(TimeSpan.Zero);
        Start();

        _commits.ShouldBe(Records);
        _rig.History().Count.ShouldBe(Records);
    }

    [Fact]
    public void At_the_end_of_the_log_nobody_waits()
    {
        Lag(TimeSpan.FromHours(1));
        Start();
        _rig.Append(Track("late", "purchase"));

        _commits.ShouldBe(2);
        _rig.History().Count.ShouldBe(Records + 1);
    }

    [Fact]
    public void The_position_stays_before_effects_that_are_gathering()
    {
        Lag(TimeSpan.FromHours(1));
        RunningShard shard = Start(call => call == StoreCall.Effects ? Fault.CrashBefore : Fault.None);

        shard.Error.ShouldBeOfType<CrashedException>();
        shard.Runner.Position.ShouldBe(LogPosition.Start);
        _rig.History().ShouldBeEmpty();
    }

    [Fact]
    public void A_shard_that_lags_works_on_while_the_store_is_busy()
    {
        Lag(TimeSpan.Zero);
        _rig.Options = _rig.Options with { CheckpointCustomers = Records / 2 };
        List<StoreCall> writes = [];
        RunningShard shard = Start(
            call =>
            {
                if (call is StoreCall.Effects or StoreCall.Checkpoint)
                {
                    writes.Add(call);
                }

                return call == StoreCall.Effects ? Fault.Slow : Fault.None;
            },
            slowness: TimeSpan.FromMinutes(1)
        );

        // What it has gathered has to wait for the first commit only when a checkpoint is full.
        shard.Runner.Counts.Applied.ShouldBe(Records / 2);
        shard.Runner.Position.ShouldBe(LogPosition.Start);
        writes.ShouldBe([StoreCall.Checkpoint, StoreCall.Effects]);

        _rig.Loop.Time.Advance(TimeSpan.FromMinutes(1));
        _rig.Loop.Settle();
        shard.Runner.Counts.Applied.ShouldBe(Records);
        writes.ShouldBe([StoreCall.Checkpoint, StoreCall.Effects, StoreCall.Effects]);

        _rig.Advance(TimeSpan.FromMinutes(5));
        shard.Runner.Position.ShouldBe(new LogPosition(Records));
        _rig.History().Count.ShouldBe(Records);
        writes.Count(call => call == StoreCall.Effects).ShouldBe(3);
    }

    [Fact]
    public void Much_is_committed_before_it_fills_the_memory()
    {
        _rig.Options = _rig.Options with { BatchRecords = 1, CommitInterval = TimeSpan.FromHours(1) };
        _rig.AppendUnseen([.. Enumerable.Range(0, 9).Select(i => new NewRecord(new($"u{i}"), new byte[1 << 20]))]);
        Start();

        // After four megabytes, after four more, and at the end.
        _commits.ShouldBe(3);
        _rig.DeadLetters().Count.ShouldBe(9);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(-3_600_000, 200)]
    [InlineData(2_000, 200)]
    [InlineData(5_000, 500)]
    [InlineData(20_000, 2_000)]
    [InlineData(86_400_000, 2_000)]
    public void The_further_behind_the_longer_effects_gather(long millisecondsBehind, int milliseconds)
    {
        Timestamp now = new(1_700_000_000_000);

        EffectCommitter
            .Patience(TimeSpan.FromMilliseconds(200), now, now.Plus(-millisecondsBehind))
            .ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Fact]
    public void A_shard_that_has_seen_nothing_is_as_far_behind_as_can_be()
    {
        EffectCommitter
            .Patience(TimeSpan.FromSeconds(1), new(1_700_000_000_000), Timestamp.Beginning)
            .ShouldBe(TimeSpan.FromSeconds(10));
    }

    private void Lag(TimeSpan commitInterval)
    {
        _rig.Options = _rig.Options with { BatchRecords = 1, CommitInterval = commitInterval };
        _rig.AppendUnseen([.. Enumerable.Range(0, Records).Select(i => Track($"u{i}", "purchase"))]);
    }

    private RunningShard Start(Func<StoreCall, Fault>? plan = null, TimeSpan slowness = default) =>
        _rig.Start(
            plan: call =>
            {
                _commits += call == StoreCall.Effects ? 1 : 0;
                return plan?.Invoke(call) ?? Fault.None;
            },
            slowness: slowness
        );
}
