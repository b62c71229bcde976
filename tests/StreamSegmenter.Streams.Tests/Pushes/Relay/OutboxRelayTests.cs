using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

public sealed class OutboxRelayTests
{
    [Fact]
    public void What_was_pending_before_the_start_is_delivered()
    {
        using RelayRig rig = new();
        Push first = rig.Add("ann");
        Push second = rig.Add("bob", shard: 3);
        rig.Run(0, 3);
        rig.Connector.CalledIds.ShouldBe([first.Id.Value, second.Id.Value]);
        rig.Outbox.Finished.Values.ShouldAllBe(end => end is OutboxUpdate.Delivered);
        rig.Ends.Select(end => end.Push).ShouldBe([first, second]);
    }

    [Fact]
    public void A_signal_wakes_it_and_nothing_else_does()
    {
        using RelayRig rig = new();
        rig.Run(0);
        int reads = rig.Outbox.Reads;
        rig.Add("ann");
        rig.Loop.Advance(TimeSpan.FromDays(1));
        rig.Outbox.Reads.ShouldBe(reads, "an idle relay polls");
        rig.Loop.Time.NextDue.ShouldBeNull();
        rig.Commit("bob");
        rig.Connector.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public void Signals_of_other_connectors_and_of_shards_it_does_not_have_are_ignored()
    {
        using RelayRig rig = new();
        rig.Run(0);
        int reads = rig.Outbox.Reads;
        rig.Commit("ann", shard: 7);
        rig.Signal.Raise(new("another"), new(0));
        rig.Signal.RaiseReplayed(new("another"), new(0));
        rig.Loop.Settle();
        rig.Outbox.Reads.ShouldBe(reads);
        rig.Connector.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void Attempts_run_at_once_up_to_the_concurrency_and_one_per_customer()
    {
        using RelayRig rig = new(new() { Concurrency = 3 });
        TaskCompletionSource<DeliveryResult> answer = new();
        rig.Connector.Script = (_, _) => answer.Task;
        foreach (string customer in (string[])["ann", "ann", "bob", "cat", "dan"])
        {
            rig.Add(customer);
        }

        rig.Run(0);
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-2", "0-3"]);
        answer.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-2", "0-3", "0-4", "0-1"], ignoreOrder: true);
        rig.Connector.MostAtOnce.ShouldBe(3);
        rig.Outbox.Finished.Count.ShouldBe(5);
    }

    [Fact]
    public void A_postponed_push_holds_back_its_own_customer_only()
    {
        using RelayRig rig = new();
        rig.Connector.Script = (push, _) =>
            Task.FromResult(
                push is { Id.Value: "0-0", Attempts: 0 } ? DeliveryResult.Retry("busy") : DeliveryResult.Delivered
            );
        rig.Add("ann");
        rig.Add("ann");
        rig.Add("bob");
        rig.Run(0);
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-2"]);
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-2", "0-0", "0-1"]);
    }

    [Fact]
    public void Outcomes_that_are_there_together_are_written_together()
    {
        using RelayRig rig = new(new() { Concurrency = 5 });
        TaskCompletionSource<DeliveryResult> answer = new();
        rig.Connector.Script = (_, _) => answer.Task;
        for (int i = 0; i < 5; i++)
        {
            rig.Add($"u{i}");
        }

        rig.Run(0);
        answer.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        rig.Outbox.Updates.Count.ShouldBeLessThanOrEqualTo(2);
        rig.Outbox.Updates.Sum(group => group.Count).ShouldBe(5);
    }

    [Fact]
    public void A_later_push_waits_until_the_outcome_of_the_one_before_is_recorded()
    {
        using RelayRig rig = new();
        rig.Connector.Script = (_, _) =>
        {
            rig.Outbox.UpdateFailure = new IOException("disk full");
            return Task.FromResult(DeliveryResult.Delivered);
        };
        rig.Add("ann");
        rig.Add("ann");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromHours(1));
        rig.Connector.CalledIds.ShouldBe(["0-0"]);
        rig.Outbox.Finished.ShouldBeEmpty();
        rig.Ends.ShouldBeEmpty();

        rig.Connector.Always(DeliveryResult.Delivered);
        rig.Outbox.UpdateFailure = null;
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-1"]);
        rig.Outbox.Finished.Count.ShouldBe(2);
        rig.Lines.Select(line => line.Text[..25]).ShouldBe(["The outbox of connector c", "The outbox of connector c"]);
    }

    [Fact]
    public void While_outcomes_cannot_be_recorded_nothing_new_is_sent_to_anybody()
    {
        using RelayRig rig = new(new() { Concurrency = 4 });
        rig.Outbox.UpdateFailure = new IOException("disk full");
        for (int i = 0; i < 100; i++)
        {
            rig.Add($"u{i}");
        }

        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromHours(1));
        rig.Connector.Calls.Count.ShouldBeLessThanOrEqualTo(8, "each of these is repeated after a crash");
        rig.Outbox.UpdateFailure = null;
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Connector.Calls.Count.ShouldBe(100);
        rig.Outbox.Finished.Count.ShouldBe(100);
    }

