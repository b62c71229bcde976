using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

public sealed class OutboxRelayLifecycleTests
{
    [Fact]
    public void A_stop_lets_running_attempts_finish_and_records_them()
    {
        using RelayRig rig = new(new() { Concurrency = 2 });
        TaskCompletionSource<DeliveryResult> answer = new();
        rig.Connector.Script = (_, _) => answer.Task;
        rig.Add("ann");
        rig.Add("bob");
        rig.Add("cat");
        rig.Run(0);
        rig.RequestStop();
        rig.HasStopped.ShouldBeFalse();
        answer.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        rig.HasStopped.ShouldBeTrue();
        rig.Outbox.Finished.Count.ShouldBe(2);
        rig.Connector.Calls.Count.ShouldBe(2, "nothing new starts after the stop");
        rig.Lines.ShouldBeEmpty();
        rig.Loop.Time.NextDue.ShouldBeNull();
    }

    [Fact]
    public void A_stop_cuts_attempts_off_at_its_deadline_and_leaves_their_pushes_as_they_were()
    {
        using RelayRig rig = new(new() { StopTimeout = TimeSpan.FromSeconds(7) });
        TaskCompletionSource<DeliveryResult> never = new();
        rig.Connector.Script = (_, _) => never.Task;
        rig.Add("ann");
        rig.Run(0);
        rig.RequestStop();
        rig.Loop.Advance(TimeSpan.FromSeconds(6.9));
        rig.HasStopped.ShouldBeFalse();
        rig.Loop.Advance(TimeSpan.FromSeconds(0.1));
        rig.HasStopped.ShouldBeTrue();
        rig.Outbox.Updates.ShouldBeEmpty();
        rig.Outbox.Pending.Single().Push.Attempts.ShouldBe(0);
        rig.Lines.Single().Text.ShouldContain("while 1 pushes were under way or not recorded");
    }

    [Fact]
    public void A_stop_does_not_wait_for_ever_for_a_dead_outbox()
    {
        using RelayRig rig = new(new() { StopTimeout = TimeSpan.FromSeconds(7) });
        rig.Add("ann");
        rig.Connector.Script = (_, _) =>
        {
            rig.Outbox.Failure = new IOException("gone");
            return Task.FromResult(DeliveryResult.Delivered);
        };
        rig.Run(0);
        rig.RequestStop();
        rig.Loop.Advance(TimeSpan.FromSeconds(9));
        rig.HasStopped.ShouldBeTrue();
        rig.Ends.ShouldBeEmpty();
    }

    [Fact]
    public void An_idle_relay_stops_at_once()
    {
        using RelayRig rig = new();
        rig.Run(0);
        rig.RequestStop();
        rig.HasStopped.ShouldBeTrue();
    }

    [Fact]
    public void A_shard_is_let_go_when_its_running_attempts_are_recorded()
    {
        using RelayRig rig = new(new() { Concurrency = 1 });
        TaskCompletionSource<DeliveryResult> answer = new();
        rig.Connector.Script = (_, _) => answer.Task;
        rig.Add("ann");
        rig.Add("ann");
        rig.Add("bob", shard: 1);
        rig.Run(0, 1);
        Task removed = rig.Loop.Start(() => rig.Relay.RemoveShardAsync(new(0)));
        removed.IsCompleted.ShouldBeFalse();

        rig.Connector.Always(DeliveryResult.Delivered);
        answer.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        removed.IsCompletedSuccessfully.ShouldBeTrue();
        rig.Connector.CalledIds.ShouldBe(["0-0", "1-0"]);

        rig.Relay.AddShard(new(0));
        rig.Loop.Settle();
        rig.Connector.CalledIds.ShouldBe(["0-0", "1-0", "0-1"]);
    }

    [Fact]
    public void A_shard_given_back_while_it_leaves_goes_on_afterwards()
    {
        using RelayRig rig = new();
        TaskCompletionSource<DeliveryResult> answer = new();
        rig.Connector.Script = (push, _) =>
            push.Attempts == 0 ? answer.Task : Task.FromResult(DeliveryResult.Delivered);
        rig.Add("ann");
        rig.Run(0);
        Task removed = rig.Relay.RemoveShardAsync(new(0));
        rig.Relay.AddShard(new(0));
        rig.Loop.Settle();
        rig.Connector.Calls.Count.ShouldBe(1, "the customer has an attempt under way");
        answer.SetResult(DeliveryResult.Retry("503"));
        rig.Loop.Settle();
        removed.IsCompletedSuccessfully.ShouldBeTrue();
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Outbox.Finished.Count.ShouldBe(1);
    }

    [Fact]
    public void Removing_a_shard_that_is_not_there_or_after_the_end_completes_at_once()
    {
        using RelayRig rig = new();
        rig.Run(0);
        rig.Loop.Start(() => rig.Relay.RemoveShardAsync(new(9))).IsCompletedSuccessfully.ShouldBeTrue();
        rig.Stop();
        rig.Relay.RemoveShardAsync(new(0)).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused_by_name()
    {
        new RelayOptions().Validate().ShouldBeEmpty();
        new RelayOptions
        {
            Concurrency = 0,
            LookAhead = 0,
            BackoffMax = TimeSpan.Zero,
        }
            .Validate()
            .ShouldBe(["concurrency = 0: give 1 or more", "backoff-max = 0s: give at least backoff-min = 1s"]);
        Should
            .Throw<ArgumentException>(() => new RelayRig(new() { MaxAttempts = 0 }))
            .Message.ShouldStartWith("Connector chat: max-attempts = 0: give 1 or more.");
    }
}
