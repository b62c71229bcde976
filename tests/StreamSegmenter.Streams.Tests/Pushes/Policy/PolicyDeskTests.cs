using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Tests.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

public sealed class PolicyDeskTests
{
    private const long HourMs = 3_600_000;

    [Fact]
    public void What_policy_lets_out_is_sent_in_order_and_granted_before()
    {
        using DeskRig rig = new();
        rig.Mail.Script = (push, _) =>
        {
            CustomerFacts facts = FactsOf(rig, push.Customer.Value);
            facts.Grants.Select(grant => grant.Push).ShouldContain(push.Id, "it was sent before its grant was stored");
            return Task.FromResult(DeliveryResult.Delivered);
        };
        rig.Run();
        rig.Commit("a", "b@mail/bob", "c");
        rig.Sent().ShouldBe("a b c");
        rig.Counts().ShouldBe(new OutboxCounts(0, 3, 0));
        rig.Loop.Time.NextDue.ShouldBeNull("nothing is left to wait for");
    }

    [Fact]
    public void What_waits_holds_up_nobody_and_goes_at_its_time()
    {
        using DeskRig rig = new();
        Timestamp morning = rig.Now.Plus(8 * HourMs);
        rig.Policy.Script = (push, _, now) =>
            push.Push.Id.Value == "a" && now < morning ? ScriptedPolicy.Wait(push, morning) : ScriptedPolicy.Send(push);
        rig.Run();
        rig.Commit("a", "b", "c@mail/bob");
        rig.Sent().ShouldBe("b c");
        rig.Loop.Advance(TimeSpan.FromHours(8) - TimeSpan.FromMilliseconds(1));
        rig.Sent().ShouldBe("b c");
        rig.Loop.Advance(TimeSpan.FromMilliseconds(1));
        rig.Sent().ShouldBe("b c a");
        rig.Mail.Calls[^1].Push.Attempts.ShouldBe(0, "waiting is no attempt");
    }

    [Fact]
    public void A_push_that_waits_is_looked_at_again_with_every_other_one()
    {
        using DeskRig rig = new();
        bool quiet = true;
        rig.Policy.Script = (push, _, now) =>
            quiet ? ScriptedPolicy.Wait(push, now.Plus(HourMs)) : ScriptedPolicy.Send(push);
        rig.Run();
        rig.Commit("a");
        quiet = false;
        rig.Commit("b");
        rig.Sent().ShouldBe("a b", "what made it wait is over");
    }

    [Fact]
    public void What_is_dropped_is_never_sent_and_has_its_end()
    {
        using DeskRig rig = new();
        rig.Policy.Script = (push, _, _) =>
            push.Push.Id.Value == "b" ? ScriptedPolicy.Send(push) : ScriptedPolicy.Drop(push);
        rig.Run();
        rig.Commit("a", "b", "c");
        rig.Sent().ShouldBe("b");
        rig.Counts().ShouldBe(new OutboxCounts(0, 1, 0) { Dropped = 2 });
        rig.Ends.Select(end => end.Id).ShouldBe(["a", "b", "c"], ignoreOrder: true);
        FactsOf(rig).Unsent.ShouldBe([new PushId("a"), new PushId("c")], ignoreOrder: true);
    }

    [Fact]
    public void What_is_merged_goes_with_its_carrier()
    {
        using DeskRig rig = new();
        Timestamp evening = rig.Now.Plus(HourMs);
        rig.Policy.Script = (push, _, now) =>
            now < evening ? ScriptedPolicy.Wait(push, evening)
            : push.Push.Id.Value == "a" ? ScriptedPolicy.Send(push)
            : ScriptedPolicy.Merge(push, "a");
        rig.Run();
        rig.Commit("a", "b", "c");
        rig.Loop.Advance(TimeSpan.FromHours(1));
        rig.Sent().ShouldBe("a");
        Encoding
            .UTF8.GetString(rig.Mail.Calls[0].Push.Content.Span)
            .ShouldBe("""{"segment":"a","digest":[{"segment":"a"},{"segment":"b"},{"segment":"c"}]}""");
        rig.Counts().ShouldBe(new OutboxCounts(0, 1, 0) { Merged = 2 });
        FactsOf(rig).Grants.Select(grant => grant.Push.Value).ShouldBe(["a"]);
    }

