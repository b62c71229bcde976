using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>Which pushes go out as one, and when.</summary>
public sealed class DigestTests
{
    private const string Hourly = "\"digest\":\"1h\"";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PolicySituation _it = new();

    [Fact]
    public void Pushes_gather_until_the_first_has_waited_long_enough_and_go_out_with_it()
    {
        var first = _it.Add(segment: "a", options: Hourly);
        var second = _it.Add(segment: "b", after: Minute * 59, options: Hourly);

        var early = _it.Decide(Minute * 59);
        early[first].ShouldWaitUntil(Hour, "digest");
        early[second].ShouldWaitUntil(Hour, "digest");

        var due = _it.Decide(Hour);
        due[first].ShouldBe(new PolicyDecision.Send(first, "service", "ok: carries 1 more"));
        due[second].ShouldBe(new PolicyDecision.Merge(second, first, $"digest: a part of {first}"));
    }

    [Fact]
    public void What_a_clock_ahead_has_made_gathers_once_from_when_it_is_first_seen()
    {
        var first = _it.Add(segment: "a", after: Hour * 5, options: Hourly);
        _it.Decide()[first].ShouldWaitUntil(Hour, "digest");

        _it.Pending[0] = _it.Pending[0] with { NotBefore = PolicySituation.Later(Hour) };
        _it.Decide(Minute * 59)[first].ShouldWaitUntil(Hour, "digest");
        _it.Decide(Hour)[first].Reason.ShouldBe("ok");
    }

    [Fact]
    public void Without_a_digest_what_a_clock_ahead_has_made_goes_at_once()
    {
        _it.Add(after: Hour * 5);

        _it.DecideOne().Reason.ShouldBe("ok");
    }

    [Fact]
    public void One_alone_goes_out_as_it_is()
    {
        _it.Add(options: Hourly);

        _it.DecideOne(Hour).Reason.ShouldBe("ok");
    }

    [Theory]
    [InlineData("\"digest\":\"2h\"")]
    [InlineData("")]
    [InlineData(Hourly + ",\"purpose\":\"operations\"")]
    [InlineData(Hourly + ",\"template\":\"other\"")]
    [InlineData(Hourly + ",\"channel\":\"other\"")]
    [InlineData(Hourly + ",\"over-cap\":\"drop\"")]
    [InlineData(Hourly + ",\"ignore-quiet-hours\":true")]
    [InlineData(Hourly + ",\"expires\":\"9h\"")]
    [InlineData(Hourly + ",\"recheck\":true")]
    public void What_differs_in_what_matters_stays_apart(string options)
    {
        _it.Add(segment: "a", options: Hourly);
        _it.Add(segment: "b", options: options);
        _it.Add("news", segment: "b", options: Hourly);
        _it.Add(segment: "c", options: Hourly, profile: "\"email\":\"new@example.com\"");

        _it.Decide(Hour * 3).Values.ShouldAllBe(decision => decision is PolicyDecision.Send);
    }

    [Fact]
    public void What_differs_otherwise_goes_together_and_is_as_important_as_its_most_important_part()
    {
        _it.Options = _it.Options with { Caps = [new() { AtMost = 1, Within = Hour }] };
        var single = _it.Add(segment: "x", options: "\"importance\":50");
        var first = _it.Add(segment: "a", options: Hourly + ",\"importance\":1,\"priority\":\"low\"");
        var second = _it.Add(segment: "b", options: Hourly + ",\"importance\":51");

        var decisions = _it.Decide(Hour);

        decisions[first].ShouldBeSent(true);
        decisions[second].ShouldBeOfType<PolicyDecision.Merge>();
        decisions[single].ShouldWaitUntil(Hour + TimeSpan.FromSeconds(5), "outranked");
    }

    [Fact]
    public void A_digest_that_waits_goes_on_gathering()
    {
        _it.Options = _it.Options with
        {
            QuietHours = new() { From = new(12, 30), To = new(20, 0) },
        };
        _it.Add(segment: "a", options: Hourly);
        _it.Add(segment: "b", after: Hour * 7, options: Hourly);

        _it.Decide(Hour * 7).Values.ShouldAllBe(decision => decision.Reason.StartsWith("quiet-hours: "));
        _it.Decide(Hour * 8).Values.OfType<PolicyDecision.Merge>().Count().ShouldBe(1);
    }

