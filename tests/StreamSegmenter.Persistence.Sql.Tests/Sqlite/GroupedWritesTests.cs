using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Sqlite;

/// <summary>Somebody else's lock on the file stands for a slow disk: while it is held, commits gather.</summary>
public sealed class GroupedWritesTests : IAsyncLifetime
{
    private const int Shards = 20;
    private readonly StateFile _state = new();
    private SqliteStateStore _store = null!;
    private ShardLease[] _leases = [];

    public async Task InitializeAsync()
    {
        _store = await _state.OpenAsync();
        _leases = await Task.WhenAll(
            Enumerable
                .Range(0, Shards)
                .Select(async i => (await _store.Ownership.AcquireAsync(new(i), Shards, "me", default)).Lease)
        );
    }

    public async Task DisposeAsync() => await _state.DisposeAsync();

    [Fact]
    public async Task A_commit_that_fails_takes_nothing_of_its_neighbours_with_it()
    {
        Task<CommitResult>[] commits;
        using (SqliteConnection slow = Lock())
        {
            commits = [.. _leases.Select((lease, i) => CommitAsync(lease, broken: i % 3 == 1))];
        }

        for (int i = 0; i < Shards; i++)
        {
            bool broken = i % 3 == 1;
            if (broken)
            {
                (await Should.ThrowAsync<IOException>(commits[i])).Message.ShouldContain("NOT NULL");
            }
            else
            {
                (await commits[i]).ShouldBe(CommitResult.Committed);
            }

            ShardStart start = await _store.Ownership.AcquireAsync(new(i), Shards, "next", default);
            start.EffectsPosition.ShouldBe(new LogPosition(broken ? 0 : 7));
            start.Ticks.Count.ShouldBe(broken ? 0 : 1);
        }
    }

    [Fact]
    public async Task An_owner_who_loses_the_shard_within_the_group_is_fenced()
    {
        Task<CommitResult> before;
        Task<CommitResult> after;
        ValueTask<ShardStart> taken;
        using (SqliteConnection slow = Lock())
        {
            before = CommitAsync(_leases[0]);
            taken = _store.Ownership.AcquireAsync(new(0), Shards, "other", default);
            after = CommitAsync(_leases[0]);
        }

        (await before).ShouldBe(CommitResult.Committed);
        (await taken).EffectsPosition.ShouldBe(new LogPosition(7));
        (await after).ShouldBe(CommitResult.Fenced);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_it_is_committed()
    {
        Task<CommitResult>[] commits;
        using (SqliteConnection slow = Lock())
        {
            commits = [.. _leases.Select(lease => CommitAsync(lease))];
            commits.ShouldAllBe(commit => !commit.IsCompleted);
            _state.Run("SELECT count(*) FROM tick").ShouldBe(0L);
        }

        await Task.WhenAll(commits);
        _state.Run("SELECT count(*) FROM tick").ShouldBe((long)Shards);
    }

    [Fact]
    public async Task A_commit_that_fails_at_its_end_fails_all_of_the_group_and_none_later()
    {
        // A check that SQLite makes at COMMIT only: the tick's shard is to exist.
        _state.Run("CREATE TABLE late (shard INTEGER REFERENCES shard (id) DEFERRABLE INITIALLY DEFERRED)");
        _state.Run("CREATE TRIGGER spoil AFTER INSERT ON tick BEGIN INSERT INTO late VALUES (-1); END");
        await Should.ThrowAsync<IOException>(CommitAsync(_leases[0]));
        _state.Run("SELECT count(*) FROM tick").ShouldBe(0L);

        _state.Run("DROP TRIGGER spoil");
        (await CommitAsync(_leases[0])).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task A_short_commit_waits_for_one_long_one_at_most()
    {
        _state.Run("CREATE TABLE course (shard INTEGER)");
        _state.Run("CREATE TRIGGER note AFTER INSERT ON tick BEGIN INSERT INTO course VALUES (NEW.shard); END");
        Task<CommitResult>[] commits;
        using (SqliteConnection slow = Lock())
        {
            commits = [.. _leases[..3].Select(lease => CommitAsync(lease, pushes: 2000)), CommitAsync(_leases[3])];
        }

        await Task.WhenAll(commits);
        _state.Run("SELECT count(*) FROM outbox").ShouldBe(6001L);
        _state.Run("SELECT rowid FROM course WHERE shard = 3").ShouldBeOneOf(1L, 2L);
    }

    [Fact]
    public async Task A_closed_store_takes_nothing()
    {
        await _state.CloseAsync();

        await Should.ThrowAsync<ObjectDisposedException>(CommitAsync(_leases[0]));
        await Should.ThrowAsync<ObjectDisposedException>(async () =>
            await _store.Customers.LoadAsync(new(0), [new("u1")], default)
        );
    }

    private async Task<CommitResult> CommitAsync(ShardLease lease, bool broken = false, int pushes = 1)
    {
        // An id that is missing is refused by the table, after the position and the tick were written.
        IEnumerable<NewPush> made = Enumerable
            .Range(1, pushes)
            .Select(i => new NewPush(
                broken ? default : new($"{lease.Shard}-{i}"),
                i,
                new("mail"),
                new("u1"),
                default,
                "{}"u8.ToArray()
            ));
        EffectBatch effects = new(new(7), [new(new(6), new Timestamp(1))], [], [.. made]);
        return await _store.Committer.CommitEffectsAsync(lease, effects, default);
    }

    private SqliteConnection Lock()
    {
        SqliteConnection connection = _state.Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
