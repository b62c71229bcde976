using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

public sealed class EventArchiveTests
{
    [Fact]
    public void Events_are_kept_by_time_and_of_equal_times_by_arrival()
    {
        var archive = new EventArchive();
        foreach ((int at, byte name) in new[] { (5, (byte)1), (3, (byte)2), (5, (byte)3), (4, (byte)4), (3, (byte)5) })
        {
            archive.Insert(new(at), [name]);
        }

        archive
            .Events.Select(e => ((int)e.At.Milliseconds, e.Json[0]))
            .ShouldBe([(3, 2), (3, 5), (4, 4), (5, 1), (5, 3)]);
    }

    [Theory]
    [InlineData(0, 10, 5)]
    [InlineData(2, 10, 3)]
    [InlineData(5, 10, 0)]
    [InlineData(0, 2, 2)]
    [InlineData(4, 2, 1)]
    [InlineData(0, 0, 0)]
    public void Trimming_drops_what_is_old_and_what_is_too_much(int time, int max, int left)
    {
        var archive = new EventArchive();
        for (int at = 1; at <= 5; at++)
        {
            archive.Insert(new(at), [(byte)at]);
        }

        archive.Trim(new(time), max);

        archive.Events.Select(e => (int)e.At.Milliseconds).ShouldBe(Enumerable.Range(6 - left, left));
    }
}
