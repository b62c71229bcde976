using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>A relay whose outcomes take long to reach the disk.</summary>
public sealed class OutboxRelaySlowDiskTests
{
    private const int Customers = 20;
    private static readonly RelayOptions s_options = new() { Concurrency = 2 };

    [Fact]
    public void Attempts_go_on_beside_a_slow_write_until_too_many_would_be_repeated_after_a_crash()
    {
        using RelayRig rig = Rig();
        rig.Outbox.Disk = new();
        rig.Run(0);

        rig.Attempts.Count.ShouldBe(4 * s_options.Concurrency);
        rig.Ends.ShouldBeEmpty();

        Open(rig);
        AllArriveOnceAndInOrder(rig);
        rig.Stop();
    }

    [Fact]
    public void A_write_that_failed_is_repeated_before_anything_else_is_attempted()
    {
        using RelayRig rig = Rig();
        rig.Outbox.UpdateFailure = new IOException("the disk is full");
        rig.Run(0);
        int attempts = rig.Attempts.Count;
        attempts.ShouldBeLessThanOrEqualTo(4 * s_options.Concurrency);

        rig.Outbox.UpdateFailure = null;
        rig.Outbox.Disk = new();
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Attempts.Count.ShouldBe(attempts);

        Open(rig);
        AllArriveOnceAndInOrder(rig);
        rig.Stop();
    }

    [Fact]
    public void A_relay_that_stops_waits_for_the_write_under_way()
    {
        using RelayRig rig = Rig();
        rig.Outbox.Disk = new();
        rig.Run(0);
        rig.RequestStop();
        rig.HasStopped.ShouldBeFalse();

        Open(rig);
        rig.HasStopped.ShouldBeTrue();
        rig.Ends.Count.ShouldBe(rig.Attempts.Count);
    }

    private static RelayRig Rig()
    {
        RelayRig rig = new(s_options);
        for (int i = 0; i < 2 * Customers; i++)
        {
            rig.Add($"u{i % Customers}");
        }

        return rig;
    }

    private static void Open(RelayRig rig)
    {
        TaskCompletionSource disk = rig.Outbox.Disk!;
        rig.Outbox.Disk = null;
        disk.SetResult();
        rig.Loop.Settle();
    }

    private static void AllArriveOnceAndInOrder(RelayRig rig)
    {
        rig.Ends.Count.ShouldBe(2 * Customers);
        rig.Ends.ShouldAllBe(end => end.End is OutboxUpdate.Delivered);
        for (int customer = 0; customer < Customers; customer++)
        {
            rig.Attempts.Select(attempt => attempt.Push)
                .Where(push => push.Customer == new CustomerId($"u{customer}"))
                .Select(push => push.Id.Value)
                .ShouldBe([$"0-{customer}", $"0-{customer + Customers}"]);
        }
    }
}
