using StreamSegmenter.Conformance.Log;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;
using StreamSegmenter.Streams.Tests.Shards.Support;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>Two nodes over one log and one store, told by the test which shards are theirs.</summary>
public sealed class ShardHostTests
{
    private const int Shards = 2;

    private readonly ShardRig _rig = new([Scripted.Segment("seen", "exists(any)")], Shards);
    private readonly Node _a;
    private readonly Node _b;

    public ShardHostTests() => (_a, _b) = (new(_rig, "a"), new(_rig, "b"));

    [Fact]
    public void A_shard_works_where_it_was_taken_and_goes_on_where_it_is_taken_next()
    {
        _a.Take(0, 1);
        _rig.Append(Visit("u1"), Visit("u2"));
        _a.Release(1);
        _b.Take(1);
        _rig.Append(Visit("u1"), Visit("u2"), Visit("u3"), Visit("u4"));

        _rig.History().Count.ShouldBe(4);
        _a.Runs().ShouldBe([0]);
        _b.Runs().ShouldBe([1]);
        _a.Told.ShouldBe(["begin 0", "begin 1", "end 1", "stopped 1"]);
    }

    [Fact]
    public void A_shard_that_was_given_to_two_ends_up_with_the_one_that_keeps_it()
    {
        _a.Take(0);
        _b.Take(0);
        _rig.Append(Visit("u1"), Visit("u2"), Visit("u3"));

        // The two fence each other now and then, and write nothing twice, until one is told to let go.
        _rig.Advance(TimeSpan.FromMinutes(1));
        _b.Release(0);
        _rig.Advance(TimeSpan.FromMinutes(1));
        _rig.Append(Visit("u4"), Visit("u5"), Visit("u6"), Visit("u7"));

        _rig.History().Distinct(StringComparer.Ordinal).Count().ShouldBe(InShard(0, 7));
        _rig.History().Count.ShouldBe(InShard(0, 7));
        _a.Host.CommittedPosition(new(0)).ShouldBe(new LogPosition(InShard(0, 7)));
        _b.Host.CommittedPosition(new(0)).ShouldBeNull();
    }

    [Fact]
    public void Taking_again_what_is_being_released_waits_for_its_end()
    {
        _a.Take(0);
        Task released = _rig.Loop.Start(() => _a.Host.ReleaseAsync([new(0)]));
        _a.Take(0);

        released.IsCompletedSuccessfully.ShouldBeTrue();
        _rig.Append(Visit("u1"), Visit("u2"), Visit("u3"));
        _rig.History().Count.ShouldBe(InShard(0, 3));
        _a.Told.ShouldBe(["begin 0", "end 0", "stopped 0", "begin 0"]);
    }

    [Fact]
    public void Taking_a_shard_twice_changes_nothing()
    {
        _a.Take(0);
        _a.Take(0, 1);

        _a.Told.ShouldBe(["begin 0", "begin 1"]);
    }

    [Fact]
    public void A_trouble_that_passes_is_waited_out_with_growing_pauses()
    {
        _rig.Options = _rig.Options with { RestartMin = TimeSpan.FromSeconds(1), RestartMax = TimeSpan.FromSeconds(3) };
        int attempts = 0;
        Node node = new(
            _rig,
            "c",
            call => call == StoreCall.Acquire && ++attempts <= 4 ? new IOException("away") : null
        );

        node.Take(0);
        _rig.Advance(TimeSpan.FromMinutes(1));

        node.Pauses.ShouldBe([1, 2, 3, 3]);
        node.Runs().ShouldBe([0]);
        node.Host.Failure.IsFaulted.ShouldBeFalse();
        node.Host.CommittedPosition(new(0)).ShouldBe(LogPosition.Start);
    }

    [Fact]
    public void What_does_not_pass_stops_its_shard_and_no_other()
    {
        Node node = new(_rig, "c", call => call == StoreCall.Effects ? new InvalidDataException("damaged") : null);
        node.Take(0, 1);
        NewRecord first = Enumerable.Range(0, 100).Select(i => Visit($"u{i}")).First(r => ShardOf(r) == 0);

        _rig.Append(first);
        _rig.Advance(TimeSpan.FromMinutes(10));

        node.Host.Failure.Exception!.InnerException.ShouldBeOfType<InvalidDataException>();
        node.Told.ShouldBe(["begin 0", "begin 1", "end 0", "stopped 0 damaged"]);
        node.Runs().ShouldBe([1]);
        node.Host.CommittedPosition(new(0)).ShouldBeNull();
        node.Host.CommittedPosition(new(1)).ShouldBe(LogPosition.Start);
    }

