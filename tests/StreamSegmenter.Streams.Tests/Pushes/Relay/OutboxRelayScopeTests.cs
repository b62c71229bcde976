using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>What one push's trouble means for the others of its connector.</summary>
public sealed class OutboxRelayScopeTests
{
    private static readonly DeliveryResult Later = DeliveryResult.Deferred("SMTP recipient: 471 4.9.9 later");

    [Fact]
    public void Recipients_refused_for_now_hold_up_nobody_else()
    {
        using RelayRig rig = new();
        rig.Connector.Script = (push, _) => Task.FromResult(IsBad(push) ? Later : DeliveryResult.Delivered);
        rig.Run(0);
        for (int i = 0; i < 40; i++)
        {
            rig.Commit($"bad{i}");
        }

        for (int i = 0; i < 600; i++)
        {
            Push good = rig.Commit($"good{i}");
            rig.Outbox.Finished[good.Id].ShouldBe(new OutboxUpdate.Delivered(good.Id, 1, rig.Now), "at once");
            rig.Loop.Advance(TimeSpan.FromSeconds(1));
        }

        rig.Relay.State.ShouldBe(ConnectorState.Working);
        rig.Lines.ShouldBeEmpty();
        rig.Outbox.Pending.Count.ShouldBe(40);
    }

