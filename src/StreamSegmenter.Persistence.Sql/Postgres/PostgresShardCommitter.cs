using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// Each commit is one transaction that is sent at once. It changes its shard's row where the epoch is its own and the
/// row does not have this commit already; where that hits nothing, the server refuses all of it and says which of both
/// it was. So a commit whose connection broke is sent again and its outcome is known for certain. The first one may
/// have been made, or lost, or be on its way: then the row's lock lets one wait for the other, and the later of them is
/// refused.
/// </summary>
internal sealed class PostgresShardCommitter(PostgresDatabase database, CommitTags tags) : IShardCommitter
{
    private const string MoveCheckpoint = """
        WITH held AS (
            UPDATE shard SET checkpoint_position = $5, now = $6, definitions = $7,
                checkpoint_opening = $3, checkpoint_commit = $4
            WHERE id = $1 AND epoch = $2 AND NOT (checkpoint_opening = $3 AND checkpoint_commit >= $4)
            RETURNING id
        )
        SELECT refuse_commit($1, $3, $4) WHERE NOT EXISTS (SELECT FROM held)
        """;

    private const string MoveEffects = """
        WITH held AS (
            UPDATE shard SET effects_position = greatest(effects_position, $5),
                next_outbox_sequence = greatest(next_outbox_sequence, $6),
                effects_opening = $3, effects_commit = $4
            WHERE id = $1 AND epoch = $2 AND NOT (effects_opening = $3 AND effects_commit >= $4)
            RETURNING id
        )
        SELECT refuse_commit($1, $3, $4) WHERE NOT EXISTS (SELECT FROM held)
        """;

    private const string PutCustomers = """
        INSERT INTO customer (shard, customer, next_due, state)
        SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::bytea[])
        ON CONFLICT (shard, customer) DO UPDATE SET next_due = excluded.next_due, state = excluded.state
        """;

    private const string DropCustomers = "DELETE FROM customer WHERE shard = $1 AND customer = ANY ($2)";
    private const string DropAllCustomers = "DELETE FROM customer WHERE shard = $1";
    private const string DropTicks = "DELETE FROM tick WHERE shard = $1 AND (position, now) <= ($2, $3)";

    private const string PutTicks = """
        INSERT INTO tick (shard, position, now) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[])
        ON CONFLICT DO NOTHING
        """;

    // Bounds what is packed into one message. A message of the protocol may have 1 GiB.
    private const int CustomersAtOnce = 5_000;

    /// <summary>What the row of a shard remembers the last commit of.</summary>
    private enum Kind
    {
        Checkpoint,
        Effects,
    }

    public ValueTask<CommitResult> CommitCheckpointAsync(
        ShardLease lease,
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    ) =>
        CommitAsync(
            Kind.Checkpoint,
            lease,
            async tag => await database.WriteAsync([.. WriteCheckpoint(lease, tag, checkpoint)], default),
            cancellationToken
        );

    public ValueTask<CommitResult> CommitEffectsAsync(
        ShardLease lease,
        EffectBatch effects,
        CancellationToken cancellationToken
    ) => CommitAsync(Kind.Effects, lease, tag => WriteAsync(lease, tag, effects), cancellationToken);

    // Once its turn has come a commit cannot be cancelled, so that its outcome is always told.
    private ValueTask<CommitResult> CommitAsync(
        Kind kind,
        ShardLease lease,
        Func<CommitTag, ValueTask> write,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        return tags.InTurnAsync(
            (kind, lease.Shard),
            async tag =>
            {
                try
                {
                    await write(tag);
                    return CommitResult.Committed;
                }
                catch (Exception e) when (PostgresFaults.Refusal(e) is { } result)
                {
                    return result;
                }
            },
            cancellationToken
        );
    }

    // What a shard does is hardly ever there already, and to look for it costs a quarter of the whole commit. Where it
    // is there, all was refused, its tag too, which is then no other commit's.
    private async ValueTask WriteAsync(ShardLease lease, CommitTag tag, EffectBatch effects)
    {
        try
        {
            await database.WriteAsync(
                [.. WriteEffects(lease, tag, effects, mayBeThere: false)],
                CancellationToken.None
            );
        }
        catch (IOException e) when (PostgresFaults.IsThereAlready(e.InnerException))
        {
            await database.WriteAsync([.. WriteEffects(lease, tag, effects, mayBeThere: true)], CancellationToken.None);
        }
    }

