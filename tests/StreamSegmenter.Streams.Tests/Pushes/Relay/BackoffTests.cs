using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

public sealed class BackoffTests
{
    private static readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 8)]
    [InlineData(9, 256)]
    [InlineData(10, 512)]
    [InlineData(11, 600)]
    [InlineData(40, 600)]
    [InlineData(64, 600)]
    [InlineData(int.MaxValue, 600)]
    public void The_ceiling_doubles_up_to_the_maximum(int failures, int seconds) =>
        _backoff.Ceiling(failures).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_wait_is_drawn_evenly_from_nothing_to_the_ceiling()
    {
        Random random = new(7);
        double[] draws = [.. Enumerable.Range(0, 10_000).Select(_ => _backoff.Draw(4, random).TotalSeconds)];
        draws.ShouldAllBe(draw => draw >= 0 && draw < 8);
        draws.Average().ShouldBe(4, tolerance: 0.1);
        draws.Min().ShouldBeLessThan(0.05);
        draws.Max().ShouldBeGreaterThan(7.95);
    }
}
