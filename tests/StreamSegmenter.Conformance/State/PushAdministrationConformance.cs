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
            new OutboxUpdate.Delivered(new("done"), 1, Noon)
        );
        await Store.ReopenAsync();

        (await ListAsync(PushState.Dead)).ShouldBe(["d3", "d1", "d2"]);
        (await ListAsync(PushState.Dead, max: 1)).ShouldBe(["d3"]);
        (await ListAsync(PushState.Dead, new PushCursor.Ended(Noon.Plus(-5), new("d3")), max: 1)).ShouldBe(["d1"]);
        (await ListAsync(PushState.Dead, new PushCursor.Ended(Noon, new("d1")))).ShouldBe(["d2"]);
        (await ListAsync(PushState.Held)).ShouldBe(["held"]);

        PushRange.Undecided unknown = new(PushState.Unknown);
        StoredPush lost = (await Store.PushAdministration.ReadAsync(unknown, null, 9, default))[0];
        lost.SettledAt.ShouldBe(Noon);
        lost.Reason.ShouldBe("no answer");
        lost.UnknownAt.ShouldBe(Noon.Plus(-9));
        lost.Push.Attempts.ShouldBe(1);
        lost.Place.ShouldBe(new OutboxPlace(Shard, 4));
    }

    [Fact]
    public async Task What_is_over_is_listed_in_order_of_its_end_and_page_by_page()
    {
        await PutAsync("sent", "merged", "dropped", "gone", "dead", "pending");
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("sent"), 3, Noon),
            new OutboxUpdate.Merged(new("merged"), new("sent"), Noon, "digest: a part of sent"),
            new OutboxUpdate.Dropped(new("dropped"), Noon.Plus(-5), "refused: email"),
            new OutboxUpdate.Dead(new("gone"), 1, Noon, "rejected"),
            new OutboxUpdate.Dead(new("dead"), 1, Noon, "rejected")
        );
        await Store.PushAdministration.DiscardAsync([new("gone")], Noon.Plus(7), default);
        await Store.ReopenAsync();

        PushRange.Over over = new();
        (await ListAsync(over)).ShouldBe(["dropped", "merged", "sent", "gone"]);
        (await ListAsync(over, new PushCursor.Ended(Noon, new("merged")), max: 1)).ShouldBe(["sent"]);
        (await ListAsync(over, new PushCursor.Ended(Noon, new("")))).ShouldBe(["merged", "sent", "gone"]);

        (await FindAsync("sent"))!.Push.Push.Attempts.ShouldBe(3);
        (await FindAsync("dropped"))!.Push.Push.Attempts.ShouldBe(0);

        PushRange.UnsentOf ann = new(new("u1"));
        (await ListAsync(ann)).ShouldBe(["dropped", "merged"]);
        (await ListAsync(ann, new PushCursor.Ended(Noon.Plus(-5), new("dropped")))).ShouldBe(["merged"]);
        (await ListAsync(new PushRange.UnsentOf(new("u2")))).ShouldBeEmpty();
        StoredPush dropped = (await Store.PushAdministration.ReadAsync(ann, null, 1, default))[0];
        (dropped.State, dropped.Reason).ShouldBe((PushState.Dropped, "refused: email"));
    }

    [Fact]
    public async Task What_is_pending_is_listed_in_order_of_its_place_and_page_by_page()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(
            lease,
            1,
            pushes:
            [
                Push("m1", 1, customer: "u1"),
                Push("c2", 2, Chat, "u1"),
                Push("m3", 3, customer: "u2"),
                Push("m4", 4, customer: "u1"),
                Push("m5", 5, customer: "u1"),
            ]
        );
        await EffectsAsync(await LeaseAsync(new(0)), 1, pushes: [Push("early", 9, customer: "u3")]);
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("m4"), 1, Noon),
            new OutboxUpdate.Deferred(new("m5"), Noon.Plus(9), Noon, "quiet-hours: until then")
        );

        PushRange.Waiting all = new(Connector: null);
        (await ListAsync(all)).ShouldBe(["c2", "early", "m1", "m3", "m5"]);
        (await ListAsync(all, new PushCursor.Waiting(Chat, new(Shard, 2)), max: 2)).ShouldBe(["early", "m1"]);
        PushRange.Waiting mail = new(Mail);
        (await ListAsync(mail)).ShouldBe(["early", "m1", "m3", "m5"]);
        (await ListAsync(mail, new PushCursor.Waiting(Mail, new(new(0), 9)), max: 2)).ShouldBe(["m1", "m3"]);
        PushRange.WaitingOf ann = new(new("u1"));
        (await ListAsync(ann)).ShouldBe(["c2", "m1", "m5"]);
        (await ListAsync(ann, new PushCursor.Waiting(Mail, new(Shard, 1)))).ShouldBe(["m5"]);
        StoredPush deferred = (await Store.PushAdministration.ReadAsync(ann, null, 9, default))[^1];
        (deferred.NotBefore, deferred.Reason).ShouldBe((Noon.Plus(9), "quiet-hours: until then"));

        await Should.ThrowAsync<ArgumentException>(async () =>
            await ListAsync(all, new PushCursor.Ended(Noon, new("")))
        );
    }

    [Fact]
    public async Task A_search_finds_every_push_by_its_state()
    {
        PushState[] states = Enum.GetValues<PushState>();
        await PutAsync([.. states.Select(state => state.ToString())]);
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("Delivered"), 1, Noon),
            new OutboxUpdate.Dead(new("Dead"), 1, Noon, "rejected"),
            new OutboxUpdate.Dropped(new("Dropped"), Noon, "refused"),
            new OutboxUpdate.Merged(new("Merged"), new("Delivered"), Noon, "digest"),
            new OutboxUpdate.Unknown(new("Unknown"), 1, Noon, "no answer"),
            new OutboxUpdate.Held(new("Held"), 1, Noon, "no answer"),
            new OutboxUpdate.Dead(new("Discarded"), 1, Noon, "rejected")
        );
        await Store.PushAdministration.DiscardAsync([new("Discarded")], Noon, default);

        foreach (PushState state in states)
        {
            PushFilter filter = new(state);
            (await SearchAsync(filter)).ShouldBe([state.ToString()]);
            (await SearchAsync(filter with { Customer = "u1", Connector = "mail" })).ShouldBe([state.ToString()]);
            (await SearchAsync(filter with { Customer = "u2" })).ShouldBeEmpty();
            (await SearchAsync(filter with { Connector = "chat" })).ShouldBeEmpty();
            bool hasEnded = state != PushState.Pending;
            (await SearchAsync(filter with { From = Noon })).Count.ShouldBe(hasEnded ? 1 : 0);
            (await SearchAsync(filter with { From = Noon.Plus(1) })).ShouldBeEmpty();
        }
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
        (await FindAsync("a"))!.Push.Reason.ShouldBeNull();
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

        CaseQuestion question = new([new CustomerId("u1")], [Mail], Noon, 10, _ => null);
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
        await UpdateAsync(new OutboxUpdate.Delivered(new("a"), 1, Noon));

        StoredPush discarded = (await FindAsync("a"))!.Push;
        (discarded.State, discarded.Reason).ShouldBe((PushState.Discarded, "rejected"));
        (await Store.Outbox.CountAsync(default))[Mail].ShouldBe(new OutboxCounts(1, 0, 0) { Discarded = 1 });
    }

    [Fact]
    public async Task What_waits_is_discarded_only_where_that_is_meant()
    {
        await PutAsync("a", "b", "c");
        await UpdateAsync(
            new OutboxUpdate.Dead(new("a"), 5, Noon, "rejected"),
            new OutboxUpdate.Postponed(new("b"), 1, Noon.Plus(5), "not taken: 503")
        );

        PushId[] all = [new("a"), new("b"), new("b"), new("nobody")];
        (await Store.PushAdministration.DiscardWaitingAsync(all, Noon.Plus(7), default)).ShouldBe(1);
        (await Store.PushAdministration.DiscardWaitingAsync(all, Noon.Plus(8), default)).ShouldBe(0);
        await UpdateAsync(new OutboxUpdate.Delivered(new("b"), 2, Noon.Plus(9)));
        await Store.ReopenAsync();

        StoredPush b = (await FindAsync("b"))!.Push;
        (b.State, b.SettledAt, b.Reason).ShouldBe((PushState.Discarded, Noon.Plus(7), "not taken: 503"));
        (await FindAsync("a"))!.Push.State.ShouldBe(PushState.Dead);
        (await PendingAsync()).ShouldBe(["c"]);
        (await Store.Outbox.CountAsync(default))[Mail].ShouldBe(new OutboxCounts(1, 0, 1) { Discarded = 1 });
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

    private Task<List<string>> ListAsync(PushState state, PushCursor? after = null, int max = 100) =>
        ListAsync(new PushRange.Undecided(state), after, max);

    private async Task<List<string>> ListAsync(PushRange range, PushCursor? after = null, int max = 100) =>
        Ids(await Store.PushAdministration.ReadAsync(range, after, max, default));

    private async Task<List<string>> SearchAsync(PushFilter filter) =>
        Ids((await Store.PushAdministration.SearchAsync(filter, null, 100, default)).Pushes);

    private static List<string> Ids(IReadOnlyList<StoredPush> pushes) => [.. pushes.Select(push => push.Push.Id.Value)];
}
