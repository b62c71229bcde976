using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Log;

public sealed class PartitionFeedTests
{
    private static readonly KafkaLogOptions s_options = new() { Topic = "t", BufferRecords = 16 };

    private readonly PartitionFeed _feed = new(new(0), s_options, TestClients.Instruments);

    public PartitionFeedTests() => _feed.Restart(new(10));

    [Fact]
    public void What_was_there_already_or_comes_too_early_is_dropped()
    {
        Add(9).ShouldBe(FeedResult.Taken);
        Add(10).ShouldBe(FeedResult.Taken);
        Add(10).ShouldBe(FeedResult.Taken);

        Take(10).Records.Select(record => record.Position.Value).ShouldBe([10]);
    }

    [Fact]
    public void Positions_that_are_passed_over_are_asked_for_again_and_then_believed()
    {
        Add(10);
        Add(13).ShouldBe(FeedResult.Doubted);
        _feed.Expected.ShouldBe(11);
        Add(11).ShouldBe(FeedResult.Taken);
        Add(13).ShouldBe(FeedResult.Doubted);
        Add(13).ShouldBe(FeedResult.Taken);

        Take(10).Records.Select(record => record.Position.Value).ShouldBe([10, 11, 13]);
    }

    [Fact]
    public void An_end_beyond_the_last_record_is_doubted_too()
    {
        Add(10);
        _feed.End(12).ShouldBe(FeedResult.Doubted);
        _feed.End(12).ShouldBe(FeedResult.Taken);

        LogBatch batch = Take(10);
        batch.Next.ShouldBe(new LogPosition(12));
        batch.Clock.ShouldBe(new Timestamp(1_000));
        _feed.IsAt(new(11)).ShouldBeTrue();
        _feed.IsAt(new(12)).ShouldBeTrue();
        _feed.IsAt(new(13)).ShouldBeFalse();
    }

    [Fact]
    public void The_clock_waits_for_the_end_and_goes_on_only_with_answers()
    {
        Add(10);
        Take(10).Clock.ShouldBeNull();
        _feed.End(11);
        Take(11).Clock.ShouldBe(new Timestamp(1_000));
        _feed.NoteEnd(new(11), new(7_000));
        Take(11).Clock.ShouldBe(new Timestamp(6_000));
    }

    [Fact]
    public void An_answer_that_tells_of_more_counts_when_that_is_there()
    {
        _feed.End(10);
        Take(10);
        _feed.NoteEnd(new(12), new(9_000));
        Take(10).Clock.ShouldBe(Timestamp.Beginning);
        Add(10);
        _feed.End(11);
        Take(10).Clock.ShouldBe(new Timestamp(1_000));
        Add(11);
        Take(11).Clock.ShouldBeNull();
        _feed.End(12);
        Take(12).Clock.ShouldBe(new Timestamp(8_000));
    }

    [Fact]
    public void Answers_of_a_former_assignment_count_no_more()
    {
        _feed.NoteEnd(new(10), new(9_000));
        _feed.Restart(new(10));
        _feed.End(10);
        Take(10).Clock.ShouldBe(Timestamp.Beginning);
    }

    [Fact]
    public void A_full_partition_is_paused_and_goes_on_when_it_is_half_empty()
    {
        List<string> calls = [];
        for (int i = 10; i < 25; i++)
        {
            Add(i).ShouldBe(FeedResult.Taken);
        }

        Add(25).ShouldBe(FeedResult.Full);
        _feed.PauseIfFull(_ => calls.Add("pause"));
        _feed.PauseIfFull(_ => calls.Add("pause"));
        _feed.Take(new(10), 7, _ => calls.Add("resume"));
        calls.ShouldBe(["pause"]);
        _feed.Take(new(17), 1, _ => calls.Add("resume"));
        calls.ShouldBe(["pause", "resume"]);
    }

    [Fact]
    public void Nothing_of_a_former_assignment_is_read_in_the_next()
    {
        Add(10);
        _feed.Restart(new(40));
        Add(11);
        Add(40);
        Take(40).Records.ShouldHaveSingleItem().Position.ShouldBe(new LogPosition(40));
        _feed.Stop();
        Add(41);
        _feed.IsAt(new(41)).ShouldBeFalse();
        Take(41).Records.ShouldBeEmpty();
    }

    private FeedResult Add(long position) => _feed.Add(new(new(position), new(1_000), new("u"), default), slab: null);

    private LogBatch Take(long from) => _feed.Take(new(from), 100, _ => { });
}
