using System.Globalization;
using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

/// <summary>What a call comes to whose connection breaks, held to what the database has in the end.</summary>
public sealed class LostConnectionTests : IAsyncLifetime
{
    private static readonly ShardId Shard = new(0);
    private static readonly ConnectorName Mail = new("mail");

    private PostgresServer _server = null!;
    private PostgresSchemaOfTest _schema = null!;
    private CuttingProxy _proxy = null!;
    private PostgresStateStore _direct = null!;
    private PostgresStateStore _store = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.SharedAsync();
        _schema = new(_server);
        _proxy = new(_server.Port);
        _direct = await PostgresStateStore.OpenAsync(_schema.Options, TimeProvider.System);
        PostgresStateStoreOptions proxied = _schema.Options with { ConnectionString = Proxied };
        _store = await PostgresStateStore.OpenAsync(proxied, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _direct.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Theory]
    [InlineData(Cut.BeforeTheEndArrives)]
    [InlineData(Cut.BeforeTheAnswerArrives)]
    public async Task Effects_are_committed_once_wherever_the_connection_breaks(Cut cut)
    {
        ShardLease lease = await AcquireAsync(_store);
        for (int n = 1; n <= 6; n++)
        {
            _proxy.CutNext(cut);
            (await EffectsAsync(lease, n)).ShouldBe(CommitResult.Committed);
        }

        await ShouldHoldAsync(6);
    }

    [Theory]
    [InlineData(Cut.BeforeTheEndArrives)]
    [InlineData(Cut.BeforeTheAnswerArrives)]
    public async Task Effects_some_of_which_are_there_are_committed_once_wherever_the_connection_breaks(Cut cut)
    {
        ShardLease lease = await AcquireAsync(_store);
        await EffectsAsync(lease, 1);
        for (int n = 2; n <= 6; n++)
        {
            _proxy.CutNext(cut);
            (await OverlappingEffectsAsync(lease, n)).ShouldBe(CommitResult.Committed);
        }

        await ShouldHoldAsync(6);
    }

    [Theory]
    [InlineData(Cut.BeforeTheEndArrives)]
    [InlineData(Cut.BeforeTheAnswerArrives)]
    public async Task Checkpoints_are_committed_wherever_the_connection_breaks(Cut cut)
    {
        ShardLease lease = await AcquireAsync(_store);
        for (int n = 1; n <= 6; n++)
        {
            _proxy.CutNext(cut);
            (await CheckpointAsync(lease, n)).ShouldBe(CommitResult.Committed);
        }

        (await AcquireAsync()).CheckpointPosition.ShouldBe(new LogPosition(6));
    }

    [Fact]
    public async Task Effects_that_arrive_late_are_not_committed_again()
    {
        ShardLease lease = await AcquireAsync(_store);
        await EffectsAsync(lease, 1);
        _proxy.CutNext(Cut.RequestIsHeld);
        (await EffectsAsync(lease, 2)).ShouldBe(CommitResult.Committed);
        (await EffectsAsync(lease, 3)).ShouldBe(CommitResult.Committed);

        await _proxy.ReleaseAsync();

        await ShouldHoldAsync(3);
    }

    [Fact]
    public async Task A_checkpoint_that_arrives_late_does_not_bring_back_what_was()
    {
        ShardLease lease = await AcquireAsync(_store);
        await CheckpointAsync(lease, 1);
        _proxy.CutNext(Cut.RequestIsHeld);
        (await CheckpointAsync(lease, 2)).ShouldBe(CommitResult.Committed);
        (await CheckpointAsync(lease, 3)).ShouldBe(CommitResult.Committed);

        await _proxy.ReleaseAsync();

        (await _direct.Customers.LoadAsync(Shard, [new("u1")], default))
            .ShouldHaveSingleItem()
            .NextDue.ShouldBe(new Timestamp(3));
        (await AcquireAsync()).CheckpointPosition.ShouldBe(new LogPosition(3));
    }

    [Fact]
    public async Task A_commit_that_was_made_before_another_took_the_shard_is_told_as_made()
    {
        ShardLease lease = await AcquireAsync(_store);
        _proxy.CutNext(Cut.BeforeTheAnswerArrives, TakeOverAsync);

        (await EffectsAsync(lease, 1)).ShouldBe(CommitResult.Committed);

        await ShouldHoldAsync(1);
        (await EffectsAsync(lease, 2)).ShouldBe(CommitResult.Fenced);
        await ShouldHoldAsync(1);
    }

    [Fact]
    public async Task A_commit_that_was_lost_before_another_took_the_shard_is_fenced()
    {
        ShardLease lease = await AcquireAsync(_store);
        await EffectsAsync(lease, 1);
        _proxy.CutNext(Cut.BeforeTheEndArrives, TakeOverAsync);

        (await EffectsAsync(lease, 2)).ShouldBe(CommitResult.Fenced);

        await ShouldHoldAsync(1);
    }

    [Fact]
    public async Task Cut_after_any_number_of_bytes_nothing_is_lost_and_nothing_twice()
    {
        const int Commits = 150;
        Random random = new(31);
        _proxy.Budget = () =>
            random.Next(2) == 0
                ? (random.Next(1_500, 15_000), int.MaxValue)
                : (int.MaxValue, random.Next(1_000, 4_000));
        await EndSessionsAsync();
        ShardLease lease = await AcquireAsync(_store);
        for (int n = 1; n <= Commits; n++)
        {
            (await (n % 3 == 0 ? OverlappingEffectsAsync(lease, n) : EffectsAsync(lease, n))).ShouldBe(
                CommitResult.Committed
            );
            (await CheckpointAsync(lease, n)).ShouldBe(CommitResult.Committed);
            await _store.Outbox.UpdateAsync([new OutboxUpdate.Delivered(new($"p{n}"), 1, new(n))], default);
            await _store.DeadLetters.AddAsync([Letter(-n)], default);
        }

        _proxy.Connections.ShouldBeGreaterThan(30);
        await ShouldHoldAsync(Commits, delivered: Commits, lettersApart: Commits);
        (await AcquireAsync()).CheckpointPosition.ShouldBe(new LogPosition(Commits));
    }

