using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Tests.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes;

/// <summary>What is counted of pushes is what the store says of them.</summary>
public sealed class PushInstrumentsTests
{
    [Fact]
    public void Attempts_decisions_and_ends_are_counted_by_connector()
    {
        using DeskRig rig = new(new() { MaxAttempts = 2 }, "mail", "chat", "log");
        Timestamp morning = rig.Now.Plus(3_600_000);
        rig.Policy.Script = (push, _, now) =>
            push.Push.Id.Value switch
            {
                "refused" => ScriptedPolicy.Drop(push),
                "part" => ScriptedPolicy.Merge(push, "whole"),
                "late" when now < morning => ScriptedPolicy.Wait(push, morning),
                _ => ScriptedPolicy.Send(push),
            };
        rig.Mail.Script = (push, _) =>
            Task.FromResult(push.Id.Value == "bad" ? DeliveryResult.Rejected("550") : DeliveryResult.Delivered);
        rig.Connectors["chat"].Always(DeliveryResult.Retry("503"));

        rig.Commit("refused", "whole", "part", "bad", "late@mail/bob", "tried@chat/bob", "plain@log");
        rig.Run();
        rig.Loop.Settle();
        rig.Loop.Advance(TimeSpan.FromHours(2));

        rig.Metrics.Lines.ShouldBe([
            "streamsegmenter.pushes.attempts connector=chat outcome=retry: 2",
            "streamsegmenter.pushes.attempts connector=log outcome=delivered: 1",
            "streamsegmenter.pushes.attempts connector=mail outcome=delivered: 2",
            "streamsegmenter.pushes.attempts connector=mail outcome=rejected: 1",
            "streamsegmenter.pushes.decisions connector=chat verdict=send reason=send: 1",
            "streamsegmenter.pushes.decisions connector=mail verdict=drop reason=no-consent: 1",
            "streamsegmenter.pushes.decisions connector=mail verdict=merge reason=digest: 1",
            "streamsegmenter.pushes.decisions connector=mail verdict=send reason=send: 3",
            "streamsegmenter.pushes.decisions connector=mail verdict=wait reason=quiet-hours: 1",
            "streamsegmenter.pushes.ends connector=chat state=dead: 1",
            "streamsegmenter.pushes.ends connector=log state=delivered: 1",
            "streamsegmenter.pushes.ends connector=mail state=dead: 1",
            "streamsegmenter.pushes.ends connector=mail state=delivered: 2",
            "streamsegmenter.pushes.ends connector=mail state=dropped: 1",
            "streamsegmenter.pushes.ends connector=mail state=merged: 1",
        ]);
        rig.Counts().ShouldBe(new OutboxCounts(0, 2, 1) { Dropped = 1, Merged = 1 });
    }

    [Fact]
    public void Of_a_reason_its_code_is_counted()
    {
        using DeskRig rig = new();
        rig.Policy.Script = (push, _, now) =>
            new Streams.Pushes.Policy.PolicyDecision.Drop(push.Push.Id, $"expired: at {now}");
        rig.Run();
        rig.Commit("a");
        rig.Loop.Advance(TimeSpan.FromSeconds(1));
        rig.Commit("b");
        rig.Metrics.Lines[0].ShouldBe("streamsegmenter.pushes.decisions connector=mail verdict=drop reason=expired: 2");
    }
}
