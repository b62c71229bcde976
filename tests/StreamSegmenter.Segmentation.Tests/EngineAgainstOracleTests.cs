using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;

namespace StreamSegmenter.Segmentation.Tests;

public sealed class EngineAgainstOracleTests
{
    // STREAMSEGMENTER_CASES=1000000 runs a million cases of each kind; see docs/testing.md.
    internal static readonly int Cases = int.Parse(
        Environment.GetEnvironmentVariable("STREAMSEGMENTER_CASES") ?? "1500",
        System.Globalization.CultureInfo.InvariantCulture
    );

    [Theory]
    [InlineData(CaseLevel.Basic, CaseScale.Days)]
    [InlineData(CaseLevel.Basic, CaseScale.Milliseconds)]
    [InlineData(CaseLevel.Full, CaseScale.Days)]
    [InlineData(CaseLevel.Full, CaseScale.Milliseconds)]
    public void Random_rules_over_random_events_give_the_oracles_transitions(CaseLevel level, CaseScale scale)
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            RandomCase @case = RandomCases.Create(seed, level, scale);
            if (Difference(@case) is not null)
            {
                RandomCase smallest = Shrinker.Minimise(@case, c => Difference(c) is not null);
                Assert.Fail($"seed {seed}, {level}, {scale}:\n{smallest}\n{Difference(smallest)}");
            }
        }
    }

    private static string? Difference(RandomCase @case)
    {
        IReadOnlyList<OracleTransition> expected;
        try
        {
            expected = OracleRun.Simulate(@case.Config, @case.Lines, @case.Until).Transitions;
        }
        catch (OracleLoadException)
        {
            return null;
        }

        try
        {
            IReadOnlyList<OracleTransition> actual = EngineRun.Simulate(
                EngineRun.Compile(@case.Config),
                @case.Lines,
                @case.Until,
                // With one unpacked customer every change of customer goes through the packed form.
                EngineRun.Limits with
                {
                    HotCustomers = @case.Seed % 2 == 0 ? 1 : 100,
                }
            );
            return expected.SequenceEqual(actual)
                ? null
                : $"expected\n  {string.Join("\n  ", expected)}\nactual\n  {string.Join("\n  ", actual)}";
        }
        catch (Exception e) when (e is not OracleLoadException)
        {
            return e.ToString();
        }
    }
}