    [Fact]
    public async Task Sessions_that_the_server_ends_lose_nothing()
    {
        const int Commits = 60;
        ShardLease lease = await AcquireAsync(_store);
        for (int n = 1; n <= Commits; n++)
        {
            ValueTask<CommitResult> commit = EffectsAsync(lease, n);
            await EndSessionsAsync();
            (await commit).ShouldBe(CommitResult.Committed);
        }

        await ShouldHoldAsync(Commits);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_from_a_fault()
    {
        await using PostgresStateStore store = await PostgresStateStore.OpenAsync(
            _schema.Options with
            {
                ConnectionString = Proxied,
                RetryFor = TimeSpan.FromMilliseconds(300),
            },
            TimeProvider.System
        );
        ShardLease lease = await AcquireAsync(store);
        _proxy.Budget = () => (1, 1);
        await EndSessionsAsync();

        await Should.ThrowAsync<StateStoreUnavailableException>(async () =>
            await store.Committer.CommitEffectsAsync(lease, Batch(1), default)
        );
        await Should.ThrowAsync<StateStoreUnavailableException>(async () =>
            await store.Customers.LoadAsync(Shard, [new("u1")], default)
        );
        await Should.ThrowAsync<StateStoreUnavailableException>(async () =>
            await PostgresStateStore.OpenAsync(_schema.Options with { ConnectionString = Proxied }, TimeProvider.System)
        );

        _proxy.Budget = () => (int.MaxValue, int.MaxValue);
        (await store.Committer.CommitEffectsAsync(lease, Batch(1), default)).ShouldBe(CommitResult.Committed);
        await ShouldHoldAsync(1);
    }

    private string Proxied => $"{PostgresServer.To(_proxy.Port)};Application Name={_schema.Name}";

    private async Task EndSessionsAsync() =>
        await _schema.RunAsync(
            $"SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = '{_schema.Name}'"
        );

    private async Task TakeOverAsync() => await AcquireAsync();

    private async Task<ShardStart> AcquireAsync() => await _direct.Ownership.AcquireAsync(Shard, 1, "next", default);

    private static async Task<ShardLease> AcquireAsync(PostgresStateStore store) =>
        (await store.Ownership.AcquireAsync(Shard, 1, "me", default)).Lease;

    private ValueTask<CommitResult> EffectsAsync(ShardLease lease, int n) =>
        _store.Committer.CommitEffectsAsync(lease, Batch(n), default);

    /// <summary>The n-th batch, and what the one before it added.</summary>
    private ValueTask<CommitResult> OverlappingEffectsAsync(ShardLease lease, int n)
    {
        (EffectBatch before, EffectBatch batch) = (Batch(n - 1), Batch(n));
        return _store.Committer.CommitEffectsAsync(
            lease,
            batch with
            {
                Transitions = [.. before.Transitions, .. batch.Transitions],
                Pushes = [.. before.Pushes, .. batch.Pushes],
            },
            default
        );
    }

    private ValueTask<CommitResult> CheckpointAsync(ShardLease lease, int n)
    {
        StoredCustomer customer = new(new("u1"), new(n), new byte[] { 1 });
        return _store.Committer.CommitCheckpointAsync(lease, new(new(n), new(n), "", [customer]), default);
    }

    /// <summary>The n-th batch: one tick, transition, push and dead letter that bear its number.</summary>
    private static EffectBatch Batch(int n)
    {
        Transition move = new(new($"u{n}"), new("vip"), TransitionKind.Entered, new(n), TransitionCause.Time, 1, null);
        NewPush push = new(new($"p{n}"), n, Mail, new($"u{n}"), new Timestamp(n), "{}"u8.ToArray());
        return new(new(n), [new(new(n - 1), new(n))], [move], [push]) { DeadLetters = [Letter(n)] };
    }

    private static DeadLetter Letter(int n) =>
        new(new(n), "log", "bad-json", n.ToString(CultureInfo.InvariantCulture), "x"u8.ToArray());

    /// <summary>All batches up to the last one are there, each of them once.</summary>
    private async Task ShouldHoldAsync(int last, int delivered = 0, int lettersApart = 0)
    {
        string[] letters =
        [
            .. Enumerable
                .Range(-lettersApart, lettersApart)
                .Concat(Enumerable.Range(1, last))
                .Select(n => n.ToString(CultureInfo.InvariantCulture)),
        ];
        (await _direct.DeadLetters.ReadAsync(1_000, default))
            .Select(letter => letter.Detail)
            .ShouldBe(letters, ignoreOrder: true);
        (await _direct.Memberships.CountMembersAsync(default))[new("vip")].ShouldBe(last);
        (await _direct.Memberships.ReadTransitionsAsync(default).ToListAsync())
            .Select(transition => transition.At.Milliseconds)
            .ShouldBe(Enumerable.Range(1, last).Select(n => (long)n));
        (await _direct.Outbox.CountAsync(default))[Mail].ShouldBe(new OutboxCounts(last - delivered, delivered, 0));
        (await _schema.RunAsync("SELECT effects_position || ' ' || next_outbox_sequence FROM shard")).ShouldBe(
            $"{last} {last + 1}"
        );
        (await _schema.RunAsync("SELECT count(*) FROM outbox")).ShouldBe((long)last);
    }
}
