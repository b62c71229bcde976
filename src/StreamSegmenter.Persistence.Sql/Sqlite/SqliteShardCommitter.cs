using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteShardCommitter(SqliteDatabase database) : IShardCommitter
{
    // Both start with the row of the shard: when the epoch is another one, nothing has been written yet.
    private const string MoveCheckpoint = """
        UPDATE shard SET checkpoint_position = ?3, now = ?4, definitions = ?5 WHERE id = ?1 AND epoch = ?2
        """;

    private const string MoveEffects = """
        UPDATE shard SET effects_position = max(effects_position, ?3),
            next_outbox_sequence = max(next_outbox_sequence, ?4)
        WHERE id = ?1 AND epoch = ?2
        """;

    private const string PutCustomer = """
        INSERT INTO customer (shard, customer, next_due, state) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (shard, customer) DO UPDATE SET next_due = excluded.next_due, state = excluded.state
        """;

    private const string DropCustomer = "DELETE FROM customer WHERE shard = ?1 AND customer = ?2";
    private const string DropCustomers = "DELETE FROM customer WHERE shard = ?1";
    private const string DropTicks = "DELETE FROM tick WHERE shard = ?1 AND (position, now) <= (?2, ?3)";

    private const string PutTick = """
        INSERT INTO tick (shard, position, now) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING
        """;

    // So many rows take some milliseconds, about as long as a sync of the disk.
    private const int ManyRows = 500;

    public ValueTask<CommitResult> CommitCheckpointAsync(
        ShardLease lease,
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    )
    {
        // Neighbours in the table are written together; sorted here rather than on the writing thread.
        StoredCustomer[] inKeyOrder = [.. checkpoint.Customers];
        Array.Sort(inKeyOrder, static (a, b) => a.Customer.CompareTo(b.Customer));
        return database.WriteAsync(
            connection => WriteCheckpoint(connection, lease, checkpoint, inKeyOrder),
            cancellationToken,
            isLong: inKeyOrder.Length > ManyRows || checkpoint.ReplacesAll
        );
    }

    public ValueTask<CommitResult> CommitEffectsAsync(
        ShardLease lease,
        EffectBatch effects,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            connection => WriteEffects(connection, lease, effects),
            cancellationToken,
            isLong: effects.Transitions.Count + effects.Pushes.Count > ManyRows
        );

    private static CommitResult WriteCheckpoint(
        PreparedConnection connection,
        ShardLease lease,
        Checkpoint checkpoint,
        StoredCustomer[] customers
    )
    {
        int shard = lease.Shard.Value;
        long position = checkpoint.Position.Value;
        long now = checkpoint.Now.Milliseconds;
        int owned = connection
            .Statement(MoveCheckpoint)
            .Execute(shard, lease.Epoch.Value, position, now, checkpoint.Definitions);
        if (owned == 0)
        {
            return CommitResult.Fenced;
        }

        if (checkpoint.ReplacesAll)
        {
            connection.Statement(DropCustomers).Execute(shard);
        }

        SqliteStatement put = connection.Statement(PutCustomer);
        foreach (StoredCustomer customer in customers)
        {
            string id = customer.Customer.Value;
            if (customer.State.IsEmpty)
            {
                connection.Statement(DropCustomer).Execute(shard, id);
            }
            else
            {
                put.Execute(shard, id, Due(customer.NextDue), customer.State);
            }
        }

        connection.Statement(DropTicks).Execute(shard, position, now);
        return CommitResult.Committed;
    }

    private static CommitResult WriteEffects(PreparedConnection connection, ShardLease lease, EffectBatch effects)
    {
        int shard = lease.Shard.Value;
        long nextSequence = effects.Pushes.Count == 0 ? 0 : effects.Pushes.Max(static push => push.Sequence) + 1;
        int owned = connection
            .Statement(MoveEffects)
            .Execute(shard, lease.Epoch.Value, effects.Position.Value, nextSequence);
        if (owned == 0)
        {
            return CommitResult.Fenced;
        }

        SqliteStatement putTick = connection.Statement(PutTick);
        foreach (RecordedTick tick in effects.Ticks)
        {
            putTick.Execute(shard, tick.Position.Value, tick.Now.Milliseconds);
        }

        TransitionTables.Add(connection, effects.Transitions);
        OutboxTables.Add(connection, lease.Shard, effects.Pushes);
        SqliteDeadLetterStore.Add(connection, effects.DeadLetters);
        ConsentTable.Add(connection, effects.Consents);
        return CommitResult.Committed;
    }

    // "Never" is absent, so that the index of due customers leaves it out.
    private static long? Due(Timestamp due) => due == Timestamp.Never ? null : due.Milliseconds;
}
