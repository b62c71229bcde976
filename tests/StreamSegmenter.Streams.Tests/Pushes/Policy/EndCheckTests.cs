using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>What must never be sent, one reason at a time.</summary>
public sealed class EndCheckTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PolicySituation _it = new();

    [Fact]
    public void What_nothing_speaks_against_is_sent()
    {
        var id = _it.Add();

        _it.DecideOne().ShouldBe(new PolicyDecision.Send(id, "service", "ok"));
    }

    [Theory]
    [InlineData("3h", 2.99, true)]
    [InlineData("3h", 3, false)]
    [InlineData("0s", 9999, true)]
    public void A_push_lives_until_it_expires(string expires, double hours, bool isSent)
    {
        _it.Add(options: $"\"expires\":\"{expires}\"");

        Is(isSent, "expired: at 2026-03-02T15:00:00.000Z", _it.DecideOne(TimeSpan.FromHours(hours)));
    }

    [Fact]
    public void A_push_that_expires_while_it_waits_is_asked_about_then()
    {
        _it.Options = new() { Caps = [new() { AtMost = 1, Within = Hour * 12 }] };
        _it.Sent("mail", -Hour);
        _it.Add(options: "\"expires\":\"3h\"");

        _it.DecideOne().ShouldBeOfType<PolicyDecision.Wait>().Until.ShouldBe(PolicySituation.Later(Hour * 3));
    }

    [Theory]
    [InlineData("ann@example.com", false)]
    [InlineData("bob@example.com", true)]
    public void Nothing_goes_to_a_suppressed_address(string suppressed, bool isSent)
    {
        _it.Suppressions.Add(new("email", suppressed));
        _it.Add();

        Is(isSent, "suppressed: email", _it.DecideOne());
        _it.Policy.AddressOf(_it.Pending[0]).ShouldBe(new Suppression("email", "ann@example.com"));
    }

    [Theory]
    [InlineData(null, "drop")]
    [InlineData(false, "drop")]
    [InlineData(true, "send")]
    public void A_purpose_that_is_configured_no_longer_needs_consent_by_its_name(bool? said, string expected)
    {
        if (said is { } granted)
        {
            _it.Consents.Add(new("email", "newsletter", granted, PolicySituation.Noon));
        }

        _it.Add(options: "\"purpose\":\"newsletter\"");

        (_it.DecideOne() is PolicyDecision.Send ? "send" : "drop").ShouldBe(expected);
    }

    [Fact]
    public void A_push_without_an_address_has_none_that_could_be_suppressed()
    {
        _it.Add(profile: "");
        _it.Add(to: "sms");

        _it.Pending.ShouldAllBe(push => _it.Policy.AddressOf(push) == null);
    }

    // What was said of the purpose and of the channel (+ granted, - refused, the digit is when), and whether mail goes
    // out where consent is required, and where it is assumed.
    [Theory]
    [InlineData("", "", false, true)]
    [InlineData("+1", "", true, true)]
    [InlineData("-1", "", false, false)]
    [InlineData("", "+1", true, true)]
    [InlineData("", "-1", false, false)]
    [InlineData("+1", "-0", true, true)]
    [InlineData("+1", "-1", true, true)]
    [InlineData("+1", "-2", false, false)]
    [InlineData("-1", "+2", false, false)]
    [InlineData("-2", "+1", false, false)]
    public void Consent_decides(string ofPurpose, string ofChannel, bool whenRequired, bool whenAssumed)
    {
        Says("marketing", ofPurpose);
        Says("service", ofPurpose);
        Says(null, ofChannel);
        _it.Consents.Add(new("sms", "marketing", Granted: true, PolicySituation.Noon));
        var marketing = _it.Add(options: "\"purpose\":\"marketing\"");
        var service = _it.Add(number: 3);
        var staff = _it.Add(number: 5, options: "\"purpose\":\"operations\"");

        var decisions = _it.Decide();

        decisions[marketing].ShouldBeSent(whenRequired);
        decisions[service].ShouldBeSent(whenAssumed);
        decisions[staff].ShouldBeSent(true);
    }

    [Fact]
    public void A_refusal_tells_itself_from_silence()
    {
        _it.Add(options: "\"purpose\":\"marketing\"");
        _it.DecideOne().Reason.ShouldBe("no-consent: email, purpose marketing");

        _it.Consents.Add(new("email", null, Granted: false, PolicySituation.Noon));
        _it.DecideOne().Reason.ShouldBe("refused: email, purpose marketing, at 2026-03-02T12:00:00.000Z");
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(2, false, true)]
    public void A_recheck_asks_whether_the_customer_still_stands_so(long number, bool isMember, bool isSent)
    {
        _it.Add(number: number, options: "\"recheck\":true");
        _it.Standings[new("vip")] = new(9, isMember);

        _it.DecideOne().ShouldBeSent(isSent);
    }

    [Fact]
    public void Without_recheck_and_collapse_what_came_later_does_not_matter()
    {
        _it.Add();
        _it.Standings[new("vip")] = new(2, IsMember: false);

        _it.DecideOne().ShouldBeSent(true);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void What_was_crossed_back_before_it_was_sent_collapses(long newest, bool isSent)
    {
        _it.Add(options: "\"collapse\":true");
        _it.Standings[new("vip")] = new(newest, newest % 2 == 1);

        Is(isSent, $"collapsed: transition {newest} of vip has followed", _it.DecideOne());
    }

    [Fact]
    public void An_exit_whose_enter_was_never_sent_collapses_even_in_the_same_answer()
    {
        var enter = _it.Add(options: "\"collapse\":true");
        var exit = _it.Add(number: 2, options: "\"collapse\":true");

        var decisions = _it.Decide();

        decisions[enter].ShouldBeOfType<PolicyDecision.Drop>();
        decisions[exit].Reason.ShouldBe("collapsed: that vip was entered was never sent");
    }

    [Fact]
    public void An_exit_collapses_only_when_all_pushes_about_its_enter_were_unsent()
    {
        PushTarget mail = new(new("mail"), "{}"u8.ToArray());
        _it.Segments.Add(new(new(new("vip"), "", "any", TimeSpan.Zero), [mail, mail], []));
        _it.Add(number: 2, options: "\"collapse\":true");
        _it.Unsent.Add(PolicySituation.IdOf("mail", "vip", 1, ordinal: 1));

        _it.DecideOne().ShouldBeSent(true);
        _it.Unsent.Add(PolicySituation.IdOf("mail", "vip", 1, ordinal: 2));
        _it.DecideOne().ShouldBeSent(false);
    }

    [Fact]
    public void An_exit_after_an_enter_that_may_have_been_sent_does_not_collapse()
    {
        var enter = _it.Add(options: "\"recheck\":true", attempts: 1);
        var exit = _it.Add(number: 2, options: "\"collapse\":true");

        var decisions = _it.Decide();

        decisions[enter].ShouldBeSent(false);
        decisions[exit].ShouldBeSent(true);
    }

    [Fact]
    public void What_was_let_out_before_is_asked_about_consent_and_life_but_not_about_room()
    {
        _it.Options = new() { Holdout = 100, Caps = [new() { AtMost = 1, Within = Hour }] };
        var id = _it.Add(options: "\"collapse\":true,\"expires\":\"1h\"");
        _it.Grants.Add(new(id, new("mail"), "service", PolicySituation.Noon));
        _it.Sent("mail", TimeSpan.Zero);
        _it.Standings[new("vip")] = new(2, IsMember: false);

        _it.DecideOne().ShouldBe(new PolicyDecision.Send(id, "service", "ok: it was let out before"));
        _it.DecideOne(Hour).Reason.ShouldStartWith("expired");
        _it.Consents.Add(new("email", null, Granted: false, PolicySituation.Noon));
        _it.DecideOne().Reason.ShouldStartWith("refused");
    }

    [Fact]
    public void The_checks_have_an_order()
    {
        _it.Options = new() { Holdout = 100 };
        _it.Holdouts[new("vip")] = 100;
        _it.Suppressions.Add(new("email", "ann@example.com"));
        _it.Consents.Add(new("email", null, Granted: false, PolicySituation.Noon));
        _it.Add(options: "\"expires\":\"1s\",\"recheck\":true,\"collapse\":true");
        _it.Standings[new("vip")] = new(2, IsMember: false);

        List<string> found = [Code(_it.DecideOne(Hour))];
        _it.Pending.Clear();
        _it.Add(options: "\"recheck\":true,\"collapse\":true");
        _it.Standings[new("vip")] = new(2, IsMember: false);
        found.Add(Code(_it.DecideOne()));
        _it.Suppressions.Clear();
        found.Add(Code(_it.DecideOne()));
        _it.Consents.Clear();
        found.Add(Code(_it.DecideOne()));
        _it.Standings[new("vip")] = new(3, IsMember: true);
        found.Add(Code(_it.DecideOne()));
        _it.Standings[new("vip")] = new(1, IsMember: true);
        found.Add(_it.DecideOne().Reason);
        _it.Holdouts.Clear();
        found.Add(_it.DecideOne().Reason);

        found.ShouldBe([
            "expired",
            "suppressed",
            "refused",
            "recheck",
            "collapsed",
            "holdout: segment vip",
            "holdout: global",
        ]);
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("[]")]
    [InlineData("""{"options":7,"segment":"vip","transition":[],"profile":null}""")]
    [InlineData("""{"options":{"importance":"much","expires":"soon","digest":[1],"recheck":"perhaps","purpose":[]}}""")]
    [InlineData("""{"profile":{"timezone":"\ud800","email":"\ud800"},"options":{"over-cap":"\udc00"}}""")]
    public void Content_that_cannot_be_read_counts_as_silent(string content)
    {
        _it.Add();
        _it.Pending[0] = _it.Pending[0] with
        {
            Push = _it.Pending[0].Push with { Content = System.Text.Encoding.UTF8.GetBytes(content) },
        };

        _it.DecideOne().ShouldBeSent(true);
        _it.Policy.AddressOf(_it.Pending[0]).ShouldBeNull();
    }

    private void Says(string? purpose, string word)
    {
        if (word.Length > 0)
        {
            var at = PolicySituation.Later(TimeSpan.FromMinutes(word[1] - '0'));
            _it.Consents.Add(new("email", purpose, word[0] == '+', at));
        }
    }

    private static void Is(bool isSent, string reason, PolicyDecision decision)
    {
        decision.ShouldBeSent(isSent);
        decision.Reason.ShouldBe(isSent ? "ok" : reason);
    }

    private static string Code(PolicyDecision decision) => decision.Reason[..decision.Reason.IndexOf(':')];
}
