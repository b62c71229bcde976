namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class WindowTests
{
    [Fact]
    public void An_event_leaves_exactly_a_duration_after_it_came() =>
        Story.Rule("exists(a, 10ms)").Given(Track(100, "a")).Makes(until: 500, "100 +s event", "110 -s time");

    [Fact]
    public void Nothing_moves_before_the_instant_and_until_is_inclusive()
    {
        Story.Rule("exists(a, 10ms)").Given(Track(100, "a")).Makes(until: 109, "100 +s event");
        Story.Rule("exists(a, 10ms)").Given(Track(100, "a")).Makes(until: 110, "100 +s event", "110 -s time");
        Story.Rule("exists(a, 10ms)").Given(Track(100, "a")).Makes(until: null, "100 +s event");
    }

    [Fact]
    public void An_offset_delays_both_ends() =>
        Story.Rule("exists(a, 10ms offset 5ms)").Given(Track(100, "a")).Makes(until: 500, "105 +s time", "115 -s time");

    [Fact]
    public void Every_event_in_the_window_counts() =>
        Story
            .Rule("count(a, 10ms) >= 2")
            .Given(Track(100, "a"), Track(105, "a"), Track(108, "a"))
            .Makes(until: 500, "105 +s event", "115 -s time");

    [Fact]
    public void After_last_holds_what_is_strictly_later_than_the_anchor() =>
        Story
            .Rule("count(a, after last(b)) = 1")
            .Given(Track(100, "b"), Track(100, "a"), Track(101, "a"), Track(102, "a"), Track(103, "b"))
            .Makes("101 +s event", "102 -s event");

    [Fact]
    public void After_an_event_that_never_came_means_ever() =>
        Story
            .Rule("count(a, after first(b)) = 1")
            .Given(Track(100, "a"), Track(101, "b"), Track(102, "a"), Track(103, "b"), Track(104, "a"))
            .Makes("100 +s event", "101 -s event", "102 +s event", "104 -s event");

    [Fact]
    public void The_anchor_of_after_may_have_a_condition() =>
        Story
            .Rule("exists(a, after last(b where x = 1))")
            .Given(Track(100, "b", "\"x\":1"), Track(101, "a"), Track(102, "b", "\"x\":2"))
            .Makes("101 +s event");

    [Fact]
    public void A_late_event_changes_what_is_true_now_and_leaves_when_its_own_time_says() =>
        Story
            .Rule("exists(a, 10ms)")
            .Given(Track(100, "b"), Track(95, "a", log: 102))
            .Makes(until: 200, "102 +s event", "105 -s time");

    [Fact]
    public void A_late_event_never_rewrites_the_past() =>
        Story
            .Rule("exists(a, 10ms)")
            .Given(Track(100, "a"), Track(105, "a", log: 120), Track(121, "b"))
            .Makes("100 +s event", "110 -s time");

    [Fact]
    public void The_future_is_clamped_to_the_log_time() =>
        Story
            .Rule("exists(a, 10ms)")
            .Given(Track(5000, "a", log: 100))
            .Makes(until: 9000, "100 +s event", "110 -s time");

    [Fact]
    public void What_is_due_before_a_record_happens_before_it() =>
        Story
            .Rule("exists(a, 10ms)")
            .Given(Track(100, "a"), Track(111, "a"))
            .Makes("100 +s event", "110 -s time", "111 +s event");

    [Fact]
    public void What_is_due_exactly_at_a_record_is_evaluated_with_it_once() =>
        Story.Rule("exists(a, 10ms)").Given(Track(100, "a"), Track(110, "a")).Makes(until: 115, "100 +s event");

    [Fact]
    public void What_is_due_at_a_record_that_does_not_prevent_it_has_the_cause_event() =>
        Story
            .Rule("exists(a, 10ms)")
            .Given(Track(100, "a"), Track(110, "b"))
            .Makes(until: 115, "100 +s event", "110 -s event");

    [Fact]
    public void Another_customers_record_at_the_instant_leaves_the_cause_time() =>
        Story
            .Rule("exists(a, 10ms)")
            .Given(Track(100, "a"), TrackBy("d", 110, "a"), Track(110, "b", log: 111))
            .Makes(until: 115, "100 +s event", "110 -s time", "d 110 +s event");

    [Fact]
    public void This_day_lasts_to_midnight_in_the_zone() =>
        Story
            .Rule("exists(a, this day)")
            .In("Europe/Berlin")
            .Given(Track(Utc(2020, 1, 10, 22), "a"), Track(Utc(2020, 1, 10, 23), "a"))
            .Makes(until: Utc(2020, 1, 20, 0), $"{Utc(2020, 1, 10, 22)} +s event", $"{Utc(2020, 1, 11, 23)} -s time");

    [Theory]
    [InlineData("week", 13)]
    [InlineData("month", 32)]
    [InlineData("year", 367)]
    public void Weeks_start_on_Monday_and_periods_at_their_first_midnight(string period, int dayOfJanuary2020) =>
        // 2020-01-10 was a Friday; 2020 had 366 days.
        Story
            .Rule($"exists(a, this {period})")
            .Given(Track(Utc(2020, 1, 10, 12), "a"))
            .Makes(
                until: Utc(2022, 1, 1, 0),
                $"{Utc(2020, 1, 10, 12)} +s event",
                $"{Utc(2020, 1, 1, 0) + ((dayOfJanuary2020 - 1) * 86_400_000L)} -s time"
            );

    [Fact]
    public void Midnight_itself_belongs_to_the_new_day() =>
        Story
            .Rule("count(a, this day) = 1")
            .Given(Track(Utc(2020, 1, 10, 12), "a"), Track(Utc(2020, 1, 11, 0), "a"))
            .Makes($"{Utc(2020, 1, 10, 12)} +s event");

    [Fact]
    public void A_day_of_23_hours_ends_after_23_hours() =>
        // In Berlin, 2020-03-29 began at 23:00 UTC and ended at 22:00 UTC.
        Story
            .Rule("exists(a, this day)")
            .In("Europe/Berlin")
            .Given(Track(Utc(2020, 3, 28, 23), "a"))
            .Makes(until: Utc(2020, 4, 1, 0), $"{Utc(2020, 3, 28, 23)} +s event", $"{Utc(2020, 3, 29, 22)} -s time");

    [Fact]
    public void A_day_without_midnight_starts_when_the_clocks_jump() =>
        // In Sao Paulo, 2018-11-04 began at 01:00 local time, 03:00 UTC.
        Story
            .Rule("exists(a, this day)")
            .In("America/Sao_Paulo")
            .Given(Track(Utc(2018, 11, 3, 12), "a"))
            .Makes(until: Utc(2018, 11, 6, 0), $"{Utc(2018, 11, 3, 12)} +s event", $"{Utc(2018, 11, 4, 3)} -s time");

    private static long Utc(int year, int month, int day, int hour) =>
        new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
