using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

public sealed class CapTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly PolicySituation _it = new();

    [Fact]
    public void Without_caps_nothing_has_to_be_remembered_and_everything_goes_out()
    {
        _it.Add();
        _it.Add(number: 3);

        _it.Policy.GrantsReach.ShouldBe(TimeSpan.Zero);
        _it.Decide().Values.ShouldAllBe(decision => decision is PolicyDecision.Send);
    }

    [Fact]
    public void A_cap_has_room_at_the_very_instant_at_which_a_grant_leaves_its_window()
    {
        Caps(Cap(2, Hour * 12));
        _it.Sent("mail", -Hour * 11);
        _it.Sent("mail", -Hour * 5);
        _it.Sent("sms", -Hour * 12);
        _it.Add();

        _it.DecideOne().ShouldWaitUntil(Hour, "capped");
        _it.DecideOne(Hour - Millisecond).ShouldWaitUntil(Hour, "capped");
        _it.DecideOne(Hour).ShouldBeSent(true);
        _it.Policy.GrantsReach.ShouldBe(Hour * 12);
    }

    [Fact]
    public void All_caps_hold_and_the_last_to_have_room_tells_when()
    {
        Caps(Cap(1, Hour * 2, channel: "email"), Cap(2, Hour * 24), Cap(1, Hour * 72, channel: "sms"));
        _it.Sent("sms", -Hour * 20);
        _it.Sent("news", -Hour);
        _it.Add();

        _it.DecideOne().ShouldWaitUntil(Hour * 4, "capped");
        _it.DecideOne(Hour * 4).ShouldBeSent(true);
    }

    [Fact]
    public void More_than_a_cap_allows_may_have_gone_out_before_it_was_lowered()
    {
        Caps(Cap(1, Hour * 4));
        _it.Sent("mail", -Hour * 3);
        _it.Sent("mail", -Hour * 2);
        _it.Sent("mail", -Hour);
        _it.Add();

        _it.DecideOne().ShouldWaitUntil(Hour * 3, "capped");
    }

    [Fact]
    public void Only_what_has_caps_is_held_up_and_counted()
    {
        Caps(Cap(1, Hour, purpose: "marketing"));
        _it.Consents.Add(new("email", null, Granted: true, PolicySituation.Noon));
        _it.Sent("mail", TimeSpan.Zero, "service");
        _it.Sent("mail", TimeSpan.Zero, "operations");
        var marketing = _it.Add(segment: "a", options: "\"purpose\":\"marketing\"");
        var second = _it.Add(segment: "b", options: "\"purpose\":\"marketing\"");
        var service = _it.Add(segment: "c");

        var decisions = _it.Decide();

        decisions[marketing].ShouldBeSent(true);
        decisions[second].ShouldWaitUntil(Fresh, "outranked");
        decisions[service].ShouldBeSent(true);

        _it.Sent("mail", TimeSpan.Zero, "marketing");
        _it.Decide()[second].ShouldWaitUntil(Hour, "capped");
    }

    [Fact]
    public void The_more_important_push_wins_and_of_equals_the_older()
    {
        Caps(Cap(2, Hour));
        var low = _it.Add(segment: "a", options: "\"importance\":10");
        var young = _it.Add(segment: "b", after: Millisecond);
        var old = _it.Add(segment: "c");
        var high = _it.Add(segment: "d", after: Millisecond * 2, options: "\"importance\":90");

        var decisions = _it.Decide(Millisecond * 2);

        decisions[high].ShouldBeSent(true);
        decisions[old].ShouldBeSent(true);
        decisions[young].ShouldWaitUntil(Fresh + (Millisecond * 2), "outranked");
        decisions[low].ShouldWaitUntil(Fresh + (Millisecond * 2), "outranked");
    }

    [Fact]
    public void A_more_important_push_at_a_connector_that_does_not_send_loses_its_place()
    {
        Caps(Cap(1, Hour));
        var high = _it.Add("sms", segment: "a", options: "\"importance\":90");
        var low = _it.Add("mail", segment: "b");

        _it.Decide(Hour)[low].ShouldBeSent(true);
        _it.Decide(Fresh)[low].ShouldBeSent(true);
        var early = _it.Decide(Fresh - Millisecond);
        early[high].ShouldBeSent(true);
        early[low].ShouldWaitUntil(Fresh, "outranked");
    }

    [Fact]
    public void What_was_put_off_competes_again_when_its_time_has_come()
    {
        Caps(Cap(1, Hour));
        var high = _it.Add("sms", segment: "a", options: "\"importance\":90", notBefore: Hour);
        var low = _it.Add("mail", segment: "b");

        _it.Decide(Hour - Millisecond)[low].ShouldBeSent(true);
        _it.Decide(Hour)[low].ShouldWaitUntil(Hour + Fresh, "outranked");
        _it.Decide(Hour)[high].ShouldBeSent(true);
    }

    [Fact]
    public void What_cannot_go_out_itself_takes_no_room()
    {
        Caps(Cap(1, Hour, channel: "sms"), Cap(2, Hour));
        _it.Sent("sms", TimeSpan.Zero);
        var high = _it.Add("sms", segment: "a", options: "\"importance\":90");
        var low = _it.Add("mail", segment: "b");

        var decisions = _it.Decide();

        decisions[high].ShouldWaitUntil(Hour, "capped");
        decisions[low].ShouldBeSent(true);
    }

    [Fact]
    public void Over_the_cap_a_push_may_end()
    {
        Caps(Cap(1, Hour));
        _it.Sent("mail", TimeSpan.Zero);
        _it.Add(options: "\"over-cap\":\"drop\"");

        _it.DecideOne()
            .ShouldBe(new PolicyDecision.Drop(_it.Pending[0].Push.Id, "over-cap: all channels, 1 within 1h"));
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("replace")]
    public void Nothing_ends_for_a_place_that_may_yet_be_free(string overCap)
    {
        Caps(Cap(1, Hour));
        _it.Add(segment: "a", options: "\"importance\":90");
        var b = _it.Add(segment: "b", options: $"\"over-cap\":\"{overCap}\"");
        var c = _it.Add(segment: "c", options: $"\"over-cap\":\"{overCap}\"");

        var decisions = _it.Decide();

        decisions[b].ShouldWaitUntil(Fresh, "outranked");
        decisions[c].ShouldWaitUntil(Fresh, "outranked");
    }

    [Fact]
    public void Of_those_that_may_be_replaced_the_most_important_goes_on_waiting_and_of_equals_the_newest()
    {
        Caps(Cap(1, Hour));
        _it.Sent("mail", TimeSpan.Zero);
        const string replace = "\"over-cap\":\"replace\"";
        var old = _it.Add(segment: "a", options: replace);
        var low = _it.Add(segment: "b", after: Millisecond * 5, options: $"{replace},\"importance\":49");
        var young = _it.Add(segment: "c", after: Millisecond, options: replace);
        var defers = _it.Add(segment: "d", options: "\"importance\":1");

        var decisions = _it.Decide(Millisecond * 5);

        decisions[old].ShouldBe(new PolicyDecision.Drop(old, $"replaced: by {young}"));
        decisions[low].ShouldBe(new PolicyDecision.Drop(low, $"replaced: by {young}"));
        decisions[young].ShouldWaitUntil(Hour, "capped");
        decisions[defers].ShouldWaitUntil(Hour, "capped");
    }

    [Fact]
    public void What_is_replaced_at_one_cap_does_not_end_for_what_waits_at_another()
    {
        Caps(Cap(1, Hour, channel: "email"), Cap(1, Hour, channel: "sms"));
        _it.Sent("mail", TimeSpan.Zero);
        _it.Sent("sms", TimeSpan.Zero);
        var mail = _it.Add(segment: "a", options: "\"over-cap\":\"replace\"");
        var sms = _it.Add("sms", segment: "b", options: "\"over-cap\":\"replace\"");

        var decisions = _it.Decide();

        decisions[mail].ShouldWaitUntil(Hour, "capped");
        decisions[sms].ShouldWaitUntil(Hour, "capped");
    }

    [Fact]
    public void An_enter_that_ends_over_its_cap_takes_its_exit_with_it()
    {
        Caps(Cap(1, Hour));
        _it.Sent("mail", TimeSpan.Zero);
        var enter = _it.Add(options: "\"over-cap\":\"drop\"");
        var exit = _it.Add(number: 2, options: "\"collapse\":true,\"purpose\":\"operations\"");

        var decisions = _it.Decide();

        decisions[enter].Reason.ShouldStartWith("over-cap: ");
        decisions[exit].Reason.ShouldStartWith("collapsed: ");
    }

    [Fact]
    public void A_push_that_was_let_out_takes_no_second_place()
    {
        Caps(Cap(2, Hour));
        var first = _it.Add(segment: "a");
        _it.Grants.Add(new(first, new("mail"), "service", PolicySituation.Noon));
        var second = _it.Add(segment: "b");
        var third = _it.Add("sms", segment: "c");

        var decisions = _it.Decide();

        decisions[first].ShouldBeSent(true);
        decisions[second].ShouldBeSent(true);
        decisions[third].ShouldWaitUntil(Fresh, "outranked");
    }

    private static CapOptions Cap(int atMost, TimeSpan within, string? channel = null, string? purpose = null) =>
        new()
        {
            Channel = channel,
            Purpose = purpose,
            AtMost = atMost,
            Within = within,
        };

    private void Caps(params CapOptions[] caps) => _it.Options = _it.Options with { Caps = caps };
}
