using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>Time acts where no record does, and acts again at the same place in a replay.</summary>
public sealed class ShardTickTests
{
    private const long Minute = 60_000;
    private static readonly Timestamp Noon = new(1_580_472_000_000);

    private readonly ShardRig _rig = new([Segment("buyer", "count(purchase, 60m) >= 1")]);
    private readonly SkewedLog _log;

    public ShardTickTests()
    {
        _log = new(_rig.Loop.Time);
        _rig.Log = _log;
        _rig.Options = new() { CheckpointInterval = TimeSpan.FromDays(1000) };
    }

    [Fact]
    public void A_recorded_tick_is_repeated_at_its_place()
    {
        Exit_by_a_tick_then_a_purchase_from_before_it();
        string[] history = ["u1 +buyer1 event", "u1 -buyer2 time", "u1 +buyer3 event"];
        _rig.History().ShouldBe(history);

        RunningShard replayed = _rig.Start();
        _rig.History().ShouldBe(history);
        _log.Append(Noon.Plus(80 * Minute), Track("u1", "refund"));
        _log.Clock = Noon.Plus(500 * Minute);
        _rig.Advance(TimeSpan.FromSeconds(1));

        // The purchase is of minute 50, whatever the tick said.
        _rig.History().ShouldBe([.. history, "u1 -buyer4 time"]);
        _rig.Transitions()[^1].At.ShouldBe(Noon.Plus(110 * Minute));
        _rig.Observed.Count.ShouldBe(4);
        replayed.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void A_transition_after_a_tick_is_not_earlier_than_the_tick()
    {
        Exit_by_a_tick_then_a_purchase_from_before_it();

        _rig.Transitions().Select(t => t.At).ShouldBe([Noon, Noon.Plus(60 * Minute), Noon.Plus(70 * Minute)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void A_tick_in_the_millisecond_of_the_last_checkpoint_is_repeated(int checkpointCustomers)
    {
        // u2's purchase leaves in the very millisecond of u1's; a checkpoint falls between the two.
        _rig.Options = _rig.Options with
        {
            CheckpointCustomers = checkpointCustomers,
        };
        RunningShard first = _rig.Start();
        _log.Append(Noon, Track("u2", "purchase"));
        _log.Append(Noon.Plus(60 * Minute), Track("u1", "purchase"));
        _log.Clock = Noon.Plus(60 * Minute);
        _rig.Advance(TimeSpan.FromSeconds(1));
        first.Stop();

        RunningShard second = _rig.Start();
        _log.Clock = Noon.Plus((60 * Minute) + 1);
        _rig.Advance(TimeSpan.FromSeconds(1));
        second.Kill();
        string[] history = ["u2 +buyer1 event", "u1 +buyer1 event", "u2 -buyer2 time"];
        _rig.History().ShouldBe(history, ignoreOrder: true);

        _rig.Start();
        _log.Append(Noon.Plus(60 * Minute), Track("u1", "refund"));
        _rig.Advance(TimeSpan.FromSeconds(1));
        _rig.History().ShouldBe(history, ignoreOrder: true);
        _rig.Observed.Count.ShouldBe(3);
        _rig.Pushes().Select(push => push.Place.Sequence).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_shard_that_lags_is_not_moved_by_the_clock()
    {
        _rig.Options = _rig.Options with { BatchRecords = 1 };
        _log.Append(Noon, Track("u1", "purchase"));
        _log.Append(Noon.Plus(30 * Minute), Track("u1", "purchase"));
        _log.Append(Noon.Plus(89 * Minute), Track("u1", "refund"));
        _log.Clock = Noon.Plus(89 * Minute);
        _rig.Start();

        _rig.History().ShouldBe(["u1 +buyer1 event"]);
    }

    [Fact]
    public void What_fell_due_while_nobody_owned_the_shard_happens_at_once()
    {
        RunningShard first = _rig.Start();
        _log.Append(Noon, Track("u1", "purchase"));
        _log.Clock = Noon;
        _rig.Advance(TimeSpan.FromSeconds(1));
        first.Stop();
        _log.Clock = Noon.Plus(500 * Minute);

        _rig.Start();

        _rig.History().ShouldBe(["u1 +buyer1 event", "u1 -buyer2 time"]);
        _rig.Transitions()[^1].At.ShouldBe(Noon.Plus(60 * Minute));
    }

    [Fact]
    public void A_replay_never_contradicts_what_a_hasty_clock_has_decided() => ForSeeds(usual: 100, LiveHastily);

    private static void LiveHastily(int seed)
    {
        Random random = new(seed);
        RandomCase @case = RandomCases.Create(seed, CaseLevel.Basic);
        ShardRig rig = new([.. @case.Segments.Select(s => Segment(s.Name, s.Rule))])
        {
            Options = new()
            {
                CheckpointInterval = TimeSpan.FromSeconds(random.Next(1, 50)),
                CheckpointCustomers = random.Next(1, 5),
                HotCustomers = 1,
                ResidentCustomers = 1,
            },
        };
        SkewedLog log = new(rig.Loop.Time);
        rig.Log = log;
        Timestamp logTime = Timestamp.Beginning;
        RunningShard shard = rig.Start();
        foreach (CaseLine line in @case.Lines.Select(CaseLine.Read).Where(line => line.Time is not null))
        {
            logTime = Timestamp.Max(logTime, Timestamp.From(line.Time!.Value));
            log.Append(logTime, line.Record);
            log.Clock = logTime.Plus(random.NextInt64(100 * 60 * Minute) * random.Next(2));
            rig.Advance(TimeSpan.FromSeconds(1));
            if (random.Next(3) == 0)
            {
                shard.Kill();
                shard = rig.Start();
            }
        }

        shard.Error.ShouldBeNull();
        List<Transition> transitions = rig.Transitions();
        rig.Observed.ShouldBe(transitions, ignoreOrder: true);
        foreach (var history in rig.Observed.GroupBy(t => (t.Customer, t.Segment)))
        {
            history.Select(t => t.Number).ShouldBe(Enumerable.Range(1, history.Count()).Select(i => (long)i));
            history.Select(t => t.At).ShouldBeInOrder();
        }

        rig.Pushes()
            .Select(push => push.Place.Sequence)
            .ShouldBe(Enumerable.Range(1, transitions.Count).Select(i => (long)i));
    }

    private void Exit_by_a_tick_then_a_purchase_from_before_it()
    {
        RunningShard first = _rig.Start();
        _log.Append(Noon, Track("u1", "purchase"));
        _log.Clock = Noon.Plus(70 * Minute);
        _rig.Advance(TimeSpan.FromSeconds(1));
        _log.Append(Noon.Plus(50 * Minute), Track("u1", "purchase"));
        _rig.Advance(TimeSpan.FromSeconds(1));
        first.Kill();
    }
}
