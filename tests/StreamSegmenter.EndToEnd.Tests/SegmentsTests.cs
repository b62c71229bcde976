using StreamSegmenter.EndToEnd.Tests.Support;
using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Oracle;

namespace StreamSegmenter.EndToEnd.Tests;

/// <summary>The segments that are shipped, over the demo's events, as the real <c>segctl</c> sees them.</summary>
public sealed class SegmentsTests : IClassFixture<DemoReplay>
{
    private readonly DemoReplay _replay;

    public SegmentsTests(DemoReplay replay) => _replay = replay;

    [Fact]
    public async Task The_demo_configuration_is_valid()
    {
        var result = await Segctl.RunAsync("validate", "--config", DemoReplay.Config);

        result.ExitCode.ShouldBe(0, result.Error);
    }

    [Fact]
    public void Simulate_agrees_with_the_oracle()
    {
        var segments = HoconDocument.Load(DemoReplay.Config, HoconReaderOptions.System).ResolveObject()["segments"];
        var config = new OracleConfig([
            .. ((HoconObject)segments).Select(s => new OracleSegment(
                s.Key,
                ((HoconScalar)((HoconObject)s.Value)["rule"]).Text
            )),
        ]);

        var expected = OracleRun.Simulate(config, _replay.Events, _replay.Until);

        expected.DeadLetters.ShouldBeEmpty();
        _replay
            .Transitions.Select(t => (t.At, t.Customer, t.Segment, t.Entered, t.Cause))
            .ShouldBe(
                expected.Transitions.Select(t =>
                    (DateTimeOffset.FromUnixTimeMilliseconds(t.At), t.Customer, t.Segment, t.Entered, t.Cause)
                )
            );
    }

    // Counted by hand, that is by another program, over the same files.
    [Theory]
    [InlineData("at-risk-vip", 2)]
    [InlineData("premium-shopper", 3)]
    [InlineData("abandoned-cart", 23)]
    [InlineData("lapsed", 62)]
    [InlineData("first-purchase", 70)]
    [InlineData("viewed-not-bought", 24)]
    public void When_the_last_event_is_now_a_segment_has_members(string segment, int members) =>
        _replay.MembersAt(_replay.LastEvent, segment).Count().ShouldBe(members);

    [Theory]
    [InlineData("at-risk-vip", 0)]
    [InlineData("premium-shopper", 0)]
    [InlineData("abandoned-cart", 0)]
    [InlineData("lapsed", 261)]
    [InlineData("first-purchase", 70)]
    [InlineData("viewed-not-bought", 0)]
    public void A_month_of_silence_empties_what_lives_on_recent_events(string segment, int members) =>
        _replay.MembersAt(_replay.LastEvent.AddDays(30), segment).Count().ShouldBe(members);

    [Fact]
    public void Every_segment_loses_somebody_too() =>
        _replay
            .Transitions.Where(t => !t.Entered)
            .Select(t => t.Segment)
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(6);

    [Fact]
    public void The_third_contact_puts_the_flagship_customer_at_risk()
    {
        var entered = _replay.Transitions.Single(t =>
            t is { Customer: "acct-harborline", Segment: "at-risk-vip", Entered: true }
        );

        entered.At.ShouldBe(_replay.LastEvent);
        entered.Cause.ShouldBe("event");
    }

    [Fact]
    public void A_risk_that_is_over_ends_by_time_alone()
    {
        var transitions = _replay.Transitions.Where(t => t is { Customer: "acct-tideway", Segment: "at-risk-vip" });

        transitions.Select(t => (t.Entered, t.Cause)).ShouldBe([(true, "event"), (false, "time")]);
    }
}
