using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

internal sealed class PostgresOutbox(PostgresDatabase database) : IOutbox
{
    private const string Pending = $"""
        SELECT {PendingRow.Columns} FROM outbox
        WHERE state = 0 AND connector = $1 AND shard = $2 AND sequence > $3
        ORDER BY sequence
        LIMIT $4
        """;

    private const string Count = "SELECT connector, state, sum(pushes)::bigint FROM outbox_count GROUP BY 1, 2";

    // Another node may be dropping some of them: those are left to it.
    private const string DropContents = """
        UPDATE outbox SET content = NULL, reason = NULL WHERE id IN (
            SELECT id FROM outbox WHERE state IN (1, 3, 4, 7) AND content IS NOT NULL AND settled_at < $1
            ORDER BY settled_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        """;

    private const string DropDecisions = """
        DELETE FROM push_decision
        WHERE id IN (SELECT id FROM push_decision WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    private const int RowsAtOnce = 1_000;

    public async ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
        ConnectorName connector,
        ShardId shard,
        long after,
        int max,
        CancellationToken cancellationToken
    ) =>
        await database.ReadAsync(
            new(Pending, StoredText.Encode(connector.Value), shard.Value, after, max),
            PendingRow.Read,
            cancellationToken
        );

    public ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken) =>
        database.WriteAsync(OutboxStatements.Update(updates), cancellationToken);

    public async ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(
        CancellationToken cancellationToken
    )
    {
        Dictionary<ConnectorName, OutboxCounts> counts = [];
        var rows = await database.ReadAsync(
            new(Count),
            static row => (new ConnectorName(row.GetStoredText(0)), (PushState)row.GetInt16(1), row.GetInt64(2)),
            cancellationToken
        );
        foreach ((ConnectorName connector, PushState state, long pushes) in rows)
        {
            counts[connector] = counts.GetValueOrDefault(connector).With(state, pushes);
        }

        // What was ever put in, less what is settled.
        return counts.ToDictionary(
            static count => count.Key,
            static count => count.Value with { Pending = (2 * count.Value.Pending) - count.Value.Total }
        );
    }

    /// <summary>Drops the content of some pushes that were over before an instant.</summary>
    public ValueTask<ExpiryStep> DropContentsAsync(Timestamp before) => DropAsync(DropContents, before);

    /// <summary>Drops some decisions from before an instant.</summary>
    public ValueTask<ExpiryStep> DropDecisionsAsync(Timestamp before) => DropAsync(DropDecisions, before);

    private async ValueTask<ExpiryStep> DropAsync(string sql, Timestamp before)
    {
        int dropped = await database.ChangeAsync(new(sql, before.Milliseconds, RowsAtOnce));
        return new(dropped, HasMore: dropped == RowsAtOnce);
    }
}
