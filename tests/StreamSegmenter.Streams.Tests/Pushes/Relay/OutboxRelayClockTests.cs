using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Tests.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>
/// A machine's clock is set back by ten minutes; the log's clock, by which pushes are made, stays where it was.
/// </summary>
public sealed class OutboxRelayClockTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("mail")]
    [InlineData("ops")]
    public void What_nobody_made_wait_goes_at_once(string connector)
    {
        using DeskRig rig = new(options: null, connector);
        rig.Commit($"a@{connector}", $"b@{connector}/bob");
        rig.Loop.Time.SetBack(s_step);
        rig.Run();
        rig.Sent(connector).ShouldBe("a b");
    }

    [Fact]
    public async Task What_was_let_out_before_a_crash_goes_at_once()
    {
        using DeskRig rig = new();
        rig.Commit("a");
        await rig.Store.Outbox.UpdateAsync([new OutboxUpdate.Granted(new("a"), "news", rig.Now, "ok")], default);
        rig.Loop.Time.SetBack(s_step);
        rig.Run();
        rig.Sent().ShouldBe("a");
    }

    [Fact]
    public void A_rate_is_kept_by_a_clock_that_nobody_sets()
    {
        using RelayRig rig = new(
            new()
            {
                Rate = new() { Permits = 1, Per = TimeSpan.FromSeconds(1) },
            }
        );
        rig.Add("ann");
        rig.Add("bob");
        rig.Add("cat");
        rig.Run(0);
        rig.Connector.Calls.Count.ShouldBe(1);
        rig.Loop.Time.SetBack(s_step);
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Connector.Calls.Count.ShouldBe(2);
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Connector.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public void The_patience_that_a_connector_asked_for_is_measured_by_it_too()
    {
        using RelayRig rig = new(new() { Concurrency = 1 });
        rig.Connector.Always(DeliveryResult.Retry("busy", TimeSpan.FromSeconds(5)));
        rig.Add("ann");
        rig.Add("bob");
        rig.Run(0);
        rig.Connector.Always(DeliveryResult.Delivered);
        rig.Loop.Time.SetBack(s_step);
        rig.Loop.Advance(TimeSpan.FromSeconds(4));
        rig.Connector.CalledIds.ShouldBe(["0-0"]);
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Connector.CalledIds.ShouldBe(["0-0", "0-1"]);
    }

    [Fact]
    public void An_outbox_that_failed_is_used_again_after_a_second_of_it()
    {
        using RelayRig rig = new();
        rig.Outbox.Failure = new IOException("locked");
        rig.Add("ann");
        rig.Run(0);
        rig.Outbox.Failure = null;
        rig.Loop.Time.SetBack(s_step);
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Connector.CalledIds.ShouldBe(["0-0"]);
    }
}
