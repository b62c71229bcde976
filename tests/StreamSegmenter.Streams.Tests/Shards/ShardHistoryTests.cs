using System.Globalization;
using StreamSegmenter.Streams.Tests.Shards.Support;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>
/// Random rules over random events, with crashes, take-overs, tiny memories and rare or constant checkpoints: the
/// history is the oracle's, and every effect is there once.
/// </summary>
public sealed class ShardHistoryTests
{
    // STREAMSEGMENTER_CASES=100000 runs that many; see docs/testing.md.
    private static readonly int Cases = int.Parse(
        Environment.GetEnvironmentVariable("STREAMSEGMENTER_CASES") ?? "300",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public void Crashes_never_show_in_the_history()
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            try
            {
                new RandomLife(seed).Run();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    [Fact]
    public void The_number_of_partitions_never_shows_in_the_history()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            new RandomLife(seed, partitions: 7).Run().ShouldBe(new RandomLife(seed, partitions: 1).Run());
        }
    }
}