    [Fact]
    public void Greylisting_delays_each_recipient_by_itself()
    {
        using RelayRig rig = new();
        Dictionary<string, DateTimeOffset> seen = [];
        rig.Connector.Script = (push, _) =>
        {
            DateTimeOffset now = rig.Loop.Time.GetUtcNow();
            seen.TryAdd(push.Customer.Value, now);
            bool isKnown = now - seen[push.Customer.Value] >= TimeSpan.FromMinutes(5);
            return Task.FromResult(isKnown ? DeliveryResult.Delivered : Later);
        };
        rig.Run(0);
        for (int i = 0; i < 100; i++)
        {
            rig.Commit($"u{i}");
            seen.ShouldContainKey($"u{i}", "everybody's first attempt is made at once");
        }

        // No wait between two attempts is longer than ten minutes.
        rig.Loop.Advance(TimeSpan.FromMinutes(15));
        rig.Outbox.Finished.Values.Count(end => end is OutboxUpdate.Delivered).ShouldBe(100);
        rig.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void A_refused_login_is_tried_no_more_often_for_pushes_that_cannot_be_sent_at_all()
    {
        using RelayRig rig = new(new() { ProbeInterval = TimeSpan.FromSeconds(30) });
        List<DateTimeOffset> logins = [];
        rig.Connector.Script = (push, _) =>
        {
            if (IsBad(push))
            {
                return Task.FromResult(DeliveryResult.Unsendable("The customer has no address."));
            }

            logins.Add(rig.Loop.Time.GetUtcNow());
            return Task.FromResult(DeliveryResult.Misconfigured("535 no"));
        };
        rig.Run(0);
        rig.Commit("ann");
        for (int i = 0; i < 600; i++)
        {
            rig.Commit($"bad{i}");
            rig.Commit($"good{i}");
            rig.Loop.Advance(TimeSpan.FromSeconds(1));
        }

        rig.Loop.Advance(TimeSpan.FromSeconds(30));
        logins.Zip(logins.Skip(1), (one, next) => next - one).ShouldAllBe(pause => pause >= TimeSpan.FromSeconds(30));
        logins.Count.ShouldBe(22);
        rig.Outbox.Finished.Count.ShouldBeGreaterThan(20, "some were given up between two logins");
        rig.Lines.Count.ShouldBe(1);
        rig.Relay.State.ShouldBe(ConnectorState.Misconfigured);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Unknown)]
    public void A_server_that_is_down_is_not_up_again_for_a_push_that_it_was_not_asked_about(DeliveryOutcome outcome)
    {
        using RelayRig rig = new(new() { DownAfter = 3 });
        rig.Connector.Script = (push, _) =>
            Task.FromResult(
                !IsBad(push) ? new(outcome, "connection refused")
                : push.Customer.Value == "bad0" ? DeliveryResult.NotSent("no connection was free")
                : DeliveryResult.Unsendable("The customer has no address.")
            );
        for (int i = 0; i < 10; i++)
        {
            rig.Add($"good{i}");
            rig.Add($"bad{i}");
        }

        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromMinutes(10));
        rig.Outbox.Finished.Count.ShouldBe(9);
        rig.Relay.State.ShouldBe(ConnectorState.Down);
        rig.Lines.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Retry, 1, 8)]
    [InlineData(DeliveryOutcome.Unknown, 1, 8)]
    [InlineData(DeliveryOutcome.Misconfigured, 1, 8)]
    [InlineData(DeliveryOutcome.Retry, 40, 8)]
    [InlineData(DeliveryOutcome.Unknown, 40, 1000)]
    [InlineData(DeliveryOutcome.Misconfigured, 40, 8)]
    public void Older_pushes_that_always_fail_do_not_keep_the_connector_down(
        DeliveryOutcome outcome,
        int bad,
        int lookAhead
    )
    {
        using RelayRig rig = new(
            new()
            {
                BackoffMax = TimeSpan.FromSeconds(1),
                LookAhead = lookAhead,
                MaxAttempts = 100_000,
            }
        );
        rig.Connector.Script = (push, _) =>
            Task.FromResult(IsBad(push) ? new(outcome, "connection lost") : DeliveryResult.Delivered);
        for (int i = 0; i < bad; i++)
        {
            rig.Add($"bad{i}");
        }

        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromMinutes(30));
        rig.Relay.State.ShouldNotBe(ConnectorState.Working);

        Push first = rig.Commit("good1");
        rig.Loop.Advance(TimeSpan.FromSeconds(30));
        rig.Outbox.Finished[first.Id].ShouldBeOfType<OutboxUpdate.Delivered>().Attempts.ShouldBe(1);
        Push second = rig.Commit("good2");
        rig.Loop.Advance(TimeSpan.FromSeconds(30));
        rig.Outbox.Finished[second.Id].ShouldBeOfType<OutboxUpdate.Delivered>();
        rig.Outbox.Finished.Count.ShouldBe(2);
    }

    [Fact]
    public void Trials_of_a_connector_that_is_down_go_round()
    {
        using RelayRig rig = new(
            new()
            {
                DownAfter = 1,
                Concurrency = 1,
                BackoffMax = TimeSpan.FromSeconds(1),
                LookAhead = 5,
            }
        );
        rig.Connector.Always(DeliveryResult.Retry("connection refused"));
        for (int i = 0; i < 20; i++)
        {
            rig.Add($"u{i}");
        }

        rig.Run(0);
        rig.Loop.Advance(TimeSpan.FromHours(1));
        int[] tries = [.. rig.Connector.Calls.GroupBy(call => call.Push.Id).Select(group => group.Count())];
        tries.Length.ShouldBe(20);
        (tries.Max() - tries.Min()).ShouldBeLessThanOrEqualTo(1);
    }

    // As a chat system does that limits each channel by itself.
    [Fact]
    public void A_channel_that_has_to_wait_holds_up_no_other_and_costs_no_attempt()
    {
        using RelayRig rig = new();
        DateTimeOffset open = rig.Loop.Time.GetUtcNow() + TimeSpan.FromSeconds(30);
        bool isTold = false;
        rig.Connector.Script = (push, _) =>
        {
            TimeSpan wait = open - rig.Loop.Time.GetUtcNow();
            if (!IsBad(push) || wait <= TimeSpan.Zero)
            {
                return Task.FromResult(DeliveryResult.Delivered);
            }

            bool isFirst = !isTold;
            isTold = true;
            return Task.FromResult(
                isFirst ? DeliveryResult.Deferred("429", wait) : DeliveryResult.NotSent("asked to wait", wait)
            );
        };
        rig.Run(0);
        for (int i = 0; i < 20; i++)
        {
            rig.Commit($"bad{i}");
            Push good = rig.Commit($"good{i}");
            rig.Outbox.Finished[good.Id].ShouldBe(new OutboxUpdate.Delivered(good.Id, 1, rig.Now));
            rig.Loop.Advance(TimeSpan.FromSeconds(1));
        }

        rig.Loop.Advance(TimeSpan.FromMilliseconds(9_999));
        rig.Outbox.Finished.Count.ShouldBe(20);
        rig.Loop.Advance(TimeSpan.FromMilliseconds(1));
        rig.Outbox.Finished.Values.Cast<OutboxUpdate.Delivered>()
            .Count(end => end.Attempts == 1)
            .ShouldBe(39, "all but the one whose attempt the channel answered");
        rig.Outbox.Finished.Count.ShouldBe(40);
        rig.Lines.ShouldBeEmpty();
    }

    private static bool IsBad(Push push) => push.Customer.Value.StartsWith("bad", StringComparison.Ordinal);
}
