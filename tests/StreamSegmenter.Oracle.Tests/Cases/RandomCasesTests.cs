using StreamSegmenter.Oracle.Cases;

namespace StreamSegmenter.Oracle.Tests.Cases;

public sealed class RandomCasesTests
{
    [Theory]
    [InlineData(CaseLevel.Basic)]
    [InlineData(CaseLevel.Full)]
    public void No_millisecond_between_the_chosen_instants_changes_anything(CaseLevel level)
    {
        for (var seed = 0; seed < Repetitions; seed++)
        {
            var random = RandomCases.Create(seed, level, CaseScale.Milliseconds);
            if (DiffersFromExhaustive(random))
            {
                var smallest = Shrinker.Minimise(random, DiffersFromExhaustive);
                var chosen = Simulate(smallest, exhaustive: false);
                chosen.Transitions.ShouldBe(Simulate(smallest, exhaustive: true).Transitions, smallest.ToString());
            }
        }
    }

    [Theory]
    [InlineData(CaseLevel.Basic)]
    [InlineData(CaseLevel.Full)]
    public void Cases_load_and_many_of_them_move_customers_by_events_and_by_time(CaseLevel level)
    {
        var causes = new List<string>();
        var moving = 0;
        for (var seed = 0; seed < Repetitions; seed++)
        {
            var result = Simulate(RandomCases.Create(seed, level), exhaustive: false);
            causes.AddRange(result.Transitions.Select(transition => transition.Cause));
            moving += result.Transitions.Count > 2 ? 1 : 0;
        }

        moving.ShouldBeGreaterThan(Repetitions / 2);
        causes.Count(cause => cause == "time").ShouldBeGreaterThan(Repetitions);
        causes.Count(cause => cause == "event").ShouldBeGreaterThan(Repetitions);
    }

    [Theory]
    [InlineData(CaseScale.Days)]
    [InlineData(CaseScale.Milliseconds)]
    public void The_same_seed_makes_the_same_case(CaseScale scale)
    {
        var once = RandomCases.Create(7, CaseLevel.Full, scale).ToString();
        RandomCases.Create(7, CaseLevel.Full, scale).ToString().ShouldBe(once);
        RandomCases.Create(8, CaseLevel.Full, scale).ToString().Equals(once, StringComparison.Ordinal).ShouldBeFalse();
    }

    /// <summary>ORACLE_CASES asks for a longer run than a build can afford.</summary>
    private static int Repetitions =>
        int.TryParse(Environment.GetEnvironmentVariable("ORACLE_CASES"), out var wanted) ? wanted : 300;

    private static bool DiffersFromExhaustive(RandomCase random) =>
        !Simulate(random, exhaustive: false).Transitions.SequenceEqual(Simulate(random, exhaustive: true).Transitions);

    private static OracleResult Simulate(RandomCase random, bool exhaustive) =>
        OracleRun.Simulate(random.Config with { Exhaustive = exhaustive }, random.Lines, random.Until);
}
