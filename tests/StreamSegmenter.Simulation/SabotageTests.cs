using StreamSegmenter.Simulation.Servers;

namespace StreamSegmenter.Simulation;

/// <summary>The checks see when a promise is broken that everything else rests on.</summary>
public sealed class SabotageTests
{
    private const int Seeds = 40;

    [Theory]
    [InlineData("EpochsAreIgnored", "I7")]
    [InlineData("TicksAreForgotten", "I3")]
    [InlineData("CommitsForgetThePosition", "I3")]
    [InlineData("CommitsForgetPushes", "I5")]
    [InlineData("CheckpointsLoseCustomers", "I2")]
    [InlineData("OutcomesAreForgotten", "I9")]
    [InlineData("RecordsAreSkipped", "I3")]
    [InlineData("LogClockRunsAhead", "I8")]
    [InlineData("MessageIdsAreLost", "I3")]
    [InlineData("DeliveriesAreInvented", "I5")]
    [InlineData("KeysAreForgotten", "I5")]
    public void A_broken_promise_is_noticed(string name, string invariant)
    {
        Sabotage sabotage = Enum.Parse<Sabotage>(name);

        Enumerable
            .Range(0, Seeds)
            .SelectMany(seed => World.Run(seed, sabotage).Violations)
            .ShouldContain(violation => violation.Contains(invariant + ":", StringComparison.Ordinal));
    }
}