    [Fact]
    public void Nothing_is_merged_into_what_was_let_out_before()
    {
        using DeskRig rig = new();
        rig.Mail.Script = (push, _) =>
            Task.FromResult(push.Attempts == 0 ? DeliveryResult.Unknown("lost") : DeliveryResult.Delivered);
        rig.Policy.Script = (push, facts, _) =>
            push.Push.Id.Value == "b" && facts.Grants.Any(grant => grant.Push.Value == "a") && push.GrantedAt is null
                ? ScriptedPolicy.Merge(push, "a")
                : ScriptedPolicy.Send(push);
        rig.Run();
        rig.Commit("a", "b");
        rig.Loop.Advance(TimeSpan.FromMinutes(5));
        rig.Mail.Calls.Where(call => call.Push.Id.Value == "a")
            .Select(call => Encoding.UTF8.GetString(call.Push.Content.Span))
            .ShouldAllBe(content => content == """{"segment":"a"}""");
        rig.Counts().Merged.ShouldBe(0);
    }

    [Fact]
    public void A_retry_keeps_its_place_before_what_comes_after_it()
    {
        using DeskRig rig = new();
        rig.Mail.Script = (push, _) =>
            Task.FromResult(
                push is { Id.Value: "a", Attempts: < 3 } ? DeliveryResult.Retry("busy") : DeliveryResult.Delivered
            );
        rig.Run();
        rig.Commit("a", "b", "c@mail/bob");
        rig.Sent().ShouldBe("a c");
        rig.Loop.Advance(TimeSpan.FromMinutes(1));
        rig.Sent().ShouldBe("a c a a a b");
    }

    [Fact]
    public void A_retry_is_asked_about_again()
    {
        using DeskRig rig = new();
        rig.Mail.Always(DeliveryResult.Retry("busy"));
        rig.Run();
        rig.Commit("a");
        rig.Policy.Script = (push, _, _) => ScriptedPolicy.Drop(push);
        rig.Loop.Advance(TimeSpan.FromMinutes(1));
        rig.Sent().ShouldBe("a");
        rig.Counts().ShouldBe(new OutboxCounts(0, 0, 0) { Dropped = 1 });
    }

    [Fact]
    public void A_cap_over_two_connectors_is_kept_when_both_ask_at_once()
    {
        using DeskRig rig = new(options: null, "mail", "chat");
        rig.Policy.Script = (push, facts, now) =>
            push.GrantedAt is null && facts.Grants.Count > 0
                ? ScriptedPolicy.Wait(push, now.Plus(24 * HourMs))
                : ScriptedPolicy.Send(push);
        rig.Commit([.. Enumerable.Range(0, 20).SelectMany(i => new[] { $"m{i}@mail/u{i}", $"c{i}@chat/u{i}" })]);
        rig.Run();
        rig.Loop.Advance(TimeSpan.FromHours(23));
        (rig.Mail.Calls.Count + rig.Connectors["chat"].Calls.Count).ShouldBe(20);
        (rig.Counts("mail").Pending + rig.Counts("chat").Pending).ShouldBe(20);
    }