    [Fact]
    public void An_outbox_that_cannot_be_read_is_tried_again()
    {
        using RelayRig rig = new();
        rig.Outbox.Failure = new IOException("locked");
        rig.Add("ann");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromSeconds(30));
        rig.Outbox.Reads.ShouldBe(31);
        rig.Outbox.Failure = null;
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Outbox.Finished.Count.ShouldBe(1);
        rig.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void A_dead_connector_does_not_slow_another()
    {
        using RelayRig dead = new(name: "dead");
        using RelayRig live = new(loop: dead.Loop, outbox: dead.Outbox, name: "live");
        dead.Connector.Script = async (_, over) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, dead.Loop.Time, over);
            return DeliveryResult.Delivered;
        };
        for (int i = 0; i < 100; i++)
        {
            dead.Add($"u{i}");
            live.Add($"u{i}");
        }

        dead.Run(0);
        live.Run(0);
        live.Ends.Count.ShouldBe(100);
        dead.Ends.ShouldBeEmpty();
    }

    [Fact]
    public void A_hot_customer_with_a_long_backlog_does_not_hide_the_others()
    {
        using RelayRig rig = new(new() { Concurrency = 2, LookAhead = 10 });
        TaskCompletionSource<DeliveryResult> never = new();
        rig.Connector.Script = (push, _) =>
            push.Customer.Value == "hot" ? never.Task : Task.FromResult(DeliveryResult.Delivered);
        for (int i = 0; i < 5000; i++)
        {
            rig.Add("hot");
        }

        rig.Add("ann");
        rig.Run(0);
        rig.Ends.Select(end => end.Push.Customer.Value).ShouldBe(["ann"]);
        rig.Connector.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public void More_postponed_customers_than_are_read_at_once_do_not_hide_the_others()
    {
        using RelayRig rig = new(new() { LookAhead = 10, DownAfter = 1_000_000 });
        rig.Connector.Script = (push, _) =>
            Task.FromResult(
                push.Customer.Value[0] == 'x' ? DeliveryResult.Retry("greylisted") : DeliveryResult.Delivered
            );
        for (int i = 0; i < 500; i++)
        {
            rig.Add($"x{i}");
        }

        rig.Add("ann");
        rig.Run(0);
        rig.Ends.Select(end => end.Push.Customer.Value).ShouldBe(["ann"]);
    }

    [Fact]
    public void A_full_memory_of_held_pushes_stops_reading_until_some_are_finished()
    {
        using RelayRig rig = new(
            new()
            {
                Concurrency = 1,
                LookAhead = 10,
                MaxHeld = 20,
            }
        );
        TaskCompletionSource<DeliveryResult> answer = new();
        rig.Connector.Script = (_, _) => answer.Task;
        for (int i = 0; i < 100; i++)
        {
            rig.Add("hot");
        }

        rig.Run(0);
        rig.Outbox.Reads.ShouldBe(2);
        rig.Connector.Always(DeliveryResult.Delivered);
        answer.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        rig.Outbox.Finished.Count.ShouldBe(100);
        rig.Connector.CalledIds.ShouldBe(Enumerable.Range(0, 100).Select(i => $"0-{i}"));
    }

    [Fact]
    public void A_push_that_somebody_else_finished_is_passed_over()
    {
        using RelayRig rig = new();
        TaskCompletionSource<DeliveryResult> answer = new();
        rig.Connector.Script = (_, _) => answer.Task;
        rig.Add("ann");
        Push second = rig.Add("ann");
        rig.Add("ann");
        rig.Run(0);
        rig.Loop.Complete(
            rig.Loop.Start(() =>
                rig.Outbox.UpdateAsync([new OutboxUpdate.Dead(second.Id, 0, rig.Now, "by hand")], default).AsTask()
            ),
            TimeSpan.Zero
        );
        rig.Connector.Always(DeliveryResult.Delivered);
        answer.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-2"]);
    }
}
