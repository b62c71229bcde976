using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Retention;

/// <summary>What any store drops, and when.</summary>
public abstract class RetentionSuite : IAsyncLifetime
{
    private readonly Timestamp _start;

    protected RetentionSuite() => _start = Timestamp.From(Time.GetUtcNow());

    protected FakeTimeProvider Time { get; } = new();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public abstract Task DisposeAsync();

    protected abstract Task<IStateStore> OpenAsync(TimeSpan longestCooldown = default);

    /// <summary>The content of each push, or "-", ordered by id.</summary>
    protected abstract Task<IReadOnlyList<string>> ReadContentsAsync();

    [Fact]
    public async Task Contents_of_old_deliveries_go_and_everything_else_stays()
    {
        IStateStore store = await OpenAsync();
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        NewPush[] pushes = [Push("old", 1), Push("young", 2), Push("dead", 3), Push("pending", 4)];
        await store.Committer.CommitEffectsAsync(lease, new(new(1), [], [], pushes), default);
        await store.Outbox.UpdateAsync(
            [
                new OutboxUpdate.Delivered(new("old"), 1, _start),
                new OutboxUpdate.Delivered(new("young"), 1, Day(3)),
                new OutboxUpdate.Dead(new("dead"), 3, _start, "rejected"),
            ],
            default
        );

        Time.Advance(TimeSpan.FromDays(8));

        await EventuallyAsync(ReadContentsAsync, ["{}", "-", "{}", "{}"]);
        (await store.Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(1, 2, 1));
    }

    [Fact]
    public async Task What_policy_decided_goes_and_so_does_the_content_of_what_it_ended()
    {
        IStateStore store = await OpenAsync();
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        NewPush[] pushes = [Push("dropped", 1), Push("held", 2), Push("merged", 3), Push("young", 4)];
        await store.Committer.CommitEffectsAsync(lease, new(new(1), [], [], pushes), default);
        await store.Outbox.UpdateAsync(
            [
                new OutboxUpdate.Dropped(new("dropped"), _start, "no-consent"),
                new OutboxUpdate.Held(new("held"), 1, _start, "no answer"),
                new OutboxUpdate.Merged(new("merged"), new("young"), _start, "digest"),
                new OutboxUpdate.Granted(new("young"), "news", Day(20), "sent"),
            ],
            default
        );
        (await DecisionsAsync("dropped", "merged", "young")).ShouldBe(["1", "1", "1"]);

        Time.Advance(TimeSpan.FromDays(31));

        await EventuallyAsync(ReadContentsAsync, ["-", "{}", "-", "{}"]);
        await EventuallyAsync(() => DecisionsAsync("dropped", "merged", "young"), ["0", "0", "1"]);

        async Task<IReadOnlyList<string>> DecisionsAsync(params string[] ids)
        {
            List<string> counts = [];
            foreach (string id in ids)
            {
                PushHistory found = (await store.PushAdministration.FindAsync(new(id), default)).ShouldNotBeNull();
                counts.Add($"{found.Decisions.Count}");
            }

            return counts;
        }
    }

    [Fact]
    public async Task Old_dead_letters_go()
    {
        IStateStore store = await OpenAsync();
        await store.DeadLetters.AddAsync(
            [.. Enumerable.Range(0, 2_500).Select(i => Letter(Day(0), $"old {i}"))],
            default
        );
        await store.DeadLetters.AddAsync([Letter(Day(5), "young")], default);

        Time.Advance(TimeSpan.FromDays(31));

        await EventuallyAsync(
            async () => [.. (await store.DeadLetters.ReadAsync(10, default)).Select(letter => letter.Detail)],
            ["young"]
        );
    }

    [Fact]
    public async Task Old_transitions_go_but_for_those_that_a_change_of_rules_needs()
    {
        IStateStore store = await OpenAsync(longestCooldown: TimeSpan.FromDays(30));
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        Transition[] history =
        [
            // Entered long after the enter before: what was before the last such enter decides nothing.
            .. History("calm", 0, 10, 40, 50, 100, 105),
            // Each enter could be within the cooldown that the one before began: all of them may matter.
            .. History("busy", 0, 10, 20, 30, 40, 50),
            // Nothing is known of the last one but itself.
            .. History("once", 0),
            .. History("gone", 0, 1),
            // Old and young: what is young stays, and so does the old one that it may depend on.
            .. History("both", 0, 1, 200, 201, 600, 601),
        ];
        await store.Committer.CommitEffectsAsync(lease, new(new(1), [], history, []), default);

        Time.Advance(TimeSpan.FromDays(610));

        await EventuallyAsync(
            () => ReadNumbersAsync(store),
            [
                .. new[] { "both3", "both4", "both5", "both6" },
                .. new[] { "busy1", "busy2", "busy3", "busy4", "busy5", "busy6" },
                .. new[] { "calm5", "calm6", "gone1", "gone2", "once1" },
            ]
        );
        (await store.Memberships.CountMembersAsync(default)).ShouldHaveSingleItem().Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_long_history_goes_in_many_steps()
    {
        IStateStore store = await OpenAsync();
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        Transition[] history = [.. Enumerable.Range(0, 700).SelectMany(i => History($"u{i:000}", 0, 1, 2, 3))];
        await store.Committer.CommitEffectsAsync(lease, new(new(1), [], history, []), default);

        Time.Advance(TimeSpan.FromDays(410));

        await EventuallyAsync(
            () => ReadNumbersAsync(store),
            [.. Enumerable.Range(0, 700).SelectMany(i => new[] { $"u{i:000}3", $"u{i:000}4" })]
        );
    }

    private Timestamp Day(int day) => _start.Plus((long)TimeSpan.FromDays(day).TotalMilliseconds);

    /// <summary>Enters and exits in turn, on these days.</summary>
    private IEnumerable<Transition> History(string customer, params int[] days) =>
        days.Select(
            (day, i) =>
                new Transition(
                    new(customer),
                    new("vip"),
                    i % 2 == 0 ? TransitionKind.Entered : TransitionKind.Exited,
                    Day(day),
                    TransitionCause.Time,
                    i + 1,
                    null
                )
        );

    private static async Task<IReadOnlyList<string>> ReadNumbersAsync(IStateStore store) =>
        [
            .. (await store.Memberships.ReadTransitionsAsync(default).ToListAsync())
                .Select(transition => $"{transition.Customer}{transition.Number}")
                .Order(StringComparer.Ordinal),
        ];

    private static async Task EventuallyAsync(Func<Task<IReadOnlyList<string>>> read, IReadOnlyList<string> expected)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!expected.SequenceEqual(await read(), StringComparer.Ordinal) && !late.IsCancellationRequested)
        {
            await Task.Yield();
        }

        (await read()).ShouldBe(expected);
    }

    private static DeadLetter Letter(Timestamp at, string detail) =>
        new(at, "http", "not-json", detail, "x"u8.ToArray());

    private static NewPush Push(string id, long sequence) =>
        new(new(id), sequence, new("mail"), new("u1"), default, "{}"u8.ToArray());
}
