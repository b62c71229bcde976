using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>What overtakes what at one connector.</summary>
public sealed class OrderTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PolicySituation _it = new();

    [Fact]
    public void A_push_that_is_tried_again_holds_up_everything_behind_it_at_its_connector()
    {
        var before = _it.Add(segment: "a");
        var retried = _it.Add(segment: "b", attempts: 3, notBefore: Hour);
        var behind = _it.Add(segment: "c");
        var elsewhere = _it.Add("news", segment: "c");

        var decisions = _it.Decide();

        decisions[before].ShouldBeSent(true);
        decisions[retried].ShouldWaitUntil(Hour, "retry");
        decisions[behind].ShouldWaitUntil(Hour, "order");
        decisions[elsewhere].ShouldBeSent(true);
        _it.Decide(Hour).Values.ShouldAllBe(decision => decision is PolicyDecision.Send);
    }

    [Fact]
    public void What_was_let_out_counts_as_tried_even_if_no_attempt_is_known_of()
    {
        var let = _it.Add(segment: "a", notBefore: Hour);
        _it.Grants.Add(new(let, new("mail"), "service", PolicySituation.Noon));
        var behind = _it.Add(segment: "b");

        _it.Decide()[behind].ShouldWaitUntil(Hour, "order");
    }

    [Fact]
    public void What_ends_holds_up_nobody()
    {
        _it.Add(segment: "a", attempts: 3, notBefore: Hour, options: "\"expires\":\"1s\"");
        var behind = _it.Add(segment: "b");

        _it.Decide(TimeSpan.FromSeconds(1))[behind].ShouldBeSent(true);
    }

    [Fact]
    public void What_policy_puts_off_holds_up_later_pushes_of_its_segment_only()
    {
        _it.Options = _it.Options with
        {
            QuietHours = new() { From = new(11, 0), To = new(14, 0) },
        };
        const string atOnce = "\"ignore-quiet-hours\":true,\"importance\":99";
        var enter = _it.Add();
        var exit = _it.Add(number: 2, options: atOnce);
        var again = _it.Add(number: 3, options: atOnce);
        var other = _it.Add(segment: "other", options: atOnce);
        var elsewhere = _it.Add("news", number: 2, options: atOnce);

        var decisions = _it.Decide();

        decisions[enter].ShouldWaitUntil(Hour * 2, "quiet-hours");
        decisions[exit].ShouldWaitUntil(Hour * 2, "order");
        decisions[again].ShouldWaitUntil(Hour * 2, "order");
        decisions[other].ShouldBeSent(true);
        decisions[elsewhere].ShouldBeSent(true);
        _it.Decide(Hour * 2).Values.ShouldAllBe(decision => decision is PolicyDecision.Send);
    }

    [Fact]
    public void A_more_important_exit_does_not_take_the_place_of_its_enter()
    {
        _it.Options = _it.Options with { Caps = [new() { AtMost = 1, Within = Hour }] };
        var enter = _it.Add(options: "\"importance\":1");
        var exit = _it.Add(number: 2, options: "\"importance\":99");

        var decisions = _it.Decide();

        decisions[enter].ShouldBeSent(true);
        decisions[exit].ShouldBeOfType<PolicyDecision.Wait>();
    }

    [Fact]
    public void Connectors_that_nothing_is_asked_of_are_left_alone()
    {
        _it.Policy.Governs(new("desk")).ShouldBeFalse();
        _it.Policy.Governs(new("nobody")).ShouldBeFalse();
        _it.Policy.Governs(new("mail")).ShouldBeTrue();
        _it.Add("desk", options: "\"expires\":\"1s\"", attempts: 1, notBefore: Hour);
        _it.Add("nobody");

        _it.Decide(Hour * 0.5).Values.ShouldAllBe(decision => decision is PolicyDecision.Send);
    }

    [Theory]
    [InlineData("expires", "\"3h\"", true)]
    [InlineData("digest", "\"3h\"", true)]
    [InlineData("recheck", "true", true)]
    [InlineData("collapse", "true", true)]
    [InlineData("purpose", "\"service\"", true)]
    [InlineData("importance", "90", false)]
    [InlineData("over-cap", "\"drop\"", false)]
    public void One_entry_that_asks_for_policy_is_enough(string key, string value, bool governs)
    {
        byte[] options = System.Text.Encoding.UTF8.GetBytes($"{{\"{key}\":{value}}}");
        _it.Segments.Add(new(new(new("vip"), "", "any", TimeSpan.Zero), [], [new(new("desk"), options)]));

        _it.Policy.Governs(new("desk")).ShouldBe(governs);
    }

    [Fact]
    public void A_segments_holdout_governs_whatever_it_pushes_to()
    {
        _it.Segments.Add(new(new(new("vip"), "", "any", TimeSpan.Zero), [new(new("desk"), "{}"u8.ToArray())], []));
        _it.Holdouts[new("vip")] = 100;
        var held = _it.Add("desk");
        var other = _it.Add("desk", segment: "other");

        var decisions = _it.Decide();

        decisions[held].ShouldBe(new PolicyDecision.Drop(held, "holdout: segment vip"));
        decisions[other].ShouldBe(new PolicyDecision.Send(other, PurposeOptions.Operations, "ok"));
    }
}
