using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>Pushes from their commit to their end.</summary>
public abstract class OutboxConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task A_pending_push_is_as_it_was_made()
    {
        await PutAsync(Push("p1", 7, Chat, "ü1", "{\"a\":\"\u00e9\"}"));
        await Store.ReopenAsync();

        PendingPush pending = (await Store.Outbox.ReadPendingAsync(Chat, Shard, 0, 10, default)).ShouldHaveSingleItem();
        pending.Place.ShouldBe(new OutboxPlace(Shard, 7));
        pending.MadeAt.ShouldBe(Noon);
        pending.NotBefore.ShouldBe(Noon);
        pending.Push.Id.ShouldBe(new PushId("p1"));
        pending.Push.Connector.ShouldBe(Chat);
        pending.Push.Customer.Value.ShouldBe("ü1");
        pending.Push.Attempts.ShouldBe(0);
        pending.Push.Content.Span.SequenceEqual(Bytes("{\"a\":\"\u00e9\"}")).ShouldBeTrue();
    }

    [Fact]
    public async Task Pending_pushes_come_in_order_of_sequence()
    {
        await PutAsync(Push("c", 3), Push("a", 1), Push("b", 2));
        await PutAsync(Push("d", 4));

        (await PendingAsync()).ShouldBe(["a", "b", "c", "d"]);
        (await PendingAsync(max: 2)).ShouldBe(["a", "b"]);
        (await PendingAsync(after: 2)).ShouldBe(["c", "d"]);
        (await PendingAsync(after: 1, max: 1)).ShouldBe(["b"]);
        (await PendingAsync(after: 4)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Connectors_and_shards_keep_their_pushes_apart()
    {
        await PutAsync(Push("mail", 1), Push("chat", 2, Chat));
        await EffectsAsync(await LeaseAsync(new ShardId(2)), 1, pushes: [Push("other", 1)]);

        (await PendingAsync()).ShouldBe(["mail"]);
        (await PendingAsync(Chat)).ShouldBe(["chat"]);
        (await PendingAsync(shard: new ShardId(2))).ShouldBe(["other"]);
        (await PendingAsync(new ConnectorName("Mail"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_push_that_is_there_stays_as_it_is()
    {
        await PutAsync(Push("p1", 1, Mail, "u1", "first"));
        await UpdateAsync(new OutboxUpdate.Postponed(new("p1"), 3, Noon.Plus(9), "busy"));
        await PutAsync(Push("p1", 2, Chat, "u2", "second"));

        PendingPush pending = (await Store.Outbox.ReadPendingAsync(Mail, Shard, 0, 10, default)).ShouldHaveSingleItem();
        pending.Place.Sequence.ShouldBe(1);
        pending.Push.Attempts.ShouldBe(3);
        pending.Push.Content.Span.SequenceEqual(Bytes("first")).ShouldBeTrue();
        (await PendingAsync(Chat)).ShouldBeEmpty();
        (await CountAsync(Chat)).ShouldBe(default);
    }

    [Fact]
    public async Task A_settled_push_is_not_put_in_again()
    {
        await PutAsync(Push("done", 1), Push("dead", 2));
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("done"), 1, Noon),
            new OutboxUpdate.Dead(new("dead"), 5, Noon, "rejected")
        );
        await PutAsync(Push("done", 3), Push("dead", 4));

        (await PendingAsync()).ShouldBeEmpty();
        (await CountAsync(Mail)).ShouldBe(new OutboxCounts(Pending: 0, Delivered: 1, Dead: 1));
    }

    [Fact]
    public async Task A_postponed_push_keeps_its_place()
    {
        await PutAsync(Push("a", 1), Push("b", 2));
        await UpdateAsync(new OutboxUpdate.Postponed(new("a"), 2, Noon.Plus(60_000), "503"));
        await Store.ReopenAsync();

        IReadOnlyList<PendingPush> pending = await Store.Outbox.ReadPendingAsync(Mail, Shard, 0, 10, default);
        pending.Select(p => p.Push.Id.Value).ShouldBe(["a", "b"]);
        pending[0].Push.Attempts.ShouldBe(2);
        pending[0].NotBefore.ShouldBe(Noon.Plus(60_000));
        pending[0].MadeAt.ShouldBe(Noon);
        (await CountAsync(Mail)).ShouldBe(new OutboxCounts(Pending: 2, Delivered: 0, Dead: 0));
    }

    [Fact]
    public async Task Delivered_and_dead_pushes_are_not_pending()
    {
        await PutAsync(Push("a", 1), Push("b", 2), Push("c", 3), Push("d", 4, Chat));
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("a"), 1, Noon),
            new OutboxUpdate.Dead(new("b"), 1, Noon, "gone")
        );
        await Store.ReopenAsync();

        (await PendingAsync()).ShouldBe(["c"]);
        (await CountAsync(Mail)).ShouldBe(new OutboxCounts(Pending: 1, Delivered: 1, Dead: 1));
        (await CountAsync(Chat)).ShouldBe(new OutboxCounts(Pending: 1, Delivered: 0, Dead: 0));
    }

    [Fact]
    public async Task What_is_settled_stays_settled()
    {
        await PutAsync(Push("a", 1));
        await UpdateAsync(new OutboxUpdate.Delivered(new("a"), 1, Noon));
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("a"), 1, Noon),
            new OutboxUpdate.Postponed(new("a"), 1, Noon, "late answer"),
            new OutboxUpdate.Dead(new("a"), 1, Noon, "late answer"),
            new OutboxUpdate.Delivered(new("unknown"), 1, Noon)
        );

        (await PendingAsync()).ShouldBeEmpty();
        (await CountAsync(Mail)).ShouldBe(new OutboxCounts(Pending: 0, Delivered: 1, Dead: 0));
    }

    [Fact]
    public async Task Naughty_names_and_large_contents_come_back_whole()
    {
        string content = new('ü', 500_000);
        await PutAsync([.. NaughtyText.Names.Select((name, i) => Push($"p{i}", i + 1, new(name), name, content))]);

        foreach (string name in NaughtyText.Names)
        {
            PendingPush pending = (
                await Store.Outbox.ReadPendingAsync(new(name), Shard, 0, 10, default)
            ).ShouldHaveSingleItem();
            pending.Push.Customer.Value.ShouldBe(name);
            pending.Push.Content.Span.SequenceEqual(Bytes(content)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Updates_at_once_are_all_counted()
    {
        await PutAsync([.. Enumerable.Range(1, 200).Select(i => Push($"p{i}", i))]);

        await Task.WhenAll(
            Enumerable
                .Range(1, 200)
                .Select(i => Task.Run(() => UpdateAsync(new OutboxUpdate.Delivered(new($"p{i}"), 1, Noon))))
        );

        (await CountAsync(Mail)).ShouldBe(new OutboxCounts(Pending: 0, Delivered: 200, Dead: 0));
    }

    private async Task PutAsync(params NewPush[] pushes) =>
        (await EffectsAsync(await LeaseAsync(), 1, pushes: pushes)).ShouldBe(CommitResult.Committed);

    private async Task UpdateAsync(params OutboxUpdate[] updates) => await Store.Outbox.UpdateAsync(updates, default);

    private async Task<OutboxCounts> CountAsync(ConnectorName connector) =>
        (await Store.Outbox.CountAsync(default)).GetValueOrDefault(connector);
}
