using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>What policy reads of customers, and what it writes to their pushes.</summary>
public abstract class PolicyConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task A_case_holds_the_pending_pushes_of_all_connectors_in_order()
    {
        await PutAsync(Push("b", 2, Chat), Push("a", 1), Push("c", 3), Push("other", 4, customer: "u2"));
        await UpdateAsync(new OutboxUpdate.Delivered(new("c"), 1, Noon));
        await Store.ReopenAsync();

        IReadOnlyList<CustomerCase> cases = await CasesAsync("u2", "u1", "nobody");

        cases.Select(one => one.Facts.Customer.Value).ShouldBe(["u2", "u1", "nobody"]);
        cases.Select(Ids).ShouldBe(["other", "a b", ""]);
        cases[1].Pending[1].Push.Connector.ShouldBe(Chat);
        cases[1].Pending[1].Place.ShouldBe(new OutboxPlace(Shard, 2));
        cases.ShouldAllBe(one => one.Cut.Count == 0);
    }

    [Fact]
    public async Task A_case_is_bounded_for_each_connector_asked_about()
    {
        ConnectorName ops = new("ops");
        await PutAsync([
            .. Enumerable.Range(1, 5).Select(i => Push($"p{i}", i)),
            .. Enumerable.Range(6, 5).Select(i => Push($"o{i}", i, ops)),
            Push("c11", 11, Chat),
        ]);

        CustomerCase some = await CaseAsync(max: 3);
        CustomerCase all = await CaseAsync(max: 5);

        Ids(some).ShouldBe("p1 p2 p3 c11");
        some.Cut.ShouldBe([Mail]);
        Ids(all).ShouldBe("p1 p2 p3 p4 p5 c11");
        all.Cut.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_standing_is_that_after_the_newest_transition()
    {
        Transition[] moves = [Move("u1", "vip", 1), Move("u1", "vip", 2), Move("u1", "new", 1), Move("u2", "vip", 1)];
        (await EffectsAsync(await LeaseAsync(), 1, transitions: moves)).ShouldBe(CommitResult.Committed);

        IReadOnlyList<CustomerCase> cases = await CasesAsync("u1", "u2");

        cases[0]
            .Facts.Standings.ShouldBe(
                new Dictionary<SegmentName, Standing>
                {
                    [new("vip")] = new(2, IsMember: false),
                    [new("new")] = new(1, IsMember: true),
                },
                ignoreOrder: true
            );
        cases[1].Facts.Standings[new("vip")].ShouldBe(new Standing(1, IsMember: true));
    }

    [Fact]
    public async Task A_case_holds_what_its_customer_said_and_which_addresses_are_suppressed()
    {
        ConsentRecord said = new(
            new(1),
            new(new("u1"), "email", "news", true, Noon, Noon, ConsentSource.Event, null, null, "m1")
        );
        EffectBatch batch = new(new(1), [], [], [Push("a", 1), Push("b", 2)]) { Consents = [said] };
        await Store.Committer.CommitEffectsAsync(await LeaseAsync(), batch, default);
        await Store.Suppressions.AddAsync(
            [new(new("email", "a@x"), Noon, "bounced", "api"), new(new("email", "else@x"), Noon, "bounced", "api")],
            default
        );

        CaseQuestion question = Question(Noon, 100, "u1", "u2") with
        {
            AddressOf = push => new("email", $"{push.Push.Id}@x"),
        };
        IReadOnlyList<CustomerCase> cases = await Store.Cases.ReadAsync(question, default);

        cases[0].Facts.Consents.ShouldBe([new("email", "news", true, Noon)]);
        cases[0].Facts.Suppressions.ShouldBe([new("email", "a@x")]);
        cases[1].Facts.Consents.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_grant_counts()
    {
        await PutAsync(Push("a", 1));
        await UpdateAsync(new OutboxUpdate.Granted(new("a"), "news", Noon, "send") { Content = Bytes("merged") });
        await UpdateAsync(
            new OutboxUpdate.Granted(new("a"), "ads", Noon.Plus(5), "again") { Content = Bytes("twice") }
        );
        await Store.ReopenAsync();

        CustomerCase one = await CaseAsync();

        one.Pending[0].GrantedAt.ShouldBe(Noon);
        one.Pending[0].Push.Content.Span.SequenceEqual(Bytes("merged")).ShouldBeTrue();
        one.Facts.Grants.ShouldBe([new(new("a"), Mail, "news", Noon)]);
        (await CaseAsync(since: Noon.Plus(1))).Facts.Grants.Count.ShouldBe(1, "it is pending still");
    }

    [Fact]
    public async Task What_was_delivered_long_after_its_grant_counts_at_its_delivery()
    {
        Timestamp morning = Noon.Plus(20 * 3_600_000L);
        await PutAsync(Push("a", 1), Push("b", 2), Push("c", 3));
        await UpdateAsync(
            new OutboxUpdate.Granted(new("a"), "news", Noon, "send"),
            new OutboxUpdate.Granted(new("b"), "news", Noon.Plus(1), "send"),
            new OutboxUpdate.Granted(new("c"), "news", Noon.Plus(2), "send")
        );
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("a"), 1, morning),
            new OutboxUpdate.Unknown(new("b"), 1, morning.Plus(1), "no answer"),
            new OutboxUpdate.Dead(new("c"), 9, morning, "given up") { UnknownAt = Noon.Plus(3) }
        );
        await Store.ReopenAsync();

        Grant delivered = new(new("a"), Mail, "news", morning);
        Grant unknown = new(new("b"), Mail, "news", morning.Plus(1));
        Grant lost = new(new("c"), Mail, "news", Noon.Plus(2));
        (await CaseAsync(since: Noon)).Facts.Grants.ShouldBe([lost, delivered, unknown]);
        (await CaseAsync(since: Noon.Plus(3))).Facts.Grants.ShouldBe([delivered, unknown]);
        (await CaseAsync(since: morning)).Facts.Grants.ShouldBe([delivered, unknown]);
        (await CaseAsync(since: morning.Plus(1))).Facts.Grants.ShouldBe([unknown]);
        (await CaseAsync(since: morning.Plus(2))).Facts.Grants.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_grant_counts_as_long_as_the_push_may_have_arrived()
    {
        string[] ids = ["pending", "delivered", "unknown", "held", "rejected", "lost", "dropped", "doubtful"];
        await PutAsync([.. ids.Select((id, i) => Push(id, i + 1))]);
        await UpdateAsync([.. ids.Select((id, i) => new OutboxUpdate.Granted(new(id), "news", Noon.Plus(i), "send"))]);
        await UpdateAsync(new OutboxUpdate.Postponed(new("doubtful"), 1, Noon, "no answer") { UnknownAt = Noon });
        await UpdateAsync(
            new OutboxUpdate.Delivered(new("delivered"), 1, Noon),
            new OutboxUpdate.Unknown(new("unknown"), 1, Noon, "no answer"),
            new OutboxUpdate.Held(new("held"), 1, Noon, "no answer"),
            new OutboxUpdate.Dead(new("rejected"), 1, Noon, "rejected"),
            new OutboxUpdate.Dead(new("lost"), 9, Noon, "given up") { UnknownAt = Noon },
            new OutboxUpdate.Dropped(new("dropped"), Noon, "suppressed"),
            new OutboxUpdate.Dropped(new("doubtful"), Noon, "suppressed")
        );

        (await CaseAsync())
            .Facts.Grants.Select(grant => grant.Push.Value)
            .ShouldBe(["pending", "delivered", "unknown", "held", "lost", "doubtful"], ignoreOrder: true);
    }

    [Fact]
    public async Task Waiting_is_no_attempt()
    {
        await PutAsync(Push("a", 1), Push("b", 2));
        await UpdateAsync(new OutboxUpdate.Postponed(new("a"), 3, Noon.Plus(1), "503") { UnknownAt = Noon });
        await UpdateAsync(new OutboxUpdate.Deferred(new("a"), Noon.Plus(60_000), Noon, "quiet-hours"));
        await Store.ReopenAsync();

        PendingPush waiting = (await Store.Outbox.ReadPendingAsync(Mail, Shard, 0, 1, default)).ShouldHaveSingleItem();
        waiting.NotBefore.ShouldBe(Noon.Plus(60_000));
        waiting.Push.Attempts.ShouldBe(3);
        waiting.UnknownAt.ShouldBe(Noon);
    }

    [Fact]
    public async Task What_policy_ended_is_not_pending_and_is_counted()
    {
        await PutAsync(Push("a", 1), Push("b", 2), Push("c", 3), Push("d", 4), Push("e", 5));
        await UpdateAsync(
            new OutboxUpdate.Granted(new("a"), "news", Noon, "send"),
            new OutboxUpdate.Merged(new("b"), new("a"), Noon, "coalesced"),
            new OutboxUpdate.Dropped(new("c"), Noon, "no-consent"),
            new OutboxUpdate.Unknown(new("d"), 1, Noon, "no answer"),
            new OutboxUpdate.Held(new("e"), 1, Noon, "no answer")
        );
        await Store.ReopenAsync();

        (await PendingAsync()).ShouldBe(["a"]);
        (await Store.Outbox.CountAsync(default))[Mail]
            .ShouldBe(
                new OutboxCounts(Pending: 1, Delivered: 0, Dead: 0)
                {
                    Dropped = 1,
                    Merged = 1,
                    Unknown = 1,
                    Held = 1,
                }
            );
    }

    [Fact]
    public async Task Unsent_is_what_was_dropped_and_what_was_merged_into_it()
    {
        await PutAsync([
            .. new[] { "sent", "in-sent", "gone", "in-gone", "tried", "failed", "dead" }.Select(
                (id, i) => Push(id, i + 1)
            ),
        ]);
        await UpdateAsync(
            new OutboxUpdate.Merged(new("in-sent"), new("sent"), Noon, "coalesced"),
            new OutboxUpdate.Merged(new("in-gone"), new("gone"), Noon, "coalesced"),
            new OutboxUpdate.Delivered(new("sent"), 1, Noon),
            new OutboxUpdate.Dropped(new("gone"), Noon, "suppressed"),
            new OutboxUpdate.Started(new("tried"), Noon),
            new OutboxUpdate.Postponed(new("failed"), 1, Noon, "503"),
            new OutboxUpdate.Dead(new("dead"), 1, Noon, "rejected")
        );
        await UpdateAsync(
            new OutboxUpdate.Dropped(new("tried"), Noon, "suppressed"),
            new OutboxUpdate.Dropped(new("failed"), Noon, "suppressed")
        );

        (await CaseAsync()).Facts.Unsent.ShouldBe([new PushId("gone"), new PushId("in-gone")], ignoreOrder: true);
    }

    [Fact]
    public async Task The_beginning_of_the_first_unknown_attempt_is_kept()
    {
        await PutAsync(Push("a", 1));
        await UpdateAsync(new OutboxUpdate.Started(new("a"), Noon.Plus(1)));
        await UpdateAsync(new OutboxUpdate.Started(new("a"), Noon.Plus(2)));
        (await CaseAsync()).Pending[0].UnknownAt.ShouldBe(Noon.Plus(1));

        await UpdateAsync(new OutboxUpdate.Postponed(new("a"), 1, Noon, "503"));
        (await CaseAsync()).Pending[0].UnknownAt.ShouldBeNull("the outcome of the attempt is known");
    }

    private async Task PutAsync(params NewPush[] pushes) =>
        (await EffectsAsync(await LeaseAsync(), 1, pushes: pushes)).ShouldBe(CommitResult.Committed);

    private async Task UpdateAsync(params OutboxUpdate[] updates) => await Store.Outbox.UpdateAsync(updates, default);

    private async Task<IReadOnlyList<CustomerCase>> CasesAsync(params string[] customers) =>
        await Store.Cases.ReadAsync(Question(Noon, 100, customers), default);

    private async Task<CustomerCase> CaseAsync(Timestamp? since = null, int max = 100) =>
        (await Store.Cases.ReadAsync(Question(since ?? Noon, max, "u1"), default)).ShouldHaveSingleItem();

    private static CaseQuestion Question(Timestamp since, int max, params string[] customers) =>
        new([.. customers.Select(id => new CustomerId(id))], [Mail, Chat], since, max, _ => null);

    private static string Ids(CustomerCase one) => string.Join(' ', one.Pending.Select(pending => pending.Push.Id));
}
