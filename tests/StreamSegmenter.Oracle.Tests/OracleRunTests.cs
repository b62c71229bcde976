namespace StreamSegmenter.Oracle.Tests;

public sealed class OracleRunTests
{
    private static readonly OracleConfig Config = new([new("s", "exists(a, 10ms)"), new("r", "not in(\"s\")")]);

    [Fact]
    public void Transitions_come_by_instant_customer_and_segment_and_count_up()
    {
        var result = OracleRun.Simulate(
            Config,
            [TrackBy("d", 100, "a", id: "m1"), TrackBy("c", 100, "a", id: "m2"), TrackBy("B", 105, "b")],
            DateTimeOffset.FromUnixTimeMilliseconds(110)
        );
        result.Transitions.ShouldBe([
            new(100, "c", "s", true, "event", "m2", 1),
            new(100, "d", "s", true, "event", "m1", 1),
            new(105, "B", "r", true, "event", null, 1),
            new(110, "c", "r", true, "time", null, 1),
            new(110, "c", "s", false, "time", null, 2),
            new(110, "d", "r", true, "time", null, 1),
            new(110, "d", "s", false, "time", null, 2),
        ]);
    }

    [Fact]
    public void Two_records_of_one_instant_may_enter_and_exit_in_order_of_happening()
    {
        var result = OracleRun.Simulate(
            new OracleConfig([new("s", "count(a) = 1")]),
            [Track(100, "a"), Track(100, "a")]
        );
        result.Transitions.Select(t => (t.At, t.Entered, t.Sequence)).ShouldBe([(100, true, 1), (100, false, 2)]);
    }

    [Fact]
    public void Log_time_never_decreases()
    {
        var result = OracleRun.Simulate(
            new OracleConfig([new("s", "exists(a, 10ms)")]),
            [TrackBy("d", 100, "x"), Track(95, "a")],
            DateTimeOffset.FromUnixTimeMilliseconds(200)
        );
        result.Transitions.Select(t => (t.At, t.Entered)).ShouldBe([(100, true), (105, false)]);
    }

    [Fact]
    public void Records_bring_their_own_log_time()
    {
        var result = OracleRun.Simulate(
            new OracleConfig([new("s", "exists(a, 10ms)")]),
            [new OracleRecord(103, Track(100, "a", log: 999)), new OracleRecord(120, Track(118, "b"))]
        );
        result.Transitions.Select(t => (t.At, t.Entered)).ShouldBe([(103, true), (110, false)]);
    }

    [Fact]
    public void Until_before_the_last_record_changes_nothing()
    {
        var result = OracleRun.Simulate(
            new OracleConfig([new("s", "exists(a, 10ms)")]),
            [Track(100, "a"), TrackBy("d", 110, "b")],
            DateTimeOffset.FromUnixTimeMilliseconds(50)
        );
        result.Transitions.Select(t => (t.At, t.Entered)).ShouldBe([(100, true)]);
    }

    [Fact]
    public void Without_until_what_is_due_at_the_last_instant_stays_open()
    {
        IReadOnlyList<string> lines = [Track(100, "a"), TrackBy("d", 110, "b")];
        var config = new OracleConfig([new("s", "exists(a, 10ms)")]);
        OracleRun.Simulate(config, lines).Transitions.Count.ShouldBe(1);
        OracleRun.Simulate(config, lines, DateTimeOffset.FromUnixTimeMilliseconds(110)).Transitions.Count.ShouldBe(2);
    }
}
