using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>What customers said about being written to.</summary>
public abstract class ConsentsConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    private static readonly CustomerId Ann = new("ann");

    [Fact]
    public async Task A_consent_is_kept_whole()
    {
        ConsentRecord full = Said(7, "email", "marketing", true) with { };
        ConsentRecord bare = new(
            new(8),
            new(Ann, "", null, null, Noon.Plus(1), Noon.Plus(2), ConsentSource.Identify, null, null, null)
        );
        await CommitAsync(9, full, bare);
        await Store.ReopenAsync();

        (await HistoryAsync()).ShouldBe([bare, full]);
    }

    [Fact]
    public async Task A_consent_commits_with_its_position_and_under_its_owner_only()
    {
        ShardLease former = await LeaseAsync();
        ShardLease now = await LeaseAsync();
        (await CommitAsync(former, 8, Said(7, "email", null, false))).ShouldBe(CommitResult.Fenced);
        (await HistoryAsync()).ShouldBeEmpty();

        (await CommitAsync(now, 8, Said(7, "email", null, true))).ShouldBe(CommitResult.Committed);
        (await HistoryAsync()).Count.ShouldBe(1);
        (await AcquireAsync()).EffectsPosition.Value.ShouldBe(8);
    }

    [Fact]
    public async Task A_repeated_commit_adds_nothing()
    {
        ShardLease lease = await LeaseAsync();
        ConsentRecord[] said =
        [
            Said(7, "email", null, true),
            Said(7, "sms", null, false),
            Said(8, "email", null, true),
        ];
        for (int i = 0; i < 3; i++)
        {
            await CommitAsync(lease, 9, [.. said, said[0]]);
        }

        (await HistoryAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_newest_wins_by_channel_and_purpose_and_late_ones_are_kept()
    {
        await CommitAsync(
            20,
            Said(10, "email", "marketing", true, at: 50),
            Said(11, "email", "marketing", false, at: 20),
            Said(12, "email", "service", true, at: 5),
            Said(13, "sms", null, false, at: 60),
            Said(14, "sms", null, true, at: 60)
        );

        (await CurrentAsync()).ShouldBe([
            new("email", "marketing", true, Noon.Plus(50)),
            new("email", "service", true, Noon.Plus(5)),
            new("sms", null, true, Noon.Plus(60)),
        ]);
        (await HistoryAsync()).Select(record => record.Position.Value).ShouldBe([14, 13, 10, 11, 12]);
    }

    [Fact]
    public async Task A_refusal_of_a_channel_refuses_the_purposes_told_before_it()
    {
        await CommitAsync(
            20,
            Said(10, "email", "marketing", true, at: 10),
            Said(11, "email", null, false, at: 20),
            Said(12, "email", "service", true, at: 30),
            Said(13, "email", null, true, at: 40),
            Said(14, "sms", "marketing", true, at: 5)
        );

        (await CurrentAsync()).ShouldBe([
            new("email", null, true, Noon.Plus(40)),
            new("email", "marketing", false, Noon.Plus(20)),
            new("email", "service", true, Noon.Plus(30)),
            new("sms", "marketing", true, Noon.Plus(5)),
        ]);
    }

    [Fact]
    public async Task What_is_taken_back_is_gone_and_its_history_stays()
    {
        await CommitAsync(
            20,
            Said(10, "email", null, true, at: 10),
            Said(11, "sms", null, true, at: 10),
            Said(12, "sms", null, null, at: 20)
        );
        (await CurrentAsync()).ShouldBe([new("email", null, true, Noon.Plus(10))]);

        await CommitAsync(21, Said(20, "", null, null, at: 30));
        (await CurrentAsync()).ShouldBeEmpty();
        (await HistoryAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Random_histories_hold_what_their_fold_says()
    {
        Random random = new(7);
        string[] channels = ["email", "sms"];
        string?[] purposes = [null, "marketing", "service"];
        bool?[] answers = [true, false, null];
        List<ConsentRecord> said = [];
        for (int position = 0; position < 300; position++)
        {
            bool all = random.Next(40) == 0;
            string customer = $"c{random.Next(8)}";
            ConsentRecord record = Said(
                position,
                all ? "" : channels[random.Next(2)],
                all ? null : purposes[random.Next(3)],
                all ? null : answers[random.Next(3)],
                random.Next(20),
                customer
            );
            said.Add(record);
        }

        await CommitAsync(300, [.. said]);

        CustomerId[] customers = [.. Enumerable.Range(0, 9).Select(i => new CustomerId($"c{i}"))];
        IReadOnlyDictionary<CustomerId, IReadOnlyList<Consent>> current = await Store.Consents.GetCurrentAsync(
            customers,
            default
        );
        foreach (CustomerId customer in customers)
        {
            IReadOnlyList<Consent> expected = CurrentConsents.Of(said.Where(s => s.Statement.Customer == customer));
            (current.GetValueOrDefault(customer) ?? []).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Naughty_names_are_kept_apart()
    {
        ConsentRecord[] said = [.. NaughtyText.Names.Select((name, i) => Said(i, name, name, true, customer: name))];
        await CommitAsync(100, said);

        CustomerId[] customers = [.. NaughtyText.Names.Select(name => new CustomerId(name))];
        var current = await Store.Consents.GetCurrentAsync(customers, default);
        foreach (CustomerId customer in customers)
        {
            current[customer].ShouldBe([new(customer.Value, customer.Value, true, Noon)]);
        }
    }

    [Fact]
    public async Task No_more_history_is_read_than_asked_for()
    {
        await CommitAsync(9, [.. Enumerable.Range(0, 9).Select(i => Said(i, "email", null, i % 2 == 0, at: i))]);

        (await Store.Consents.GetHistoryAsync(Ann, 3, default))
            .Select(record => record.Position.Value)
            .ShouldBe([8, 7, 6]);
    }

    private static ConsentRecord Said(
        long position,
        string channel,
        string? purpose,
        bool? granted,
        long at = 0,
        string customer = "ann"
    ) =>
        new(
            new(position),
            new(
                new(customer),
                channel,
                purpose,
                granted,
                Noon.Plus(at),
                Noon.Plus(1_000),
                ConsentSource.Event,
                "preference centre \0",
                "2026-03",
                $"m{position}"
            )
        );

    private async Task CommitAsync(long position, params ConsentRecord[] consents) =>
        (await CommitAsync(await LeaseAsync(), position, consents)).ShouldBe(CommitResult.Committed);

    private async Task<CommitResult> CommitAsync(ShardLease lease, long position, params ConsentRecord[] consents) =>
        await Store.Committer.CommitEffectsAsync(
            lease,
            new(new(position), [], [], []) { Consents = consents },
            default
        );

    private async Task<IReadOnlyList<ConsentRecord>> HistoryAsync() =>
        await Store.Consents.GetHistoryAsync(Ann, 100, default);

    private async Task<IReadOnlyList<Consent>> CurrentAsync() =>
        (await Store.Consents.GetCurrentAsync([Ann, new("nobody")], default)).GetValueOrDefault(Ann) ?? [];
}