    // The shard's row comes last: a checkpoint is long, and effects that are committed beside it need the row too.
    private static IEnumerable<Statement> WriteCheckpoint(ShardLease lease, CommitTag tag, Checkpoint checkpoint)
    {
        int shard = lease.Shard.Value;
        if (checkpoint.ReplacesAll)
        {
            yield return new(DropAllCustomers, shard);
        }

        // Neighbours in the index are written together; and who writes in one order does not wait in a circle.
        StoredCustomer[] inKeyOrder = [.. checkpoint.Customers.OrderBy(static customer => customer.Customer)];
        foreach (StoredCustomer[] some in LastOfEach(inKeyOrder).Chunk(CustomersAtOnce))
        {
            StoredCustomer[] kept = [.. some.Where(static customer => !customer.State.IsEmpty)];
            StoredCustomer[] gone = [.. some.Where(static customer => customer.State.IsEmpty)];
            if (kept.Length > 0)
            {
                yield return new(
                    PutCustomers,
                    shard,
                    kept.Texts(static customer => customer.Customer.Value),
                    kept.Column(static customer => customer.NextDue.OrNull()),
                    kept.Column(static customer => customer.State)
                );
            }

            if (gone.Length > 0)
            {
                yield return new(DropCustomers, shard, gone.Texts(static customer => customer.Customer.Value));
            }
        }

        long position = checkpoint.Position.Value;
        long now = checkpoint.Now.Milliseconds;
        byte[] definitions = StoredText.Encode(checkpoint.Definitions);
        yield return new(DropTicks, shard, position, now);
        yield return new(MoveCheckpoint, shard, lease.Epoch.Value, tag.Opening, tag.Number, position, now, definitions);
    }

    // One statement cannot write a row twice.
    private static IEnumerable<StoredCustomer> LastOfEach(StoredCustomer[] inKeyOrder) =>
        inKeyOrder.Where(
            (customer, i) => i == inKeyOrder.Length - 1 || inKeyOrder[i + 1].Customer != customer.Customer
        );

    // The shard's row comes first: its lock lets the commits of a shard go one after the other.
    private static IEnumerable<Statement> WriteEffects(
        ShardLease lease,
        CommitTag tag,
        EffectBatch effects,
        bool mayBeThere
    )
    {
        int shard = lease.Shard.Value;
        long nextSequence = effects.Pushes.Count == 0 ? 0 : effects.Pushes.Max(static push => push.Sequence) + 1;
        yield return new(
            MoveEffects,
            shard,
            lease.Epoch.Value,
            tag.Opening,
            tag.Number,
            effects.Position.Value,
            nextSequence
        );
        if (effects.Ticks.Count > 0)
        {
            yield return new(
                PutTicks,
                shard,
                effects.Ticks.Column(static tick => tick.Position.Value),
                effects.Ticks.Column(static tick => tick.Now.Milliseconds)
            );
        }

        foreach (Statement statement in WriteTransitions(lease.Shard, effects, mayBeThere))
        {
            yield return statement;
        }

        if (effects.DeadLetters.Count > 0)
        {
            yield return PostgresDeadLetterStore.Add(tag, effects.DeadLetters);
        }

        if (effects.Consents.Count > 0)
        {
            yield return ConsentStatements.Add(effects.Consents);
        }
    }

    private static IEnumerable<Statement> WriteTransitions(ShardId shard, EffectBatch effects, bool mayBeThere)
    {
        IEnumerable<Statement> transitions =
            effects.Transitions.Count == 0 ? []
            : mayBeThere ? [TransitionStatements.AddMissing(shard, effects.Transitions)]
            : TransitionStatements.AddNew(shard, effects.Transitions);
        IEnumerable<Statement> pushes =
            effects.Pushes.Count == 0 ? []
            : mayBeThere ? [OutboxStatements.AddMissing(shard, effects.Pushes)]
            : OutboxStatements.AddNew(shard, effects.Pushes);
        return transitions.Concat(pushes);
    }
}
