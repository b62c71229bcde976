using Npgsql;
using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// Updates touch pending rows alone and count what they have changed, so it does no harm to send them twice, or late.
/// </summary>
internal sealed class PostgresOutbox(PostgresDatabase database) : IOutbox
{
    private const string Pending = """
        SELECT id, sequence, customer, attempts, content, made_at, not_before FROM outbox
        WHERE state = 0 AND connector = $1 AND shard = $2 AND sequence > $3
        ORDER BY sequence
        LIMIT $4
        """;

    private const string Put = """
        WITH added AS (
            INSERT INTO outbox
                (id, connector, shard, sequence, customer, state, attempts, made_at, not_before, content)
            SELECT id, connector, $1, sequence, customer, 0, 0, made_at, made_at, content
            FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bytea[])
                AS push (id, connector, sequence, customer, made_at, content)
            ON CONFLICT DO NOTHING
            RETURNING connector
        )
        INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
        SELECT $1, connector, 0, count(*) FROM added GROUP BY connector ORDER BY connector
        ON CONFLICT (shard, connector, state) DO UPDATE SET pushes = counted.pushes + excluded.pushes
        """;

    private const string Postpone = """
        UPDATE outbox SET attempts = later.attempts, not_before = later.not_before, reason = later.reason
        FROM unnest($1::bytea[], $2::int[], $3::bigint[], $4::bytea[])
            AS later (id, attempts, not_before, reason)
        WHERE outbox.id = later.id AND outbox.state = 0
        """;

    private const string Settle = """
        WITH settled AS (
            UPDATE outbox SET state = done.state, settled_at = done.at,
                attempts = coalesce(done.attempts, outbox.attempts), reason = done.reason
            FROM unnest($1::bytea[], $2::smallint[], $3::bigint[], $4::int[], $5::bytea[])
                AS done (id, state, at, attempts, reason)
            WHERE outbox.id = done.id AND outbox.state = 0
            RETURNING outbox.shard, outbox.connector, outbox.state
        )
        INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
        SELECT shard, connector, state, count(*) FROM settled
        GROUP BY shard, connector, state ORDER BY shard, connector, state
        ON CONFLICT (shard, connector, state) DO UPDATE SET pushes = counted.pushes + excluded.pushes
        """;

    private const string Count = "SELECT connector, state, sum(pushes)::bigint FROM outbox_count GROUP BY 1, 2";

    // Another node may be dropping some of them: those are left to it.
    private const string DropContents = """
        UPDATE outbox SET content = NULL, reason = NULL WHERE id IN (
            SELECT id FROM outbox WHERE state = 1 AND content IS NOT NULL AND settled_at < $1
            ORDER BY settled_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        """;

    private const int ContentsAtOnce = 1_000;

    /// <summary>Puts pushes in; one whose id is there already is left as it is.</summary>
    public static Statement Add(ShardId shard, IReadOnlyList<NewPush> pushes) =>
        new(
            Put,
            shard.Value,
            pushes.Texts(static push => push.Id.Value),
            pushes.Texts(static push => push.Connector.Value),
            pushes.Column(static push => push.Sequence),
            pushes.Texts(static push => push.Customer.Value),
            pushes.Column(static push => push.MadeAt.Milliseconds),
            pushes.Column(static push => push.Content)
        );

    public async ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
        ConnectorName connector,
        ShardId shard,
        long after,
        int max,
        CancellationToken cancellationToken
    ) =>
        await database.ReadAsync(
            new(Pending, StoredText.Encode(connector.Value), shard.Value, after, max),
            row => Read(row, connector, shard),
            cancellationToken
        );

    public async ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken)
    {
        List<Statement> statements = [];
        foreach (OutboxUpdate[] round in Rounds(updates))
        {
            OutboxUpdate.Postponed[] later = [.. round.OfType<OutboxUpdate.Postponed>()];
            Settled[] done = [.. round.Except(later).Select(Settled.Of)];
            if (later.Length > 0)
            {
                statements.Add(PostponeAll(later));
            }

            if (done.Length > 0)
            {
                statements.Add(SettleAll(done));
            }
        }

        await database.WriteAsync(statements, cancellationToken);
    }

    public async ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(
        CancellationToken cancellationToken
    )
    {
        Dictionary<ConnectorName, OutboxCounts> counts = [];
        var rows = await database.ReadAsync(
            new(Count),
            static row => (new ConnectorName(row.GetStoredText(0)), (OutboxState)row.GetInt16(1), row.GetInt64(2)),
            cancellationToken
        );
        foreach ((ConnectorName connector, OutboxState state, long pushes) in rows)
        {
            counts[connector] = counts.GetValueOrDefault(connector).With(state, pushes);
        }

        // What was ever put in, less what is settled.
        return counts.ToDictionary(
            count => count.Key,
            count => count.Value with { Pending = count.Value.Pending - count.Value.Delivered - count.Value.Dead }
        );
    }

    /// <summary>Drops the content of some pushes delivered before an instant.</summary>
    public async ValueTask<ExpiryStep> DropContentsAsync(Timestamp before)
    {
        int dropped = await database.ChangeAsync(new(DropContents, before.Milliseconds, ContentsAtOnce));
        return new(dropped, HasMore: dropped == ContentsAtOnce);
    }

    // One statement cannot change a row twice: second updates of a push go after the first ones.
    private static IEnumerable<OutboxUpdate[]> Rounds(IReadOnlyList<OutboxUpdate> updates) =>
        updates
            .GroupBy(static update => update.Id)
            .SelectMany(static ofPush => ofPush.Select(static (update, turn) => (update, turn)))
            .GroupBy(static pair => pair.turn, static pair => pair.update)
            .Select(static round => round.ToArray());

    private static Statement PostponeAll(OutboxUpdate.Postponed[] later) =>
        new(
            Postpone,
            later.Texts(static update => update.Id.Value),
            later.Column(static update => update.Attempts),
            later.Column(static update => update.NotBefore.Milliseconds),
            later.Texts(static update => update.Reason)
        );

    private static Statement SettleAll(Settled[] done) =>
        new(
            Settle,
            done.Texts(static update => update.Id.Value),
            done.Column(static update => (short)update.State),
            done.Column(static update => update.At.Milliseconds),
            done.Column(static update => update.Attempts),
            done.Column(static update => update.Reason is null ? null : StoredText.Encode(update.Reason))
        );

    private static PendingPush Read(NpgsqlDataReader row, ConnectorName connector, ShardId shard)
    {
        PushId id = new(row.GetStoredText(0));
        CustomerId customer = new(row.GetStoredText(2));
        Push push = new(id, connector, customer, row.GetInt32(3), row.GetFieldValue<byte[]>(4));
        return new(new(shard, row.GetInt64(1)), push, new Timestamp(row.GetInt64(5)), new Timestamp(row.GetInt64(6)));
    }

    /// <summary>The end of a push.</summary>
    private readonly record struct Settled(PushId Id, OutboxState State, Timestamp At, int? Attempts, string? Reason)
    {
        public static Settled Of(OutboxUpdate update) =>
            update switch
            {
                OutboxUpdate.Delivered delivered => new(delivered.Id, OutboxState.Delivered, delivered.At, null, null),
                OutboxUpdate.Dead dead => new(dead.Id, OutboxState.Dead, dead.At, dead.Attempts, dead.Reason),
                _ => throw new ArgumentException($"Unknown update {update.GetType().Name}.", nameof(update)),
            };
    }
}