    [Fact]
    public void A_refused_push_gives_its_grant_back()
    {
        using DeskRig rig = new();
        rig.Policy.Script = (push, facts, now) =>
            push.GrantedAt is null && facts.Grants.Count > 0
                ? ScriptedPolicy.Wait(push, now.Plus(24 * HourMs))
                : ScriptedPolicy.Send(push);
        rig.Mail.Script = (push, _) =>
            Task.FromResult(push.Id.Value == "a" ? DeliveryResult.Rejected("422") : DeliveryResult.Delivered);
        rig.Run();
        rig.Commit("a", "b", "c");
        rig.Sent().ShouldBe("a b");
        rig.Counts().ShouldBe(new OutboxCounts(Pending: 1, Delivered: 1, Dead: 1));
    }

    [Fact]
    public void A_policy_that_throws_stops_that_customer_alone_and_not_for_good()
    {
        using DeskRig rig = new();
        bool broken = true;
        rig.Policy.Script = (push, _, _) =>
            broken && push.Push.Customer.Value == "bob"
                ? throw new InvalidOperationException("planned")
                : ScriptedPolicy.Send(push);
        rig.Run();
        rig.Commit("a", "b@mail/bob", "c");
        rig.Sent().ShouldBe("a c");
        broken = false;
        rig.Loop.Advance(TimeSpan.FromMinutes(1));
        rig.Sent().ShouldBe("a c b");
    }

    [Fact]
    public void A_connector_that_policy_does_not_govern_is_not_asked_about()
    {
        using DeskRig rig = new(options: null, "mail", "ops");
        rig.Policy.Script = (push, _, _) => ScriptedPolicy.Drop(push);
        rig.Run();
        rig.Commit("a@ops", "b@ops");
        rig.Sent("ops").ShouldBe("a b");
        rig.Policy.Asked.ShouldBeEmpty();
    }

    [Fact]
    public void A_connector_that_waits_does_not_keep_what_waits_for_policy_in_memory_for_ever()
    {
        // Ten may be remembered; forty wait for the morning, and those after them are sent all the same.
        using DeskRig rig = new(
            new()
            {
                LookAhead = 10,
                MaxHeld = 10,
                Concurrency = 2,
            }
        );
        Timestamp morning = rig.Now.Plus(8 * HourMs);
        rig.Policy.Script = (push, _, now) =>
            push.Push.Id.Value[0] == 'w' && now < morning
                ? ScriptedPolicy.Wait(push, morning)
                : ScriptedPolicy.Send(push);
        rig.Run();
        rig.Commit([.. Enumerable.Range(0, 40).Select(i => $"w{i}@mail/w{i}")]);
        rig.Commit([.. Enumerable.Range(0, 40).Select(i => $"s{i}@mail/s{i}")]);
        rig.Counts().Delivered.ShouldBe(40);
        rig.Loop.Advance(TimeSpan.FromHours(8));
        rig.Counts().ShouldBe(new OutboxCounts(0, 80, 0));
        rig.Mail.Calls.Count.ShouldBe(80);
    }

    [Theory]
    [InlineData("mail")]
    [InlineData("ops")]
    public void What_an_operator_puts_back_is_sent_under_its_id_and_disturbs_nothing_under_way(string connector)
    {
        using DeskRig rig = new(new() { Concurrency = 2 }, connector);
        ScriptedConnector calls = rig.Connectors[connector];
        TaskCompletionSource<DeliveryResult> slow = new();
        calls.Script = (push, _) =>
            push.Id.Value == "slow" ? slow.Task
            : push.Id.Value == "bad" && calls.Calls.Count(call => call.Push.Id == push.Id) == 1
                ? Task.FromResult(DeliveryResult.Rejected("422"))
            : Task.FromResult(DeliveryResult.Delivered);
        rig.Run();
        rig.Commit($"slow@{connector}/bob", $"bad@{connector}", $"next@{connector}");
        rig.Sent(connector).ShouldBe("slow bad next");
        rig.Counts(connector).ShouldBe(new OutboxCounts(Pending: 1, Delivered: 1, Dead: 1));
        rig.Replay("bad");
        rig.Sent(connector).ShouldBe("slow bad next bad", "an attempt under way is nobody's business but bob's");
        rig.Commit($"last@{connector}");
        rig.Sent(connector).ShouldBe("slow bad next bad last");
        slow.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        rig.Sent(connector).ShouldBe("slow bad next bad last");
        rig.Counts(connector).ShouldBe(new OutboxCounts(0, 4, 0));
    }

