using NodaTime;
using NodaTime.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

public sealed class WindowReachTests
{
    private static readonly CalendarPeriods Utc = new(DateTimeZone.Utc);

    // Each row was looked up in the zone's calendar. Lord Howe changes by half an hour; Apia left out 30 December 2011.
    [Theory]
    [InlineData("UTC", "Day", "2024-02-29T00:00:00.000Z", "2024-02-29T23:59:59.999Z")]
    [InlineData("UTC", "Day", "2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z")]
    [InlineData("UTC", "Week", "2024-03-03T23:59:59.999Z", "2024-03-03T23:59:59.999Z")]
    [InlineData("UTC", "Week", "2024-03-04T00:00:00.000Z", "2024-03-10T23:59:59.999Z")]
    [InlineData("UTC", "Month", "2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z")]
    [InlineData("UTC", "Year", "2023-12-31T23:59:59.999Z", "2023-12-31T23:59:59.999Z")]
    [InlineData("UTC", "Year", "2024-01-01T00:00:00.000Z", "2024-12-31T23:59:59.999Z")]
    [InlineData("Europe/Berlin", "Day", "2024-03-30T23:00:00.000Z", "2024-03-31T21:59:59.999Z")]
    [InlineData("Europe/Berlin", "Day", "2024-10-26T22:00:00.000Z", "2024-10-27T22:59:59.999Z")]
    [InlineData("Australia/Lord_Howe", "Day", "2024-04-06T13:00:00.000Z", "2024-04-07T13:29:59.999Z")]
    [InlineData("Pacific/Apia", "Day", "2011-12-29T10:00:00.000Z", "2011-12-30T09:59:59.999Z")]
    public void An_event_is_inside_until_its_calendar_period_ends(string zone, string period, string at, string last)
    {
        var calendar = new CalendarPeriods(DateTimeZoneProviders.Tzdb[zone]);
        var reach = new WindowReach();
        reach.RequirePeriod(Enum.Parse<CalendarPeriod>(period), before: 0);

        reach.InsideUntil(Time(at), calendar).ShouldBe(Time(last));
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Pacific/Apia")]
    public void The_last_instant_is_in_the_events_period_and_the_next_one_is_not(string zone)
    {
        var calendar = new CalendarPeriods(DateTimeZoneProviders.Tzdb[zone]);
        foreach (CalendarPeriod period in Enum.GetValues<CalendarPeriod>())
        {
            var reach = new WindowReach();
            reach.RequirePeriod(period, before: 0);
            var random = new Random(7);
            for (int i = 0; i < 2_000; i++)
            {
                var at = new Timestamp(1_262_304_000_000 + random.NextInt64(15L * 366 * 86_400_000));
                Timestamp last = reach.InsideUntil(at, calendar);

                Assert.True(last >= at);
                Assert.True(calendar.Around(last, period).Start <= at);
                Assert.True(calendar.Around(last.Plus(1), period).Start > at);
                Assert.True(reach.Reaches(at, last), "what is inside a window is kept");
            }
        }
    }

    [Fact]
    public void An_event_is_inside_a_sliding_window_until_the_millisecond_before_it_leaves()
    {
        var reach = new WindowReach();
        reach.RequireSliding(1_000);

        reach.InsideUntil(new(5), Utc).ShouldBe(new(1_004));
        reach.Reaches(new(5), new(1_004)).ShouldBeTrue();
        reach.Reaches(new(5), new(1_005)).ShouldBeFalse();
    }

    [Fact]
    public void The_window_that_keeps_it_longest_decides()
    {
        var reach = new WindowReach();
        reach.RequirePeriod(CalendarPeriod.Day, before: 0);
        reach.RequireSliding(3_600_000);

        reach.InsideUntil(Time("2024-02-29T12:00:00.000Z"), Utc).ShouldBe(Time("2024-02-29T23:59:59.999Z"));
        reach.InsideUntil(Time("2024-02-29T23:30:00.000Z"), Utc).ShouldBe(Time("2024-03-01T00:29:59.999Z"));
    }

    [Fact]
    public void A_sequence_that_completes_later_reaches_into_the_next_period()
    {
        var reach = new WindowReach();
        reach.RequirePeriod(CalendarPeriod.Day, before: 7_200_000);

        reach.InsideUntil(Time("2024-02-29T21:59:59.999Z"), Utc).ShouldBe(Time("2024-02-29T23:59:59.999Z"));
        reach.InsideUntil(Time("2024-02-29T22:00:00.000Z"), Utc).ShouldBe(Time("2024-03-01T23:59:59.999Z"));
    }

    [Fact]
    public void What_is_needed_for_ever_is_never_outside()
    {
        var all = new WindowReach();
        all.RequireAllForEver();
        var newest = new WindowReach();
        newest.RequireNewestForEver();

        all.InsideUntil(new(0), Utc).ShouldBe(Timestamp.Never);
        newest.InsideUntil(new(0), Utc).ShouldBe(Timestamp.Never);
        newest.Reaches(new(0), new(long.MaxValue - 1)).ShouldBeTrue();
    }

    [Fact]
    public void Reaches_add_up_to_the_longest_of_each()
    {
        var sum = new WindowReach();
        var other = new WindowReach();
        sum.RequireSliding(10);
        sum.RequirePeriod(CalendarPeriod.Day, before: 5);
        other.RequireSliding(2);
        other.RequirePeriod(CalendarPeriod.Day, before: 50);
        other.RequireNewestForEver();

        sum.Include(other);

        sum.NewestForEver.ShouldBeTrue();
        sum.AllForEver.ShouldBeFalse();
        sum.Longest.ShouldBe(CalendarPeriods.LongestMilliseconds(CalendarPeriod.Day) + 50);
    }

    private static Timestamp Time(string text) =>
        new(InstantPattern.ExtendedIso.Parse(text).Value.ToUnixTimeMilliseconds());
}
