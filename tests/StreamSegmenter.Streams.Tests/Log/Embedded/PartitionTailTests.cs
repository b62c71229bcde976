using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

public sealed class PartitionTailTests
{
    private readonly PartitionTail _tail = new(new(0), default, Timestamp.Beginning, 1_000);

    [Fact]
    public void While_records_are_being_written_readers_are_promised_no_more_than_their_time()
    {
        (LogPosition first, Timestamp stamped) = _tail.Stamp(new(100));

        // Later by the wall clock, but the records on their way bear 100.
        _tail.Promise(first, new(150)).ShouldBe(stamped);
    }

    [Fact]
    public void Records_stamped_after_a_promise_are_not_before_it()
    {
        _tail.Promise(default, new(150)).ShouldBe(new Timestamp(150));

        _tail.Stamp(new(120)).LogTime.ShouldBe(new Timestamp(150));
    }

    [Fact]
    public void A_reader_short_of_the_end_is_promised_nothing()
    {
        (LogPosition first, Timestamp time) = _tail.Stamp(new(100));
        _tail.Publish([new(new(0), first, 3, time, new byte[10])]);

        _tail.Promise(new(2), new(150)).ShouldBeNull();
        _tail.Promise(new(3), new(150)).ShouldBe(new Timestamp(150));
    }

    [Fact]
    public void A_failed_write_leaves_positions_free_and_its_time_passed()
    {
        (LogPosition first, _) = _tail.Stamp(new(100));
        _tail.Withdraw();

        _tail.Range.ShouldBe(new LogRange(first, first));
        _tail.Stamp(new(50)).ShouldBe((first, new Timestamp(100)));
    }
}
