using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>What operators do about pushes that came to no good end.</summary>
public abstract class PushAdministrationConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task What_came_to_no_good_end_is_listed_in_order_and_page_by_page()
    {
        await PutAsync("d2", "d1", "d3", "lost", "held", "pending", "done");
        await UpdateAsync(
            new OutboxUpdate.Dead(new("d2"), 5, Noon, "rejected: 422"),
            new OutboxUpdate.Dead(new("d1"), 5, Noon, "rejected: 422"),
            new OutboxUpdate.Dead(new("d3"), 9, Noon.Plus(-5), "given up"),
            new OutboxUpdate.Unknown(new("lost"), 1, Noon, "no answer") { UnknownAt = Noon.Plus(-9) },
            new OutboxUpdate.Held(new("held"), 1, Noon, "no answer"),
            new OutboxUpdate.Delivered(new("done"), Noon)
        );
        await Store.ReopenAsync();

        (await ListAsync(PushState.Dead)).ShouldBe(["d3", "d1", "d2"]);
        (await ListAsync(PushState.Dead, max: 1)).ShouldBe(["d3"]);
        (await ListAsync(PushState.Dead, after: new(Noon.Plus(-5), new("d3")), max: 1)).ShouldBe(["d1"]);
        (await ListAsync(PushState.Dead, after: new(Noon, new("d1")))).ShouldBe(["d2"]);
        (await ListAsync(PushState.Held)).ShouldBe(["held"]);
        (await ListAsync(PushState.Delivered)).ShouldBeEmpty("nothing is to be done about it");

        StoredPush lost = (await Store.PushAdministration.ReadEndedAsync(PushState.Unknown, null, 9, default))[0];
        lost.SettledAt.ShouldBe(Noon);
        lost.Reason.ShouldBe("no answer");
        lost.UnknownAt.ShouldBe(Noon.Plus(-9));
        lost.Push.Attempts.ShouldBe(1);
        lost.Place.ShouldBe(new OutboxPlace(Shard, 4));
    }

    [Fact]
    public async Task A_push_is_found_with_what_policy_decided_on_it()
    {
        await PutAsync("a", "b");
        await UpdateAsync(new OutboxUpdate.Deferred(new("a"), Noon.Plus(5), Noon, "quiet-hours"));
        await UpdateAsync(new OutboxUpdate.Deferred(new("a"), Noon.Plus(5), Noon.Plus(1), "quiet-hours"));
        await UpdateAsync(new OutboxUpdate.Granted(new("a"), "news", Noon.Plus(5), "sent"));
        await UpdateAsync(new OutboxUpdate.Granted(new("a"), "news", Noon.Plus(6), "sent"));
        await UpdateAsync(new OutboxUpdate.Merged(new("b"), new("a"), Noon.Plus(5), "digest"));

        PushHistory a = (await FindAsync("a")).ShouldNotBeNull();
        a.Push.State.ShouldBe(PushState.Pending);
        a.Push.SettledAt.ShouldBeNull();
        a.Decisions.ShouldBe([
            new(new("a"), Noon, PolicyVerdict.Wait, "quiet-hours"),
            new(new("a"), Noon.Plus(5), PolicyVerdict.Send, "sent"),
        ]);
        PushHistory b = (await FindAsync("b")).ShouldNotBeNull();
        (b.Push.State, b.Push.MergedInto, b.Push.Reason).ShouldBe((PushState.Merged, new PushId("a"), "digest"));
        (await FindAsync("nobody")).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_put_back_is_pending_as_if_it_were_new_under_its_id_and_at_its_place()
    {
        await PutAsync("a", "b", "c");
        await UpdateAsync(
            new OutboxUpdate.Dead(new("a"), 5, Noon, "rejected"),
            new OutboxUpdate.Held(new("b"), 1, Noon, "no answer") { UnknownAt = Noon }
        );

        IReadOnlyList<StoredPush> moved = await Store.PushAdministration.ReplayAsync(
            [new("b"), new("a"), new("c"), new("nobody")],
            Noon.Plus(99),
            default
        );
        await Store.ReopenAsync();

        moved.Select(push => push.Push.Id.Value).ShouldBe(["a", "b"], ignoreOrder: true);
        IReadOnlyList<PendingPush> pending = await Store.Outbox.ReadPendingAsync(Mail, Shard, 0, 10, default);
        pending.Select(push => push.Push.Id.Value).ShouldBe(["a", "b", "c"]);
        pending[0].Push.Attempts.ShouldBe(0);
        pending[0].MadeAt.ShouldBe(Noon.Plus(99));
        pending[0].NotBefore.ShouldBe(Noon.Plus(99));
        pending[1].UnknownAt.ShouldBeNull();
        pending[2].MadeAt.ShouldBe(Noon, "what is pending is left alone");
        (await Store.Outbox.CountAsync(default))[Mail].ShouldBe(new OutboxCounts(3, 0, 0));
        (await Store.PushAdministration.ReadReplaysAsync(default)).ShouldBe(
            new Dictionary<ShardId, long> { [Shard] = 1 }
        );
    }

    [Fact]
    public async Task A_push_that_is_put_back_keeps_its_grant_only_if_it_may_have_arrived()
    {
        await PutAsync("refused", "doubtful");
        await UpdateAsync(
            new OutboxUpdate.Granted(new("refused"), "news", Noon, "sent"),
            new OutboxUpdate.Granted(new("doubtful"), "news", Noon, "sent")
        );
        await UpdateAsync(
            new OutboxUpdate.Dead(new("refused"), 1, Noon, "rejected"),
            new OutboxUpdate.Unknown(new("doubtful"), 1, Noon, "no answer") { UnknownAt = Noon }
        );

        await Store.PushAdministration.ReplayAsync([new("refused"), new("doubtful")], Noon, default);

        CaseQuestion question = new([new CustomerId("u1")], Noon, 10, _ => null);
        CustomerCase one = (await Store.Cases.ReadAsync(question, default)).ShouldHaveSingleItem();
        one.Facts.Grants.Select(grant => grant.Push.Value).ShouldBe(["doubtful"]);
    }

    [Fact]
    public async Task What_is_discarded_is_over()
    {
        await PutAsync("a", "b");
        await UpdateAsync(new OutboxUpdate.Dead(new("a"), 5, Noon, "rejected"));

        (await Store.PushAdministration.DiscardAsync([new("a"), new("b")], Noon, default)).ShouldBe(1);
        (await Store.PushAdministration.DiscardAsync([new("a")], Noon, default)).ShouldBe(0);
        (await Store.PushAdministration.ReplayAsync([new("a")], Noon, default)).ShouldBeEmpty();
        await UpdateAsync(new OutboxUpdate.Delivered(new("a"), Noon));

        (await FindAsync("a"))!.Push.State.ShouldBe(PushState.Discarded);
        (await Store.Outbox.CountAsync(default))[Mail].ShouldBe(new OutboxCounts(1, 0, 0) { Discarded = 1 });
    }

    [Fact]
    public async Task A_push_can_be_edited_while_nothing_sends_it()
    {
        await PutAsync("a", "b");
        await UpdateAsync(new OutboxUpdate.Dead(new("a"), 5, Noon, "rejected"));

        (await Store.PushAdministration.EditAsync(new("a"), Bytes("edited"), default)).ShouldBeTrue();
        (await Store.PushAdministration.EditAsync(new("b"), Bytes("edited"), default)).ShouldBeFalse();
        (await Store.PushAdministration.EditAsync(new("nobody"), Bytes("edited"), default)).ShouldBeFalse();

        (await FindAsync("a"))!.Push.Push.Content.Span.SequenceEqual(Bytes("edited")).ShouldBeTrue();
        (await FindAsync("b"))!.Push.Push.Content.Span.SequenceEqual(Bytes("{}")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_search_goes_through_all_that_ended()
    {
        string[] ids = [.. Enumerable.Range(0, 1_200).Select(i => $"p{i:0000}")];
        await PutAsync(ids);
        await UpdateAsync([
            .. ids.Select(
                (id, i) => new OutboxUpdate.Dead(new(id), 1, Noon, i % 100 == 0 ? "Rejected: 422" : "given up")
            ),
        ]);

        PushFilter filter = new(PushState.Dead)
        {
            Reason = "rejected",
            Connector = "mail",
            Customer = "u1",
        };
        PushPage first = await Store.PushAdministration.SearchAsync(filter, null, 8, default);
        PushPage rest = await Store.PushAdministration.SearchAsync(filter, first.Next, 8, default);

        first.Pushes.Concat(rest.Pushes).Select(push => push.Push.Id.Value).ShouldBe(ids.Where((_, i) => i % 100 == 0));
        rest.Next.ShouldBeNull();
        PushFilter others = filter with { Connector = "chat" };
        (await Store.PushAdministration.SearchAsync(others, null, 8, default)).Pushes.ShouldBeEmpty();
    }

    private async Task PutAsync(params string[] ids) =>
        await EffectsAsync(await LeaseAsync(), 1, pushes: [.. ids.Select((id, i) => Push(id, i + 1))]);

    private async Task UpdateAsync(params OutboxUpdate[] updates) => await Store.Outbox.UpdateAsync(updates, default);

    private async Task<PushHistory?> FindAsync(string id) => await Store.PushAdministration.FindAsync(new(id), default);

    private async Task<List<string>> ListAsync(PushState state, PushCursor? after = null, int max = 100) =>
        [
            .. (await Store.PushAdministration.ReadEndedAsync(state, after, max, default)).Select(push =>
                push.Push.Id.Value
            ),
        ];
}
