using StreamSegmenter.Streams.Tests.Shards.Support;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>
/// Random rules over random events, with crashes, take-overs, tiny memories and rare or constant checkpoints: the
/// history is the oracle's, and every effect is there once.
/// </summary>
public sealed class ShardHistoryTests
{
    [Fact]
    public void Crashes_never_show_in_the_history() =>
        Scripted.ForSeeds(usual: 300, seed => new RandomLife(seed).Run());

    [Fact]
    public void The_number_of_partitions_never_shows_in_the_history() =>
        Scripted.ForSeeds(
            usual: 40,
            seed => new RandomLife(seed, partitions: 7).Run().ShouldBe(new RandomLife(seed, partitions: 1).Run())
        );
}
