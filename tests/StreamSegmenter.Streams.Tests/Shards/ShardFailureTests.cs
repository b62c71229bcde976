using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>What each failure leads to.</summary>
public sealed class ShardFailureTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ShardRig _rig = new([Segment("buyer", "count(purchase, 1h) >= 1")]);

    [Fact]
    public void A_zombie_commits_nothing_and_stops()
    {
        RunningShard zombie = _rig.Start();
        RunningShard owner = _rig.Start();
        _rig.Append(Track("u1", "purchase"));
        _rig.Advance(Hour * 2);

        zombie.Error.ShouldBeOfType<ShardFencedException>().Message.ShouldContain("Shard 0 was taken over: epoch 1");
        owner.Task.IsCompleted.ShouldBeFalse();
        _rig.History().ShouldBe(["u1 +buyer1 event", "u1 -buyer2 time"]);
        _rig.Observed.Count.ShouldBe(2);
        _rig.Pushes().Select(push => push.Place.Sequence).ShouldBe([1, 2]);
        _rig.Stops.ShouldHaveSingleItem().ShouldBeOfType<ShardFencedException>();
    }

    [Fact]
    public void A_zombie_that_is_asked_to_stop_says_that_it_was_fenced()
    {
        RunningShard zombie = _rig.Start();
        RunningShard owner = _rig.Start();

        Should.Throw<ShardFencedException>(zombie.Stop);
        owner.Stop();
        _rig.Stops.Count.ShouldBe(2);
        _rig.Stops[0].ShouldBeOfType<ShardFencedException>();
        _rig.Stops[1].ShouldBeNull();
    }

    [Fact]
    public void A_checkpoint_on_its_way_at_a_take_over_is_refused()
    {
        _rig.Options = _rig.Options with { CheckpointCustomers = 1 };
        RunningShard old = _rig.Start(plan: SlowCheckpoints(after: 1), slowness: Hour);
        _rig.Append(Track("u1", "purchase"));
        RunningShard owner = _rig.Start();
        _rig.Append(Track("u2", "purchase"));
        _rig.Advance(Hour * 3);

        old.Error.ShouldBeOfType<ShardFencedException>();
        owner.Task.IsCompleted.ShouldBeFalse();
        _rig.History().Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(nameof(StoreCall.Effects), nameof(Fault.CrashBefore))]
    [InlineData(nameof(StoreCall.Effects), nameof(Fault.CrashAfter))]
    [InlineData(nameof(StoreCall.Checkpoint), nameof(Fault.CrashBefore))]
    [InlineData(nameof(StoreCall.Checkpoint), nameof(Fault.CrashAfter))]
    public void A_failing_store_stops_the_shard_and_a_restart_goes_on(string call, string fault)
    {
        _rig.Options = _rig.Options with { CheckpointCustomers = 1 };
        _rig.Start().Stop();
        RunningShard broken = _rig.Start(plan: c => c.ToString() == call ? Enum.Parse<Fault>(fault) : Fault.None);
        _rig.Append(Track("u1", "purchase"), Track("u2", "purchase"));
        _rig.Advance(TimeSpan.FromSeconds(1));
        broken.Error.ShouldBeOfType<CrashedException>();
        _rig.Stops[^1].ShouldBe(broken.Error);

        _rig.Start();
        _rig.Advance(Hour);

        _rig.History().ShouldBe(["u1 +buyer1 event", "u2 +buyer1 event", "u1 -buyer2 time", "u2 -buyer2 time"]);
        _rig.Pushes().Select(push => push.Place.Sequence).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void A_stop_drains_and_the_next_start_replays_nothing()
    {
        RunningShard first = _rig.Start();
        _rig.AppendUnseen(Track("u1", "purchase"), Track("u2", "purchase"));
        _rig.Loop.Settle();
        first.Stop();
        first.Runner.Position.ShouldBe(new LogPosition(2));

        RunningShard second = _rig.Start();
        second.Runner.Position.ShouldBe(new LogPosition(2));
        second.Runner.Counts.ShouldBe(default);
        _rig.Advance(Hour * 2);
        _rig.History().Count.ShouldBe(4);
        second.Stop();
        _rig.Stops.ShouldBe([null, null]);
    }

    [Fact]
    public void A_stop_before_the_shard_is_taken_writes_nothing()
    {
        RunningShard slow = _rig.Start(
            plan: call => call == StoreCall.Acquire ? Fault.Slow : Fault.None,
            slowness: Hour
        );
        slow.Stop();

        _rig.Stops.ShouldBe([null]);
    }

    [Fact]
    public void A_log_that_lost_its_end_stops_the_shard()
    {
        RunningShard before = _rig.Start();
        _rig.Append(Track("u1", "purchase"), Track("u2", "purchase"), Track("u3", "purchase"));
        before.Kill();
        ShardRig restored = new(_rig.Segments);
        restored.Append(Track("u1", "purchase"));
        _rig.Log = restored.Memory;

        _rig.Start()
            .Error.ShouldBeOfType<LogPositionOutOfRangeException>()
            .Message.ShouldContain("holds positions 0 to 0, but 3 was asked for");
    }

    [Fact]
    public void A_log_that_expired_under_a_shard_stops_it()
    {
        RunningShard before = _rig.Start();
        _rig.Append(Track("u1", "purchase"));
        before.Stop();
        _rig.Append(Track("u2", "purchase"));
        _rig.Advance(Hour);
        _rig.Append(Track("u3", "purchase"));
        _rig.Expire();

        _rig.Start().Error.ShouldBeOfType<LogPositionOutOfRangeException>();
    }

    [Fact]
    public void A_new_shard_begins_where_its_log_begins()
    {
        _rig.AppendUnseen(Track("u1", "purchase"));
        _rig.Advance(Hour);
        _rig.AppendUnseen(Track("u2", "purchase"));
        _rig.Expire();

        _rig.Start();

        _rig.History().ShouldBe(["u2 +buyer1 event"]);
    }

    [Fact]
    public void A_poison_record_goes_to_the_dead_letters_as_it_came()
    {
        byte[] poison = [(byte)'{', 0, 0xFF, 0xFE, (byte)'"'];
        _rig.AppendUnseen(Track("u1", "purchase"), new NewRecord(new("u1"), poison), Track("u2", "purchase"));
        RunningShard first = _rig.Start(plan: call => call == StoreCall.Effects ? Fault.CrashAfter : Fault.None);
        first.Error.ShouldBeOfType<CrashedException>();
        RunningShard second = _rig.Start();

        DeadLetter letter = _rig.DeadLetters().ShouldHaveSingleItem();
        letter.Payload.Span.SequenceEqual(poison).ShouldBeTrue();
        letter.Source.ShouldBe("shard 0 position 1");
        letter.Reason.ShouldBe("invalid-utf8");
        letter.At.ShouldBe(_rig.Now);
        _rig.History().ShouldBe(["u1 +buyer1 event", "u2 +buyer1 event"]);
        second.Runner.Counts.ShouldBe(new RecordCounts(2, 0, 1, 0, 0));
    }

    [Fact]
    public void Records_without_a_customer_go_to_the_dead_letters_as_they_came()
    {
        byte[] good = Track("u1", "purchase").Payload.ToArray();
        (CustomerId Customer, byte[] Payload, string Reason)[] foreign =
        [
            (default, good, "no-key"),
            (default, [], "not-json"),
            (new("u1"), [], "not-json"),
            (new("u\0"), good, "no-key"),
            (new(new string('x', 257)), good, "no-key"),
        ];
        _rig.Log = new RekeyedLog(_rig.Memory, [.. foreign.Select(record => record.Customer)]);
        _rig.AppendUnseen([.. foreign.Select(record => new NewRecord(new("u1"), record.Payload))]);
        RunningShard shard = _rig.Start();

        _rig.DeadLetters().Select(letter => letter.Reason).ShouldBe(foreign.Select(record => record.Reason));
        _rig.DeadLetters()
            .Select(letter => letter.Payload.ToArray())
            .ShouldBe(foreign.Select(record => record.Payload));
        shard.Runner.Counts.Rejected.ShouldBe(foreign.Length);
        _rig.History().ShouldBeEmpty();
    }

    [Fact]
    public void Records_of_customers_who_live_elsewhere_are_refused_and_time_goes_on()
    {
        // Kafka's own tests give their hashes: -790332482 and -985981536.
        CustomerId[] keys = [new("foobar"), new("a-little-bit-long-string"), new("foobar")];
        const int Partitions = 3;
        keys.Select(key => Murmur2.PartitionOf(key, Partitions).Value).ShouldBe([0, 2, 0]);
        _rig.Log = new RekeyedLog(_rig.Memory, keys, Partitions);
        _rig.AppendUnseen([.. keys.Select(_ => Track("u1", "purchase"))]);
        RunningShard shard = _rig.Start();

        DeadLetter letter = _rig.DeadLetters().ShouldHaveSingleItem();
        letter.Reason.ShouldBe("misplaced");
        letter.Source.ShouldBe("shard 0 position 1");
        letter.Detail.ShouldContain("partition 2, not 0");
        _rig.History().ShouldBe(["foobar +buyer1 event"]);
        shard.Runner.Position.ShouldBe(new LogPosition(3));
    }

    [Fact]
    public void A_store_slower_than_the_log_slows_the_shard()
    {
        _rig.Options = _rig.Options with { CheckpointCustomers = 10, BatchRecords = 5 };
        RunningShard shard = _rig.Start(plan: SlowCheckpoints(after: 1), slowness: Hour);
        _rig.AppendUnseen([.. Enumerable.Range(0, 100).Select(i => Track($"u{i}", "purchase"))]);
        _rig.Advance(TimeSpan.FromMinutes(1));

        // One checkpoint of 10 is being written, the next one is full, and a batch is not known to be committed.
        shard.Runner.Position.Value.ShouldBeInRange(10, 20);
        _rig.Advance(Hour * 12);
        shard.Runner.Position.ShouldBe(new LogPosition(100));
    }

    [Theory]
    [InlineData(0, "tick-interval")]
    [InlineData(0.5, "tick-interval")]
    public void Options_that_cannot_work_are_refused(double tickMilliseconds, string key)
    {
        ShardOptions options = new()
        {
            TickInterval = TimeSpan.FromMilliseconds(tickMilliseconds),
            BatchRecords = 0,
            HotCustomers = 5,
            ResidentCustomers = 4,
        };

        IReadOnlyList<string> errors = options.Validate();
        errors.Count.ShouldBe(3);
        errors.ShouldContain(error => error.StartsWith(key));
        errors.ShouldContain(error => error.StartsWith("batch-records = 0: give 1 or more"));
        errors.ShouldContain(error => error.StartsWith("resident-customers = 4: give at least hot-customers = 5"));
    }

    private static Func<StoreCall, Fault> SlowCheckpoints(int after)
    {
        int calls = 0;
        return call => call == StoreCall.Checkpoint && calls++ >= after ? Fault.Slow : Fault.None;
    }
}
