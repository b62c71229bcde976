using StreamSegmenter.Hocon.Units;

namespace StreamSegmenter.Hocon.Tests.Units;

public sealed class HoconDurationTests
{
    [Theory]
    [InlineData("500", 500)]
    [InlineData("0", 0)]
    [InlineData("500ms", 500)]
    [InlineData("1 milli", 1)]
    [InlineData("2 millis", 2)]
    [InlineData("3 millisecond", 3)]
    [InlineData("4 milliseconds", 4)]
    [InlineData("2000 micros", 2)]
    [InlineData("1000us", 1)]
    [InlineData("1000 microsecond", 1)]
    [InlineData("1000 microseconds", 1)]
    [InlineData("1000 micro", 1)]
    [InlineData("1000000ns", 1)]
    [InlineData("1000000 nano", 1)]
    [InlineData("1000000 nanos", 1)]
    [InlineData("1000000 nanosecond", 1)]
    [InlineData("1000000 nanoseconds", 1)]
    [InlineData("0.5s", 500)]
    [InlineData(".5 s", 500)]
    [InlineData("1e3 s", 1_000_000)]
    [InlineData("1second", 1000)]
    [InlineData("  2  seconds  ", 2000)]
    [InlineData("1m", 60_000)]
    [InlineData("1 minute", 60_000)]
    [InlineData("1.5 minutes", 90_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1 hour", 3_600_000)]
    [InlineData("2 hours", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1 day", 86_400_000)]
    [InlineData("7 days", 604_800_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("1 week", 604_800_000)]
    [InlineData("2 weeks", 1_209_600_000)]
    [InlineData("-1s", -1000)]
    [InlineData("+1s", 1000)]
    public void Every_unit_is_read(string text, long milliseconds)
    {
        HoconDuration.TryParse(text, out var duration).ShouldBeTrue();

        duration.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("4878955355435272204ns", 48789553554352722)]
    [InlineData("-4878955355435272204ns", -48789553554352722)]
    [InlineData("100ns", 1)]
    [InlineData("60ns", 1)]
    public void Nanoseconds_are_rounded_to_ticks(string text, long ticks)
    {
        HoconDuration.TryParse(text, out var duration).ShouldBeTrue();

        duration.Ticks.ShouldBe(ticks);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1 S")]
    [InlineData("1 Second")]
    [InlineData("1 fortnight")]
    [InlineData("1 mo")]
    [InlineData("1y")]
    [InlineData("1,5s")]
    [InlineData("1s 2ms")]
    [InlineData("0x10s")]
    [InlineData("1ns")]
    [InlineData("1e30s")]
    [InlineData("10675200d")]
    [InlineData("99999999999999999999999999999999s")]
    public void What_is_no_duration_is_refused(string? text)
    {
        HoconDuration.TryParse(text, out _).ShouldBeFalse();
    }
}
