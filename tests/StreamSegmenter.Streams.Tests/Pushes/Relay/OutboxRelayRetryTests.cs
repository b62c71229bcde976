using Microsoft.Extensions.Logging;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

public sealed class OutboxRelayRetryTests
{
    [Fact]
    public void No_answer_in_time_is_an_unknown_outcome_and_is_sent_again_under_the_same_id()
    {
        using RelayRig rig = new(new() { AttemptTimeout = TimeSpan.FromSeconds(5) });
        rig.Connector.Script = async (push, over) =>
        {
            await Task.Delay(push.Attempts == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, rig.Loop.Time, over);
            return DeliveryResult.Delivered;
        };
        Push push = rig.Add("ann");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromSeconds(6));
        rig.Attempts.Select(attempt => attempt.Result.Outcome)
            .ShouldBe([DeliveryOutcome.Unknown, DeliveryOutcome.Delivered]);
        rig.Attempts[0].Result.Detail.ShouldBe("no answer within 5s");
        rig.Attempts[0].Took.ShouldBe(TimeSpan.FromSeconds(5));
        rig.Connector.Calls.Select(call => (call.Push.Id, call.Push.Attempts)).ShouldBe([(push.Id, 0), (push.Id, 1)]);
    }

    [Fact]
    public void A_connector_deaf_to_its_cancellation_is_left_alone_after_twice_the_timeout()
    {
        using RelayRig rig = new(new() { AttemptTimeout = TimeSpan.FromSeconds(5), Concurrency = 1 });
        TaskCompletionSource<DeliveryResult> never = new();
        rig.Connector.Script = (push, _) =>
            push.Customer.Value == "ann" ? never.Task : Task.FromResult(DeliveryResult.Delivered);
        rig.Add("ann");
        rig.Add("bob");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromSeconds(9.9));
        rig.Attempts.ShouldBeEmpty();
        rig.Loop.Advance(TimeSpan.FromSeconds(0.1));
        rig.Attempts.Select(attempt => attempt.Result.Outcome)
            .ShouldBe([DeliveryOutcome.Unknown, DeliveryOutcome.Delivered]);
    }

    [Fact]
    public void An_exception_is_an_unknown_outcome()
    {
        using RelayRig rig = new();
        rig.Connector.Script = (push, _) =>
            push.Attempts == 0 ? throw new InvalidOperationException("bug") : Task.FromResult(DeliveryResult.Delivered);
        rig.Add("ann");
        rig.Run(0);
        rig.Attempts.Single().Result.ShouldBe(DeliveryResult.Unknown("InvalidOperationException: bug"));
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Outbox.Finished.Count.ShouldBe(1);
    }

    [Fact]
    public void Retry_after_is_honoured_for_the_push_and_for_all_that_have_not_started()
    {
        using RelayRig rig = new(new() { Concurrency = 1 });
        rig.Connector.Script = (push, _) =>
            Task.FromResult(
                push is { Id.Value: "0-0", Attempts: 0 }
                    ? DeliveryResult.Retry("429", TimeSpan.FromSeconds(90))
                    : DeliveryResult.Delivered
            );
        rig.Add("ann");
        rig.Add("bob");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromMilliseconds(89_999));
        rig.Connector.Calls.Count.ShouldBe(1);
        rig.Loop.Advance(TimeSpan.FromMilliseconds(1));
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-0", "0-1"]);
        rig.Lines.ShouldBeEmpty("a system that asks for patience is not down");
    }

    [Fact]
    public void Retry_after_is_capped()
    {
        using RelayRig rig = new(new() { RetryAfterMax = TimeSpan.FromMinutes(5) });
        rig.Connector.Always(DeliveryResult.Retry("429", TimeSpan.FromDays(365)));
        rig.Add("ann");
        rig.Run(0);
        rig.Connector.Always(DeliveryResult.Delivered);
        rig.Loop.Advance(TimeSpan.FromMinutes(5));
        rig.Outbox.Finished.Count.ShouldBe(1);
    }

    [Fact]
    public void A_rejected_push_is_dead_at_once_and_the_next_of_its_customer_goes_on()
    {
        using RelayRig rig = new();
        rig.Connector.Script = (push, _) =>
            Task.FromResult(
                push.Id.Value == "0-0" ? DeliveryResult.Rejected("550 no such user") : DeliveryResult.Delivered
            );
        Push first = rig.Add("ann");
        Push second = rig.Add("ann");
        rig.Run(0);
        rig.Outbox.Finished[first.Id]
            .ShouldBe(new OutboxUpdate.Dead(first.Id, 1, rig.Now, "rejected: 550 no such user"));
        rig.Outbox.Finished[second.Id].ShouldBeOfType<OutboxUpdate.Delivered>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_delivered_push_says_how_often_it_was_tried(int attempts)
    {
        using RelayRig rig = new();
        rig.Connector.Script = (push, _) =>
            Task.FromResult(push.Attempts < attempts - 1 ? DeliveryResult.Retry("503") : DeliveryResult.Delivered);
        Push push = rig.Add("ann");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromMinutes(1));
        rig.Outbox.Finished[push.Id].ShouldBeOfType<OutboxUpdate.Delivered>().Attempts.ShouldBe(attempts);
    }

    [Fact]
    public void A_push_is_given_up_after_its_last_attempt()
    {
        using RelayRig rig = new(new() { MaxAttempts = 4, DownAfter = 100 });
        rig.Connector.Always(DeliveryResult.Retry("503"));
        Push push = rig.Add("ann");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromMinutes(1));
        rig.Connector.Calls.Select(call => call.Push.Attempts).ShouldBe([0, 1, 2, 3]);
        var dead = rig.Outbox.Finished[push.Id].ShouldBeOfType<OutboxUpdate.Dead>();
        dead.Attempts.ShouldBe(4);
        dead.Reason.ShouldBe("given up after 4 attempts; last: not taken: 503");
    }

    [Fact]
    public void A_push_is_given_up_when_its_next_attempt_would_come_too_late()
    {
        using RelayRig rig = new(new() { GiveUpAfter = TimeSpan.FromHours(1), DownAfter = 1000 });
        rig.Connector.Always(DeliveryResult.Unknown("connection lost"));
        Push push = rig.Add("ann");
        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromHours(1));
        var dead = rig.Outbox.Finished[push.Id].ShouldBeOfType<OutboxUpdate.Dead>();
        dead.Reason.ShouldBe("given up after the end of its life of 1h; last: outcome unknown: connection lost");
        rig.Loop.Time.NextDue.ShouldBeNull();
    }

    [Fact]
    public void However_old_a_push_is_it_gets_one_attempt()
    {
        using RelayRig rig = new(new() { GiveUpAfter = TimeSpan.FromHours(1) });
        rig.Add("ann");
        rig.Loop.Advance(TimeSpan.FromDays(1));
        rig.Run(0);
        rig.Outbox.Finished.Values.Single().ShouldBeOfType<OutboxUpdate.Delivered>();
    }

    [Fact]
    public void A_misconfigured_connector_is_tried_slowly_with_one_line_per_change()
    {
        using RelayRig rig = new(new() { ProbeInterval = TimeSpan.FromSeconds(30), Concurrency = 1 });
        rig.Connector.Always(DeliveryResult.Misconfigured("401 bad token"));
        for (int i = 0; i < 20; i++)
        {
            rig.Add($"u{i}");
        }

        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromMinutes(60));
        rig.Connector.Calls.Count.ShouldBe(121);
        rig.Relay.State.ShouldBe(ConnectorState.Misconfigured);
        rig.Outbox.Pending.ShouldAllBe(row => row.Push.Attempts == 0);
        rig.Lines.Single().Level.ShouldBe(LogLevel.Error);
        rig.Lines.Single().Text.ShouldContain("chat is misconfigured: 401 bad token. Mend its settings");

        rig.Connector.Always(DeliveryResult.Delivered);
        rig.Loop.Advance(TimeSpan.FromSeconds(60));
        rig.Outbox.Finished.Count.ShouldBe(20);
        rig.Relay.State.ShouldBe(ConnectorState.Working);
        rig.Lines.Select(line => line.Level).ShouldBe([LogLevel.Error, LogLevel.Information]);
    }

    [Fact]
    public void A_connector_that_only_fails_is_tried_one_push_at_a_time_until_one_gets_through()
    {
        using RelayRig rig = new(new() { DownAfter = 10, Concurrency = 8 });
        rig.Connector.Always(DeliveryResult.Retry("connection refused"));
        for (int i = 0; i < 1000; i++)
        {
            rig.Add($"u{i}");
        }

        rig.Run(0);
        rig.Connector.Calls.Count.ShouldBeLessThanOrEqualTo(16, "concurrency and down-after bound the first burst");
        rig.Relay.State.ShouldBe(ConnectorState.Down);
        rig.Loop.Advance(TimeSpan.FromHours(1));
        rig.Connector.Calls.Count.ShouldBeInRange(120, 400, "about one every 15 seconds");
        rig.Lines.Count.ShouldBe(1);
        rig.Lines[0].Text.ShouldContain("chat is down: ");

        rig.Connector.Always(DeliveryResult.Delivered);
        rig.Loop.Advance(TimeSpan.FromMinutes(10));
        rig.Outbox.Finished.Count.ShouldBe(1000);
        rig.Lines[1].Text.ShouldBe("Connector chat works again");
    }

    [Fact]
    public void A_refusal_of_one_push_shows_that_the_connector_is_there()
    {
        using RelayRig rig = new(new() { DownAfter = 3, Concurrency = 1 });
        int calls = 0;
        rig.Connector.Script = (_, _) =>
            Task.FromResult(calls++ % 3 == 2 ? DeliveryResult.Rejected("400") : DeliveryResult.Retry("502"));
        for (int i = 0; i < 30; i++)
        {
            rig.Add($"u{i}");
        }

        rig.Run(0);
        rig.Lines.ShouldBeEmpty();
        rig.Relay.State.ShouldBe(ConnectorState.Working);
    }

    [Fact]
    public void An_outage_of_eight_hours_loses_nothing_and_drains()
    {
        using RelayRig rig = new();
        DateTimeOffset back = rig.Loop.Time.GetUtcNow() + TimeSpan.FromHours(8);
        rig.Connector.Script = async (_, over) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), rig.Loop.Time, over);
            return rig.Loop.Time.GetUtcNow() < back ? DeliveryResult.Unknown("timeout") : DeliveryResult.Delivered;
        };
        rig.Run(0, 1);
        for (int minute = 0; minute < 8 * 60; minute++)
        {
            for (int i = 0; i < 10; i++)
            {
                rig.Commit($"u{minute}-{i % 7}", shard: i % 2);
            }

            rig.Loop.Advance(TimeSpan.FromMinutes(1));
        }

        rig.Outbox.Finished.ShouldBeEmpty();
        rig.Connector.Calls.Count.ShouldBeLessThan(3000, "an outage must not become a storm");
        rig.Loop.Advance(TimeSpan.FromMinutes(10));
        rig.Outbox.Finished.Count.ShouldBe(4800);
        rig.Outbox.Finished.Values.ShouldAllBe(end => end is OutboxUpdate.Delivered);
        rig.Lines.Count.ShouldBe(2);
    }
}
