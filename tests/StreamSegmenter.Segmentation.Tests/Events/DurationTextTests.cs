using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(7 * TimeSpan.TicksPerDay, "7d")]
    [InlineData(36 * TimeSpan.TicksPerHour, "36h")]
    [InlineData(90 * TimeSpan.TicksPerSecond, "90s")]
    [InlineData(1500 * TimeSpan.TicksPerMillisecond, "1500ms")]
    [InlineData(3 * TimeSpan.TicksPerMicrosecond, "3us")]
    [InlineData(1, "100ns")]
    [InlineData(-5 * TimeSpan.TicksPerMinute, "-5m")]
    public void The_shortest_exact_form_is_written(long ticks, string text) =>
        TimeSpan.FromTicks(ticks).ToText().ShouldBe(text);
}
