using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Sqlite;

public sealed class DeliveredSweepTests : IAsyncLifetime
{
    private readonly StateFile _state = new();

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

    private static NewPush Push(string id, long sequence) =>
        new(new(id), sequence, new("mail"), new("u1"), default, "{}"u8.ToArray());
}
