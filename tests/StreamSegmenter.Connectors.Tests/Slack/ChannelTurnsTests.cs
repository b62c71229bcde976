using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Connectors.Slack;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Slack;

public sealed class ChannelTurnsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new(new(2020, 1, 31, 12, 0, 5, TimeSpan.Zero));
    private readonly ChannelTurns _turns;

    public ChannelTurnsTests() => _turns = new(_clock, Second);

    [Fact]
    public void Each_push_of_a_busy_channel_gets_a_turn_of_its_own()
    {
        _turns.Hold("C1", Id(0), 30 * Second).ShouldBe(30 * Second);

        Enumerable.Range(1, 3).Select(push => Remaining(push)).ShouldBe([31 * Second, 32 * Second, 33 * Second]);
        Remaining(2).ShouldBe(32 * Second, "asked again, it keeps its turn");
        Remaining(9, "C2").ShouldBeNull();
    }

    [Fact]
    public void A_newcomer_takes_no_turn_that_was_promised()
    {
        _turns.Hold("C1", Id(0), Second);
        Remaining(1).ShouldBe(2 * Second);

        _clock.Advance(2 * Second);

        Remaining(7).ShouldBe(Second);
        Remaining(1).ShouldBeNull();
        Remaining(8).ShouldBe(2 * Second);
    }

    [Fact]
    public void A_long_backlog_asks_once_a_second_and_lets_other_channels_pass()
    {
        const int Backlog = 65_000;
        var due = new PriorityQueue<int, DateTimeOffset>();
        due.Enqueue(0, _clock.GetUtcNow() + _turns.Hold("C1", Id(0), 30 * Second));
        for (int push = 1; push < Backlog; push++)
        {
            due.Enqueue(push, _clock.GetUtcNow() + Remaining(push).ShouldNotBeNull());
        }

        var sent = new List<int>();
        int most = 0;
        while (due.Count > 0)
        {
            _clock.Advance(Second);
            int asked = 0;
            for (; due.TryPeek(out int push, out var at) && at <= _clock.GetUtcNow(); asked++)
            {
                due.Dequeue();
                Remaining(push).ShouldBeNull();
                sent.Add(push);
            }

            most = Math.Max(most, asked);
            Remaining(-1, "C2").ShouldBeNull();
        }

        most.ShouldBe(1);
        sent.ShouldBe(Enumerable.Range(0, Backlog));
    }

    [Fact]
    public void When_the_channel_pauses_again_turns_move_on_in_their_order()
    {
        _turns.Hold("C1", Id(0), Second);
        Enumerable.Range(1, 3).Select(push => Remaining(push)).ShouldBe([2 * Second, 3 * Second, 4 * Second]);
        _clock.Advance(Second);
        Remaining(0).ShouldBeNull();

        _turns.Hold("C1", Id(0), 10 * Second).ShouldBe(10 * Second);

        Enumerable
            .Range(1, 4)
            .Select(push => Remaining(push))
            .ShouldBe([12 * Second, 13 * Second, 14 * Second, 15 * Second]);
        _clock.Advance(10 * Second);
        Remaining(1).ShouldBe(2 * Second);
        Remaining(0).ShouldBeNull();
    }

    [Fact]
    public void Refusals_that_come_at_once_pause_the_channel_once()
    {
        TimeSpan[] told = [.. Enumerable.Range(0, 3).Select(push => _turns.Hold("C1", Id(push), 30 * Second))];

        told.ShouldAllBe(wait => wait == 30 * Second);
        _clock.Advance(30 * Second);
        Enumerable.Range(0, 3).Count(push => Remaining(push) is null).ShouldBe(1);
    }

    [Fact]
    public void A_channel_whose_turns_have_come_is_free_again()
    {
        _turns.Hold("C1", Id(0), 5 * Second);
        Remaining(1).ShouldBe(6 * Second);

        _clock.Advance(7 * Second);

        Enumerable.Range(2, 5).ShouldAllBe(push => Remaining(push) == null);
    }

    [Fact]
    public void A_backlog_that_was_given_up_elsewhere_holds_up_nobody_for_long()
    {
        _turns.Hold("C1", Id(0), 30 * Second);
        Remaining(5_000).ShouldBe(31 * Second);
        for (int push = 1; push < 5_000; push++)
        {
            Remaining(push);
        }

        _clock.Advance(90 * Second);
        Remaining(9_000).ShouldNotBeNull();
        _clock.Advance(Second);

        Remaining(9_000).ShouldBeNull();
        Remaining(9_001).ShouldBeNull();
    }

    private TimeSpan? Remaining(int push, string channel = "C1") => _turns.Remaining(channel, Id(push));

    private static PushId Id(int number) => new($"{number:x32}");
}