    [Theory]
    [InlineData("mail")]
    [InlineData("ops")]
    public void What_is_put_back_comes_after_the_push_of_its_customer_that_is_under_way(string connector)
    {
        using DeskRig rig = new(options: null, connector);
        ScriptedConnector calls = rig.Connectors[connector];
        TaskCompletionSource<DeliveryResult> slow = new();
        calls.Script = (push, _) =>
            push is { Id.Value: "slow", Attempts: 0 } ? slow.Task
            : push.Id.Value == "bad" && calls.Calls.Count == 1 ? Task.FromResult(DeliveryResult.Rejected("422"))
            : Task.FromResult(DeliveryResult.Delivered);
        rig.Run();
        rig.Commit($"bad@{connector}", $"slow@{connector}", $"next@{connector}");
        rig.Sent(connector).ShouldBe("bad slow");
        rig.Replay("bad");
        rig.Commit($"last@{connector}");
        rig.Sent(connector).ShouldBe("bad slow", "two attempts at once for one customer");
        slow.SetResult(DeliveryResult.Delivered);
        rig.Loop.Settle();
        rig.Sent(connector).ShouldBe("bad slow bad next last");
        rig.Counts(connector).ShouldBe(new OutboxCounts(0, 4, 0));
    }

    [Fact]
    public void A_dead_connector_costs_another_no_time()
    {
        using DeskRig alone = new(options: null, "chat");
        using DeskRig beside = new(options: null, "chat", "mail", "ops");
        beside.Mail.Script = async (_, over) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, beside.Loop.Time, over);
            return DeliveryResult.Delivered;
        };
        beside.Connectors["ops"].Always(DeliveryResult.Retry("no connection"));
        foreach (DeskRig rig in new[] { alone, beside })
        {
            rig.Connectors["chat"].Script = async (_, over) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), rig.Loop.Time, over);
                return DeliveryResult.Delivered;
            };
            rig.Run();
            for (int i = 0; i < 200; i++)
            {
                string[] all = [$"m{i}@mail/u{i}", $"o{i}@ops/u{i}", $"c{i}@chat/u{i}"];
                rig.Commit(rig == alone ? [all[2]] : all);
            }

            rig.Loop.Advance(TimeSpan.FromMinutes(1));
        }

        beside.Counts("mail").Delivered.ShouldBe(0);
        beside.Counts("ops").Delivered.ShouldBe(0);
        beside.Counts("chat").ShouldBe(new OutboxCounts(0, 200, 0));
        Times(beside).ShouldBe(Times(alone));

        static IEnumerable<long> Times(DeskRig rig) =>
            rig.Connectors["chat"].Calls.Select(call => call.At.Milliseconds).Order();
    }

    [Fact]
    public void More_than_are_looked_at_together_at_a_dead_connector_hide_nothing_of_another()
    {
        using DeskRig rig = new(options: null, "mail", "chat");
        rig.Mail.Always(DeliveryResult.Retry("no connection"));
        rig.Run();
        rig.Commit([.. Enumerable.Range(0, 210).Select(i => $"m{i}")]);
        rig.Commit("c@chat");
        rig.Sent("chat").ShouldBe("c");
        rig.Counts("mail").Pending.ShouldBe(210);
    }

    private static CustomerFacts FactsOf(DeskRig rig, string customer = "ann") =>
        rig
            .Store.Cases.ReadAsync(
                new([new(customer)], [new("mail"), new("chat")], rig.Now.Minus(24 * HourMs), 100, _ => null),
                default
            )
            .AsTask()
            .Result[0]
            .Facts;
}