    [Fact]
    public void What_ends_is_no_part_of_it_and_the_next_one_carries()
    {
        _it.Add(segment: "a", options: Hourly + ",\"expires\":\"61m\"");
        var second = _it.Add(segment: "b", after: Minute, options: Hourly);
        var third = _it.Add(segment: "c", after: Minute, options: Hourly);

        var decisions = _it.Decide(Minute * 61);

        decisions[second].ShouldBeSent(true);
        decisions[third].ShouldBe(new PolicyDecision.Merge(third, second, $"digest: a part of {second}"));
    }

    [Fact]
    public void A_digest_on_its_way_lives_as_long_as_the_last_of_what_it_carries()
    {
        const string options = Hourly + ",\"expires\":\"3h\"";
        _it.Add(segment: "a", options: options);
        _it.Add(segment: "b", after: Minute * 30, options: options);
        var carrier = _it.LetOut(Hour);

        _it.Decide(Minute * 209)[carrier].ShouldBeSent(true);
        _it.Decide(Minute * 210)[carrier].ShouldBeOfType<PolicyDecision.Drop>().Reason.ShouldStartWith("expired: ");
    }

    [Fact]
    public void A_digest_on_its_way_ends_by_recheck_when_nothing_of_it_holds()
    {
        const string options = Hourly + ",\"recheck\":true";
        _it.Add(segment: "a", options: options);
        _it.Add(segment: "b", options: options);
        var carrier = _it.LetOut(Hour);

        _it.Standings[new("a")] = new(2, IsMember: false);
        _it.Decide(Hour)[carrier].ShouldBeSent(true);
        _it.Standings[new("b")] = new(2, IsMember: false);
        _it.Decide(Hour)[carrier].Reason.ShouldBe("recheck: no longer a member of a");
    }

    [Fact]
    public void What_was_let_out_takes_nothing_in_any_more()
    {
        var first = _it.Add(segment: "a", options: Hourly, attempts: 1);
        var second = _it.Add(segment: "b", options: Hourly);

        var decisions = _it.Decide(Hour);

        decisions[first].ShouldBeSent(true);
        decisions[second].ShouldBeSent(true);
    }

    [Fact]
    public void An_enter_and_its_exit_may_go_together_but_never_past_one_that_waits()
    {
        _it.Options = _it.Options with
        {
            QuietHours = new() { From = new(12, 30), To = new(20, 0) },
        };
        const string loud = Hourly + ",\"ignore-quiet-hours\":true";
        var carrier = _it.Add(segment: "other", options: loud);
        var waits = _it.Add();
        var exit = _it.Add(number: 2, options: loud);
        var enter = _it.Add(segment: "both", options: loud);
        var left = _it.Add(segment: "both", number: 2, options: loud);

        var decisions = _it.Decide(Hour);

        decisions[carrier].ShouldBeSent(true);
        decisions[enter].ShouldBe(new PolicyDecision.Merge(enter, carrier, $"digest: a part of {carrier}"));
        decisions[waits].ShouldWaitUntil(Hour * 8, "quiet-hours");
        decisions[exit].ShouldWaitUntil(Hour * 8, "order");
        decisions[left].ShouldBeOfType<PolicyDecision.Merge>().Into.ShouldBe(carrier);
    }

    [Fact]
    public void A_digest_is_bounded_and_what_is_too_much_is_the_next_one()
    {
        for (int i = 0; i <= PushDigest.MaxPushes; i++)
        {
            _it.Add(segment: $"s{i}", options: Hourly);
        }

        var decisions = _it.Decide(Hour);

        decisions.Values.OfType<PolicyDecision.Send>().Count().ShouldBe(2);
        decisions.Values.OfType<PolicyDecision.Merge>().Select(merge => merge.Into).Distinct().Count().ShouldBe(1);
        decisions[_it.Pending[^1].Push.Id].ShouldBeSent(true);
    }

    [Fact]
    public void A_digest_is_bounded_in_bytes_too()
    {
        string big = $"{Hourly},\"text\":\"{new string('x', PushDigest.MaxBytes / 3)}\"";
        for (int i = 0; i < 4; i++)
        {
            _it.Add(segment: $"s{i}", options: big);
        }

        var decisions = _it.Decide(Hour);

        decisions.Values.Select(decision => decision is PolicyDecision.Merge).ShouldBe([false, true, false, true]);
    }
}
