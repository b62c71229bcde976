using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Sqlite;

public sealed class RetentionSweepTests : IAsyncLifetime
{
    private readonly StateFile _state = new();
    private readonly Timestamp _start;

    public RetentionSweepTests() => _start = Timestamp.From(_state.Time.GetUtcNow());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _state.DisposeAsync();

    [Fact]
    public async Task Contents_of_old_deliveries_go_and_everything_else_stays()
    {
        SqliteStateStore store = await _state.OpenAsync();
        Timestamp start = Timestamp.From(_state.Time.GetUtcNow());
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        NewPush[] pushes = [Push("old", 1), Push("young", 2), Push("dead", 3), Push("pending", 4)];
        await store.Committer.CommitEffectsAsync(lease, new(new(1), [], [], pushes), default);
        await store.Outbox.UpdateAsync(
            [
                new OutboxUpdate.Delivered(new("old"), start),
                new OutboxUpdate.Delivered(new("young"), start.Plus((long)TimeSpan.FromDays(3).TotalMilliseconds)),
                new OutboxUpdate.Dead(new("dead"), 3, start, "rejected"),
            ],
            default
        );

        _state.Time.Advance(TimeSpan.FromDays(8));
        while (_state.Run("SELECT content FROM outbox WHERE id = 'old'") is byte[])
        {
            await Task.Yield();
        }

        _state
            .Run("SELECT group_concat(id || ' ' || ifnull(content, '-'), ', ' ORDER BY sequence) FROM outbox")
            .ShouldBe("old -, young {}, dead {}, pending {}");
        (await store.Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(1, 2, 1));
    }

    [Fact]
    public async Task Old_dead_letters_go()
    {
        SqliteStateStore store = await _state.OpenAsync();
        await store.DeadLetters.AddAsync(
            [.. Enumerable.Range(0, 2_500).Select(i => Letter(Day(0), $"old {i}"))],
            default
        );
        await store.DeadLetters.AddAsync([Letter(Day(5), "young")], default);

        _state.Time.Advance(TimeSpan.FromDays(31));

        await EventuallyAsync("SELECT count(*) FROM dead_letter", 1L);
        (await store.DeadLetters.ReadAsync(10, default)).ShouldHaveSingleItem().Detail.ShouldBe("young");
    }

    [Fact]
    public async Task Old_transitions_go_but_for_those_that_a_change_of_rules_needs()
    {
        SqliteStateStore store = await _state.OpenAsync(longestCooldown: TimeSpan.FromDays(30));
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

        _state.Time.Advance(TimeSpan.FromDays(610));

        await EventuallyAsync(
            "SELECT group_concat(customer || number, ' ' ORDER BY customer, number) FROM transition",
            "both3 both4 both5 both6 busy1 busy2 busy3 busy4 busy5 busy6 calm5 calm6 gone1 gone2 once1"
        );
        (await store.Memberships.CountMembersAsync(default)).ShouldHaveSingleItem().Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_long_history_goes_in_many_steps()
    {
        SqliteStateStore store = await _state.OpenAsync();
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        Transition[] history = [.. Enumerable.Range(0, 700).SelectMany(i => History($"u{i:000}", 0, 1, 2, 3))];
        await store.Committer.CommitEffectsAsync(lease, new(new(1), [], history, []), default);

        _state.Time.Advance(TimeSpan.FromDays(410));

        await EventuallyAsync("SELECT count(*) || ' ' || min(number) FROM transition", "1400 3");
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

    private async Task EventuallyAsync(string sql, object expected)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!expected.Equals(_state.Run(sql)) && !late.IsCancellationRequested)
        {
            await Task.Yield();
        }

        _state.Run(sql).ShouldBe(expected);
    }

    private static DeadLetter Letter(Timestamp at, string detail) =>
        new(at, "http", "not-json", detail, "x"u8.ToArray());

    private static NewPush Push(string id, long sequence) =>
        new(new(id), sequence, new("mail"), new("u1"), default, "{}"u8.ToArray());
}
