using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Sqlite;

public sealed class OpeningTests : IAsyncLifetime
{
    private readonly StateFile _state = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _state.DisposeAsync();

    [Fact]
    public async Task A_store_of_version_1_is_read_and_continued()
    {
        string fixture = Path.Combine(AppContext.BaseDirectory, "Sqlite", "Fixtures", "state-v1.sql");
        _state.Run(await File.ReadAllTextAsync(fixture));
        SqliteStateStore store = await _state.OpenAsync();

        ShardStart start = await store.Ownership.AcquireAsync(new(1), 4, "node-b", default);
        start.Lease.Epoch.ShouldBe(new OwnerEpoch(7));
        start.CheckpointPosition.ShouldBe(new LogPosition(100));
        start.Now.ShouldBe(new Timestamp(1577836800000));
        start.EffectsPosition.ShouldBe(new LogPosition(120));
        start.Definitions.ShouldBe("abc");
        start.NextOutboxSequence.ShouldBe(3);
        start.Ticks.ShouldBe([new(new(110), new(1577836805000))]);

        IReadOnlyList<StoredCustomer> customers = await store.Customers.LoadAsync(
            new(1),
            [new("u1"), new("u2")],
            default
        );
        customers
            .Select(customer => (customer.Customer.Value, customer.NextDue, Convert.ToHexString(customer.State.Span)))
            .ShouldBe([("u1", new Timestamp(1577836900000), "0102"), ("u2", Timestamp.Never, "03")]);

        PendingPush push = (
            await store.Outbox.ReadPendingAsync(new("mail"), new(1), 0, 10, default)
        ).ShouldHaveSingleItem();
        push.Push.Id.ShouldBe(new PushId("p1"));
        push.Push.Attempts.ShouldBe(2);
        (await store.Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(1, 1, 0));

        CustomerCase one = (
            await store.Cases.ReadAsync(new([new("u1")], [new("mail")], new(1577836700000), 10, _ => null), default)
        ).ShouldHaveSingleItem();
        one.Pending.ShouldHaveSingleItem().Push.Id.ShouldBe(new PushId("p1"));
        one.Facts.Grants.ShouldBeEmpty();
        one.Facts.Standings[new("vip")].ShouldBe(new Standing(2, IsMember: false));
        await store.Outbox.UpdateAsync(
            [new OutboxUpdate.Dropped(new("p1"), new(1577836800000), "suppressed")],
            default
        );
        (await store.Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(0, 1, 0) { Dropped = 1 });

        List<Transition> transitions = await store.Memberships.ReadTransitionsAsync(default).ToListAsync();
        transitions
            .Select(transition => transition.Cause)
            .ShouldBe([TransitionCause.Event, TransitionCause.Time, TransitionCause.Backfill]);
        (await store.Memberships.CountMembersAsync(default))[new("vip")].ShouldBe(1);
        (await store.Memberships.GetMembershipsAsync(new("u1"), default)).ShouldBeEmpty();
        (await store.Memberships.GetMembershipsAsync(new("u2"), default)).ShouldBe([
            new(new("vip"), new Timestamp(1577836702000)),
        ]);
        (await store.DeadLetters.ReadAsync(10, default)).ShouldHaveSingleItem().Reason.ShouldBe("bad-json");

        EffectBatch next = new(new(130), [], [], []);
        (await store.Committer.CommitEffectsAsync(start.Lease, next, default)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task A_store_of_a_newer_program_is_refused_and_left_alone()
    {
        await _state.OpenAsync();
        await _state.CloseAsync();
        _state.Run("INSERT INTO schema_version VALUES (99, 0)");

        SqliteFileException e = await Should.ThrowAsync<SqliteFileException>(() => _state.OpenAsync());
        e.Message.ShouldStartWith(_state.Path);
        e.Message.ShouldContain("a state store of version 99, but this program knows versions up to ");
        _state.Run("DELETE FROM schema_version WHERE version = 99");
        await _state.OpenAsync();
    }

    [Fact]
    public async Task A_log_is_not_taken_for_a_store()
    {
        using TemporaryDirectory directory = new();
        EmbeddedLogOptions options = new() { Directory = directory.Path, PartitionCount = 1 };
        await (await EmbeddedEventLog.OpenAsync(options, TimeProvider.System)).DisposeAsync();
        File.Move(directory.File(EmbeddedEventLog.FileName), _state.Path);

        SqliteFileException e = await Should.ThrowAsync<SqliteFileException>(() => _state.OpenAsync());
        e.Message.ShouldContain("not a state store");
    }

    [Fact]
    public async Task A_store_in_use_is_refused()
    {
        await _state.OpenAsync();

        SqliteFileException e = await Should.ThrowAsync<SqliteFileException>(async () =>
            await SqliteStateStore.OpenAsync(new() { Directory = _state.Directory }, TimeProvider.System)
        );
        e.Message.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task Impossible_options_are_refused()
    {
        SqliteStateStoreOptions good = new() { Directory = _state.Directory };
        SqliteStateStoreOptions[] bad =
        [
            good with
            {
                Directory = " ",
            },
            good with
            {
                MaxReaders = 0,
            },
            good with
            {
                DeliveredRetention = TimeSpan.FromDays(-1),
            },
            good with
            {
                DecisionRetention = TimeSpan.FromDays(-1),
            },
            good with
            {
                DeadLetterRetention = TimeSpan.FromDays(-1),
            },
            good with
            {
                TransitionRetention = TimeSpan.FromDays(-1),
            },
        ];
        foreach (SqliteStateStoreOptions options in bad)
        {
            await Should.ThrowAsync<ArgumentException>(async () =>
                await SqliteStateStore.OpenAsync(options, TimeProvider.System)
            );
        }
    }

    [Fact]
    public async Task A_backup_taken_while_the_store_works_is_a_store()
    {
        SqliteStateStore store = await _state.OpenAsync();
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        await store.Committer.CommitEffectsAsync(lease, new(new(5), [], [], []), default);

        using TemporaryDirectory backup = new();
        _state.Run($"VACUUM INTO '{backup.File(SqliteStateStore.FileName)}'");
        await store.Committer.CommitEffectsAsync(lease, new(new(9), [], [], []), default);

        await using SqliteStateStore restored = await SqliteStateStore.OpenAsync(
            new() { Directory = backup.Path },
            TimeProvider.System
        );
        (await restored.Ownership.AcquireAsync(new(0), 1, "me", default)).EffectsPosition.ShouldBe(new LogPosition(5));
    }
}
