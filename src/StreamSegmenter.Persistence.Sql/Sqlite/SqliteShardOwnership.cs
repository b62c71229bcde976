using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteShardOwnership(SqliteDatabase database) : IShardOwnership
{
    private const string Take = """
        INSERT INTO shard
            (id, epoch, owner, checkpoint_position, now, definitions, effects_position, next_outbox_sequence)
        VALUES (?1, 1, ?2, 0, ?3, '', 0, 1)
        ON CONFLICT (id) DO UPDATE SET epoch = epoch + 1, owner = excluded.owner
        RETURNING epoch, checkpoint_position, now, effects_position, definitions, next_outbox_sequence
        """;

    // A tick at the checkpoint's position came before the checkpoint unless its time is later than the checkpoint's.
    private const string TicksSince = """
        SELECT position, now FROM tick
        WHERE shard = ?1 AND (position, now) > (?2, ?3)
        ORDER BY position, now
        """;

    /// <inheritdoc cref="IStateStore.PinAsync"/>
    public async ValueTask PinAsync(int partitionCount, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            connection =>
            {
                Pin(connection, partitionCount);
                return true;
            },
            cancellationToken
        );

    public ValueTask<ShardStart> AcquireAsync(
        ShardId shard,
        int partitionCount,
        string owner,
        CancellationToken cancellationToken
    )
    {
        shard.ThrowIfNotAmong(partitionCount);
        return database.WriteAsync(
            connection =>
            {
                Pin(connection, partitionCount);
                return Acquire(connection, shard, owner);
            },
            cancellationToken
        );
    }

    public ValueTask<string?> FindOwnerAsync(ShardId shard, CancellationToken cancellationToken) =>
        database.ReadAsync(
            shard,
            static (connection, shard) =>
            {
                using SqliteDataReader row = connection
                    .Statement("SELECT owner FROM shard WHERE id = ?1")
                    .Query(shard.Value);
                return row.Read() ? row.GetString(0) : null;
            },
            cancellationToken
        );

    private void Pin(PreparedConnection connection, int partitionCount)
    {
        connection
            .Statement("INSERT INTO store (id, partition_count) VALUES (1, ?1) ON CONFLICT (id) DO NOTHING")
            .Execute(partitionCount);
        using SqliteDataReader row = connection.Statement("SELECT partition_count FROM store").Query();
        row.Read();
        if (row.GetInt32(0) != partitionCount)
        {
            throw new InvalidOperationException(
                $"{database.Path} belongs to a log of {row.GetInt32(0)} partitions, but this one has {partitionCount}. "
                    + "Customers are spread by this number: use the log that belongs to the store, or start a new "
                    + "store."
            );
        }
    }

    private static ShardStart Acquire(PreparedConnection connection, ShardId shard, string owner)
    {
        ShardStart start;
        using (
            SqliteDataReader row = connection
                .Statement(Take)
                .Query(shard.Value, owner, Timestamp.Beginning.Milliseconds)
        )
        {
            row.Read();
            start = new(
                new(shard, new(row.GetInt64(0))),
                CheckpointPosition: new(row.GetInt64(1)),
                Now: new(row.GetInt64(2)),
                EffectsPosition: new(row.GetInt64(3)),
                Ticks: [],
                Definitions: row.GetString(4),
                NextOutboxSequence: row.GetInt64(5)
            );
        }

        return start with
        {
            Ticks = ReadTicks(connection, shard, start.CheckpointPosition, start.Now),
        };
    }

    private static List<RecordedTick> ReadTicks(
        PreparedConnection connection,
        ShardId shard,
        LogPosition position,
        Timestamp now
    )
    {
        List<RecordedTick> ticks = [];
        using SqliteDataReader row = connection
            .Statement(TicksSince)
            .Query(shard.Value, position.Value, now.Milliseconds);
        while (row.Read())
        {
            ticks.Add(new(new(row.GetInt64(0)), new(row.GetInt64(1))));
        }

        return ticks;
    }
}
