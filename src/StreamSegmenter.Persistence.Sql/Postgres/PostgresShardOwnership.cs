using Npgsql;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// Takes shards over. The row of the shard is locked by whoever commits, so a commit of the last owner that is on its
/// way is waited for. Taken twice because the first answer got lost, a shard is still taken.
/// </summary>
internal sealed class PostgresShardOwnership(PostgresDatabase database) : IShardOwnership
{
    private const string Pin = """
        INSERT INTO store (id, partition_count) VALUES (1, $1) ON CONFLICT (id) DO NOTHING
        """;

    private const string Pinned = "SELECT partition_count FROM store";

    // Takes nothing over in a store of another log.
    private const string Take = """
        INSERT INTO shard AS taken
            (id, epoch, owner, checkpoint_position, now, definitions, effects_position, next_outbox_sequence)
        SELECT $1, 1, $2, 0, $3, '', 0, 1 FROM store WHERE partition_count = $4
        ON CONFLICT (id) DO UPDATE SET epoch = taken.epoch + 1, owner = excluded.owner
        RETURNING epoch, checkpoint_position, now, effects_position, definitions, next_outbox_sequence
        """;

    // A tick at the checkpoint's position came before the checkpoint unless its time is later than the checkpoint's.
    private const string TicksSince = """
        SELECT tick.position, tick.now FROM tick JOIN shard ON shard.id = tick.shard
        WHERE tick.shard = $1 AND (tick.position, tick.now) > (shard.checkpoint_position, shard.now)
        ORDER BY tick.position, tick.now
        """;

    /// <inheritdoc cref="IStateStore.PinAsync"/>
    public async ValueTask PinAsync(int partitionCount, CancellationToken cancellationToken) =>
        await database.RunAsync(
            [new(Pin, partitionCount), new(Pinned)],
            async (reader, token) =>
            {
                await CheckAsync(reader, partitionCount, token);
                return true;
            },
            cancellationToken
        );

    public async ValueTask<ShardStart> AcquireAsync(
        ShardId shard,
        int partitionCount,
        string owner,
        CancellationToken cancellationToken
    )
    {
        shard.ThrowIfNotAmong(partitionCount);
        Statement[] statements =
        [
            new(Pin, partitionCount),
            new(Pinned),
            new(Take, shard.Value, StoredText.Encode(owner), Timestamp.Beginning.Milliseconds, partitionCount),
            new(TicksSince, shard.Value),
        ];
        return await database.RunAsync(
            statements,
            (reader, token) => ReadAsync(reader, shard, partitionCount, token),
            cancellationToken
        );
    }

    public async ValueTask<string?> FindOwnerAsync(ShardId shard, CancellationToken cancellationToken) =>
        (
            await database.ReadAsync(
                new("SELECT owner FROM shard WHERE id = $1", shard.Value),
                static row => row.GetStoredText(0),
                cancellationToken
            )
        ).FirstOrDefault();

    private async Task<ShardStart> ReadAsync(
        NpgsqlDataReader row,
        ShardId shard,
        int partitionCount,
        CancellationToken cancellationToken
    )
    {
        await CheckAsync(row, partitionCount, cancellationToken);
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        ShardStart start = new(
            new(shard, new(row.GetInt64(0))),
            CheckpointPosition: new(row.GetInt64(1)),
            Now: new(row.GetInt64(2)),
            EffectsPosition: new(row.GetInt64(3)),
            Ticks: [],
            Definitions: row.GetStoredText(4),
            NextOutboxSequence: row.GetInt64(5)
        );
        await row.NextResultAsync(cancellationToken);
        return start with
        {
            Ticks = await PostgresDatabase.RowsAsync(
                row,
                static tick => new RecordedTick(new(tick.GetInt64(0)), new(tick.GetInt64(1))),
                cancellationToken
            ),
        };
    }

    private async Task CheckAsync(NpgsqlDataReader row, int partitionCount, CancellationToken cancellationToken)
    {
        await row.ReadAsync(cancellationToken);
        if (row.GetInt32(0) != partitionCount)
        {
            throw new InvalidOperationException(
                $"{database.Place} belongs to a log of {row.GetInt32(0)} partitions, but this one has "
                    + $"{partitionCount}. Customers are spread by this number: use the log that belongs to the store, "
                    + "or start a new store in a schema of its own."
            );
        }
    }
}
