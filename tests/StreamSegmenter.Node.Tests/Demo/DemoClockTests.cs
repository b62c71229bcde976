using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Node.Demo;

namespace StreamSegmenter.Node.Tests.Demo;

public sealed class DemoClockTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _real = new();
    private readonly DemoClock _clock;

    public DemoClockTests() => _clock = new(_real, Start);

    [Fact]
    public void It_stands_until_it_is_moved_and_never_goes_back()
    {
        _real.Advance(TimeSpan.FromHours(1));
        _clock.GetUtcNow().ShouldBe(Start);

        _clock.MoveTo(Start.AddDays(2));
        _clock.MoveTo(Start.AddDays(1));

        _clock.GetUtcNow().ShouldBe(Start.AddDays(2));
    }

    [Fact]
    public void Once_it_runs_time_passes_as_it_does()
    {
        _clock.MoveTo(Start.AddDays(2));
        _clock.Run();
        _real.Advance(TimeSpan.FromSeconds(3));
        _clock.Run();

        _clock.GetUtcNow().ShouldBe(Start.AddDays(2).AddSeconds(3));
    }

    [Fact]
    public void What_is_measured_is_measured_in_real_time()
    {
        long began = _clock.GetTimestamp();
        _clock.MoveTo(Start.AddDays(2));
        _real.Advance(TimeSpan.FromSeconds(3));

        _clock.GetElapsedTime(began).ShouldBe(TimeSpan.FromSeconds(3));
    }
}
