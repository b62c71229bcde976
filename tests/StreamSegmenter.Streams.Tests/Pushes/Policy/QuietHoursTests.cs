using System.Globalization;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>
/// Quiet hours by the clock on the wall. The changes of offset are those of the time zone database: Europe/Berlin
/// 2026-03-29 02:00 to 03:00 and 2026-10-25 03:00 to 02:00, America/New_York 2026-03-08 and 2026-11-01,
/// Australia/Lord_Howe by half an hour on 2026-04-05 (02:00 to 01:30) and 2026-10-04 (02:00 to 02:30).
/// </summary>
public sealed class QuietHoursTests
{
    [Theory]
    [InlineData("21:00", "08:00", "UTC", "2026-03-02T20:59:59.999Z", null)]
    [InlineData("21:00", "08:00", "UTC", "2026-03-02T21:00:00Z", "2026-03-03T08:00:00Z")]
    [InlineData("21:00", "08:00", "UTC", "2026-03-03T07:59:59.999Z", "2026-03-03T08:00:00Z")]
    [InlineData("21:00", "08:00", "UTC", "2026-03-03T08:00:00Z", null)]
    [InlineData("12:30", "13:30", "UTC", "2026-03-03T12:31:00Z", "2026-03-03T13:30:00Z")]
    [InlineData("12:30", "13:30", "UTC", "2026-03-03T13:30:00Z", null)]
    [InlineData("00:00", "00:00", "UTC", "2026-03-03T00:00:00Z", null)]
    [InlineData("21:00", "08:00", "Asia/Kolkata", "2026-03-03T02:29:00Z", "2026-03-03T02:30:00Z")]
    // A short night, and a long one.
    [InlineData("21:00", "08:00", "Europe/Berlin", "2026-03-28T20:00:00Z", "2026-03-29T06:00:00Z")]
    [InlineData("21:00", "08:00", "Europe/Berlin", "2026-10-24T19:00:00Z", "2026-10-25T07:00:00Z")]
    [InlineData("21:00", "08:00", "America/New_York", "2026-03-08T02:00:00Z", "2026-03-08T12:00:00Z")]
    [InlineData("21:00", "08:00", "America/New_York", "2026-11-01T01:00:00Z", "2026-11-01T13:00:00Z")]
    // The end is a time that the clock skips: quiet until it skips.
    [InlineData("21:00", "02:30", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("21:00", "02:30", "America/New_York", "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z")]
    [InlineData("21:00", "02:10", "Australia/Lord_Howe", "2026-10-03T15:00:00Z", "2026-10-03T15:30:00Z")]
    // So is the beginning: quiet from there on.
    [InlineData("02:30", "05:00", "Europe/Berlin", "2026-03-29T00:59:00Z", null)]
    [InlineData("02:30", "05:00", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z")]
    // The end comes twice: it is loud in between, and quiet once more.
    [InlineData("21:00", "02:30", "Europe/Berlin", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("21:00", "02:30", "Europe/Berlin", "2026-10-25T00:45:00Z", null)]
    [InlineData("21:00", "02:30", "Europe/Berlin", "2026-10-25T01:15:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("21:00", "01:45", "Australia/Lord_Howe", "2026-04-04T14:30:00Z", "2026-04-04T14:45:00Z")]
    [InlineData("21:00", "01:45", "Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-04T15:15:00Z")]
    // The beginning comes twice, and the clock goes back to before it.
    [InlineData("02:30", "05:00", "Europe/Berlin", "2026-10-25T00:40:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("02:30", "05:00", "Europe/Berlin", "2026-10-25T01:40:00Z", "2026-10-25T04:00:00Z")]
    public void Nothing_goes_out_while_the_clock_on_the_wall_shows_quiet_hours(
        string from,
        string to,
        string zone,
        string now,
        string? until
    )
    {
        var it = In(zone, from, to);

        var decision = it.Decide(PolicySituation.At(now)).Values.Single();

        (decision as PolicyDecision.Wait)?.Until.ToString().ShouldBe(PolicySituation.At(until!).ToString());
        (decision is PolicyDecision.Send).ShouldBe(until is null, decision.ToString());
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T00:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-24T00:00:00Z")]
    [InlineData("America/New_York", "2026-03-07T12:00:00Z")]
    [InlineData("America/New_York", "2026-10-31T12:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T00:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T00:00:00Z")]
    public void Every_minute_around_a_change_agrees_with_the_systems_clock(string zone, string from)
    {
        var system = TimeZoneInfo.FindSystemTimeZoneById(zone);
        foreach (
            var (begin, end) in (ReadOnlySpan<(string, string)>)
                [("21:00", "02:15"), ("01:40", "02:20"), ("23:00", "02:00")]
        )
        {
            var it = In(zone, begin, end);
            var start = PolicySituation.At(from);
            bool[] isQuiet =
            [
                .. Enumerable.Range(0, 3 * 1440).Select(minute => IsQuiet(system, start, minute, begin, end)),
            ];
            for (int minute = 0; minute < 2 * 1440; minute++)
            {
                var decision = it.Decide(start.Plus(minute * 60_000L)).Values.Single();
                var loud = Array.IndexOf(isQuiet, false, minute);
                var expected = loud == minute ? null : (Timestamp?)start.Plus(loud * 60_000L);
                (decision as PolicyDecision.Wait)?.Until.ShouldBe(expected!.Value);
                (decision is PolicyDecision.Send).ShouldBe(expected is null);
            }
        }
    }

    [Fact]
    public void The_customers_own_zone_counts_if_it_is_known_and_else_the_usual_one()
    {
        var it = In("Asia/Tokyo", "21:00", "08:00");
        it.Decide(PolicySituation.At("2026-03-02T13:00:00Z")).Values.Single().ShouldBeOfType<PolicyDecision.Wait>();

        foreach (string zone in (string[])["Atlantis/Poseidonis", "", "9"])
        {
            it = In(zone, "21:00", "08:00");
            it.Decide(PolicySituation.At("2026-03-02T13:00:00Z")).Values.Single().ShouldBeSent(true);
        }
    }

    [Fact]
    public void A_channel_may_have_quiet_hours_of_its_own_or_none()
    {
        var it = new PolicySituation();
        it.Options = it.Options with
        {
            QuietHours = new() { From = new(11, 0), To = new(13, 0) },
            Channels = new Dictionary<string, ChannelPolicyOptions>(StringComparer.Ordinal)
            {
                ["sms"] = new()
                {
                    QuietHours = new() { From = new(10, 0), To = new(20, 0) },
                },
                ["email"] = new() { QuietHours = new() },
            },
        };
        var sms = it.Add("sms");
        var mail = it.Add();
        var staff = it.Add("sms", number: 3, options: "\"purpose\":\"operations\"");
        var urgent = it.Add("sms", number: 5, options: "\"ignore-quiet-hours\":true", segment: "fraud");

        var decisions = it.Decide();

        decisions[sms].ShouldWaitUntil(TimeSpan.FromHours(8), "quiet-hours");
        decisions[mail].ShouldBeSent(true);
        decisions[urgent].ShouldBeSent(true);
        decisions[staff].Reason.ShouldStartWith("order: ");
    }

    [Fact]
    public void What_was_let_out_before_is_not_tried_again_while_it_is_quiet()
    {
        var it = new PolicySituation();
        it.Options = it.Options with
        {
            QuietHours = new() { From = new(11, 0), To = new(14, 0) },
        };
        var let = it.Add(segment: "a");
        it.Grants.Add(new(let, new("mail"), "service", PolicySituation.Later(TimeSpan.FromHours(-2))));
        var late = it.Add(segment: "b", attempts: 2, notBefore: TimeSpan.FromHours(5));
        var exit = it.Add(segment: "a", number: 2, options: "\"ignore-quiet-hours\":true");
        var urgent = it.Add(segment: "c", options: "\"ignore-quiet-hours\":true", attempts: 1);
        var staff = it.Add(segment: "d", options: "\"purpose\":\"operations\"", attempts: 1);

        var decisions = it.Decide();

        decisions[let].ShouldWaitUntil(TimeSpan.FromHours(2), "quiet-hours");
        decisions[late].ShouldWaitUntil(TimeSpan.FromHours(5), "quiet-hours");
        decisions[exit].ShouldWaitUntil(TimeSpan.FromHours(2), "order");
        decisions[urgent].ShouldBeSent(true);
        decisions[staff].ShouldBeSent(true);
        var morning = it.Decide(TimeSpan.FromHours(2));
        morning[let].ShouldBeSent(true);
        morning[late].ShouldWaitUntil(TimeSpan.FromHours(5), "retry");
        morning[exit].ShouldWaitUntil(TimeSpan.FromHours(5), "order");
    }

    private static PolicySituation In(string zone, string from, string to)
    {
        var it = new PolicySituation();
        it.Options = it.Options with
        {
            QuietHours = new() { From = Time(from), To = Time(to) },
        };
        it.Add(profile: $"\"timezone\":\"{zone}\"");
        return it;
    }

    private static bool IsQuiet(TimeZoneInfo zone, Timestamp start, int minute, string from, string to)
    {
        var local = TimeZoneInfo.ConvertTime(start.Plus(minute * 60_000L).ToDateTimeOffset(), zone);
        string clock = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        return string.CompareOrdinal(from, to) < 0
            ? string.CompareOrdinal(clock, from) >= 0 && string.CompareOrdinal(clock, to) < 0
            : string.CompareOrdinal(clock, from) >= 0 || string.CompareOrdinal(clock, to) < 0;
    }

    private static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
}
