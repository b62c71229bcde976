using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

public sealed class TokenBucketTests
{
    [Fact]
    public void Whatever_comes_when_no_span_of_time_sees_more_than_burst_and_rate() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll<int>(KeepsTheRate));

    [Fact]
    public void Without_a_rate_there_is_always_a_token()
    {
        TokenBucket bucket = new(new());
        bucket.Take(new(5));
        bucket.NextAt.ShouldBe(Timestamp.Beginning);
    }

    [Fact]
    public void A_token_that_comes_back_can_be_taken_again()
    {
        TokenBucket bucket = new(new() { Permits = 1 });
        bucket.Take(new(1_000));
        bucket.NextAt.ShouldBe(new Timestamp(2_000));
        bucket.Return();
        bucket.NextAt.ShouldBeLessThanOrEqualTo(new Timestamp(1_000));
    }

    [Fact]
    public void A_relay_sends_a_burst_and_then_at_the_rate()
    {
        using RelayRig rig = new(
            new()
            {
                Rate = new() { Permits = 2, Burst = 3 },
                Concurrency = 8,
            }
        );
        for (int i = 0; i < 10; i++)
        {
            rig.Add($"u{i}");
        }

        Timestamp start = rig.Now;
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromMinutes(1));
        rig.Connector.Calls.Select(call => call.At.Milliseconds - start.Milliseconds)
            .ShouldBe([0, 0, 0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500]);
        rig.Outbox.Finished.Values.ShouldAllBe(end => end is OutboxUpdate.Delivered);
    }

    private static void KeepsTheRate(int seed)
    {
        Random random = new(seed);
        int permits = random.Next(1, 50);
        int burst = random.Next(1, 20);
        TimeSpan per = TimeSpan.FromMilliseconds(random.Next(1, 5_000));
        TokenBucket bucket = new(
            new()
            {
                Permits = permits,
                Per = per,
                Burst = burst,
            }
        );
        List<long> taken = [];
        Timestamp now = new(1_000_000);
        for (int i = 0; i < 200; i++)
        {
            now = now.Plus(random.Next(4) == 0 ? random.Next(3_000) : 0);
            now = random.Next(2) == 0 ? Timestamp.Max(now, bucket.NextAt) : now;
            if (now >= bucket.NextAt)
            {
                bucket.Take(now);
                taken.Add(now.Milliseconds);
            }
        }

        for (int first = 0; first < taken.Count; first++)
        {
            for (int last = first; last < taken.Count; last++)
            {
                double allowed = burst + ((taken[last] - taken[first]) * permits / per.TotalMilliseconds);
                (last - first + 1).ShouldBeLessThanOrEqualTo((int)Math.Floor(allowed + 1e-9));
            }
        }
    }
}