    [Fact]
    public void A_shard_has_caught_up_once_it_has_applied_what_its_log_held_when_it_was_taken()
    {
        GatedLog log = new(_rig.Memory, _rig.Loop.Time);
        log.Allow(0, 2);
        _rig.Log = log;
        NewRecord[] visits = [.. Enumerable.Range(0, 100).Select(i => Visit($"u{i}")).Where(r => ShardOf(r) == 0)];
        _rig.AppendUnseen(visits[..3]);
        Node node = new(_rig, "c");

        node.Take(0);
        _rig.AppendUnseen(visits[3..6]);
        ReadUpTo(3);
        node.Runs().ShouldBe([0]);
        node.CaughtUp.ShouldBeEmpty("time has not acted since the shard was taken");

        ReadUpTo(7);
        node.CaughtUp.ShouldBe([0]);
        _rig.History().Count.ShouldBe(6);

        _rig.AppendUnseen(visits[6..9]);
        ReadUpTo(10);
        node.CaughtUp.ShouldBe([0], "it is told once");

        node.Release(0);
        node.Take(0);
        node.CaughtUp.ShouldBe([0, 0]);

        void ReadUpTo(long position)
        {
            log.Allow(0, position);
            _rig.Advance(TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public void A_log_that_grows_as_fast_as_it_is_read_does_not_keep_a_shard_from_catching_up()
    {
        GatedLog log = new(_rig.Memory, _rig.Loop.Time);
        log.Allow(0, 1);
        _rig.Log = log;
        NewRecord ann = Enumerable.Range(0, 100).Select(i => Visit($"u{i}")).First(r => ShardOf(r) == 0);
        _rig.AppendUnseen(ann, ann);
        Node node = new(_rig, "c");
        node.Take(0);

        for (int i = 0; i < 5; i++)
        {
            _rig.AppendUnseen(ann, ann);
            log.Allow(0, i + 2);
            _rig.Advance(TimeSpan.FromMinutes(2));
        }

        node.CaughtUp.ShouldBe([0]);
    }

    private static NewRecord Visit(string customer) => Scripted.Track(customer, "visit");

    private static int ShardOf(NewRecord record) => Murmur2.PartitionOf(record.Customer, Shards).Value;

    private static int InShard(int shard, int customers) =>
        Enumerable.Range(1, customers).Count(i => ShardOf(Visit($"u{i}")) == shard);

    private sealed class Node : IShardObserver, IShardCompanion
    {
        private readonly ShardRig _rig;

        public Node(ShardRig rig, string name, Func<StoreCall, Exception?>? fault = null)
        {
            _rig = rig;
            CrashingStore store = new(
                rig.Store,
                rig.Log,
                call => fault?.Invoke(call) is { } error ? throw error : Fault.None,
                default,
                rig.Loop.Time
            );
            ShardServices services = new(store, store, store, store, store, new OutboxSignal(), rig, rig.Loop.Time);
            Host = new(
                shard => new(shard, rig.Rules, rig.Segments, EventLimits.Default, rig.Options, services),
                name,
                this,
                rig.Options,
                this,
                rig.Loop.Time,
                rig.Loop.Scheduler
            );
        }

        public ShardHost Host { get; }

        public List<string> Told { get; } = [];

        public List<int> CaughtUp { get; } = [];

        public List<double> Pauses { get; } = [];

        public void Take(params int[] shards)
        {
            Host.Take([.. shards.Select(shard => new ShardId(shard))]);
            _rig.Loop.Settle();
        }

        public void Release(params int[] shards) =>
            _rig.Loop.Complete(
                _rig.Loop.Start(() => Host.ReleaseAsync([.. shards.Select(shard => new ShardId(shard))])),
                TimeSpan.FromSeconds(10)
            );

        public int[] Runs() => [.. Host.Runners.Where(runner => runner.IsFollowing).Select(runner => runner.Id.Value)];

        public void Begin(ShardId shard) => Told.Add($"begin {shard}");

        void IShardCompanion.CaughtUp(ShardId shard) => CaughtUp.Add(shard.Value);

        public Task EndAsync(ShardId shard)
        {
            Told.Add($"end {shard}");
            return Task.CompletedTask;
        }

        public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

        public void Stopped(ShardId shard, Exception? error) => Told.Add($"stopped {shard} {error?.Message}".TrimEnd());

        public void WillRestart(ShardId shard, Exception error, TimeSpan pause) => Pauses.Add(pause.TotalSeconds);
    }
}
