using Npgsql;
using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// Changes touch rows in certain states alone and leave them in another, so it does no harm to send them twice; who had
/// to send one twice may be told that nothing was changed.
/// </summary>
internal sealed class PostgresPushAdministration(PostgresDatabase database) : IPushAdministration
{
    private const string Columns = $"{PendingRow.Columns}, {PushRow.FurtherColumns}";
    private const string One = $"SELECT {Columns} FROM outbox WHERE id = $1";
    private const string Decisions = "SELECT at, verdict, reason FROM push_decision WHERE push = $1 ORDER BY id";
    private const string Edit = "UPDATE outbox SET content = $2 WHERE id = $1 AND state IN (2, 5, 6)";

    private const string Chosen = $"""
        SELECT {Columns} FROM outbox WHERE id = ANY ($1) AND state IN (2, 5, 6)
        ORDER BY id FOR UPDATE
        """;

    // Pending pushes are those ever put in less those settled: to take back a settlement is enough.
    private const string PutBack = $"""
        WITH chosen AS MATERIALIZED ({Chosen}), moved AS (
            UPDATE outbox SET state = 0, attempts = 0, made_at = $2, not_before = $2, settled_at = NULL, reason = NULL,
                granted_at = CASE WHEN outbox.unknown_at IS NULL THEN NULL ELSE outbox.granted_at END,
                granted_for = CASE WHEN outbox.unknown_at IS NULL THEN NULL ELSE outbox.granted_for END,
                unknown_at = NULL
            FROM chosen WHERE outbox.id = chosen.id
            RETURNING outbox.id
        ), counted AS (
            INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
            SELECT shard, connector, state, -count(*) FROM chosen
            GROUP BY shard, connector, state ORDER BY shard, connector, state
            ON CONFLICT (shard, connector, state) DO UPDATE SET pushes = counted.pushes + excluded.pushes
        ), replayed AS (
            INSERT INTO outbox_replay AS before (shard, replays) SELECT DISTINCT shard, 1 FROM chosen ORDER BY shard
            ON CONFLICT (shard) DO UPDATE SET replays = before.replays + 1
        )
        SELECT chosen.* FROM chosen JOIN moved USING (id)
        """;

    private const string Discard = $"""
        WITH chosen AS MATERIALIZED ({Chosen}), moved AS (
            UPDATE outbox SET state = 7, settled_at = $2 FROM chosen WHERE outbox.id = chosen.id
            RETURNING outbox.id
        ), changes AS (
            SELECT shard, connector, state, -1 AS change FROM chosen
            UNION ALL SELECT shard, connector, 7, 1 FROM chosen
        ), counted AS (
            INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
            SELECT shard, connector, state, sum(change) FROM changes
            GROUP BY shard, connector, state ORDER BY shard, connector, state
            ON CONFLICT (shard, connector, state) DO UPDATE SET pushes = counted.pushes + excluded.pushes
        )
        SELECT chosen.* FROM chosen JOIN moved USING (id)
        """;

    private const string DiscardWaiting = $"""
        WITH chosen AS MATERIALIZED (
            SELECT {Columns} FROM outbox WHERE id = ANY ($1) AND state = 0 ORDER BY id FOR UPDATE
        ), moved AS (
            UPDATE outbox SET state = 7, settled_at = $2 FROM chosen WHERE outbox.id = chosen.id
            RETURNING outbox.id
        ), counted AS (
            INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
            SELECT shard, connector, 7, count(*) FROM chosen
            GROUP BY shard, connector ORDER BY shard, connector
            ON CONFLICT (shard, connector, state) DO UPDATE SET pushes = counted.pushes + excluded.pushes
        )
        SELECT chosen.* FROM chosen JOIN moved USING (id)
        """;

    private static readonly PushPages s_pages = new(Columns, mark: '$');

    public async ValueTask<IReadOnlyList<StoredPush>> ReadAsync(
        PushRange range,
        PushCursor? after,
        int max,
        CancellationToken cancellationToken
    )
    {
        (string sql, IReadOnlyList<object> values) = s_pages.Read(range, after, max);
        List<object> stored =
        [
            .. values.Select(static value => value is string text ? StoredText.Encode(text) : value),
        ];
        return await database.ReadAsync(new(sql, stored), Read, cancellationToken);
    }

    public async ValueTask<PushHistory?> FindAsync(PushId id, CancellationToken cancellationToken)
    {
        byte[] key = StoredText.Encode(id.Value);
        List<StoredPush> found = await database.ReadAsync(new(One, key), Read, cancellationToken);
        if (found is not [var push])
        {
            return null;
        }

        List<PushDecision> decisions = await database.ReadAsync(
            new(Decisions, key),
            row => new PushDecision(id, new(row.GetInt64(0)), (PolicyVerdict)row.GetInt16(1), row.GetStoredText(2)),
            cancellationToken
        );
        return new(push, decisions);
    }

    public async ValueTask<bool> EditAsync(PushId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ChangeAsync(new(Edit, StoredText.Encode(id.Value), content.ToArray())) > 0;
    }

    public async ValueTask<IReadOnlyList<StoredPush>> ReplayAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    ) => await database.ReadAsync(Move(PutBack, ids, now), Read, cancellationToken);

    public async ValueTask<int> DiscardAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    ) => (await database.ReadAsync(Move(Discard, ids, now), Read, cancellationToken)).Count;

    public async ValueTask<int> DiscardWaitingAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    ) => (await database.ReadAsync(Move(DiscardWaiting, ids, now), Read, cancellationToken)).Count;

    public async ValueTask<IReadOnlyDictionary<ShardId, long>> ReadReplaysAsync(CancellationToken cancellationToken) =>
        (
            await database.ReadAsync(
                new("SELECT shard, replays FROM outbox_replay"),
                static row => KeyValuePair.Create(new ShardId(row.GetInt32(0)), row.GetInt64(1)),
                cancellationToken
            )
        ).ToDictionary();

    private static Statement Move(string sql, IReadOnlyList<PushId> ids, Timestamp now) =>
        new(sql, ids.Texts(static id => id.Value), now.Milliseconds);

    private static StoredPush Read(NpgsqlDataReader row) =>
        PushRow.Of(
            PendingRow.Read(row),
            row.GetInt16(11),
            row.IsDBNull(12) ? null : row.GetInt64(12),
            row.IsDBNull(13) ? null : row.GetStoredText(13),
            row.IsDBNull(14) ? null : row.GetStoredText(14)
        );
}
