using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteOutbox(SqliteDatabase database) : IOutbox
{
    private const string Pending = $"""
        SELECT {PendingRow.Columns} FROM outbox
        WHERE state = 0 AND connector = ?1 AND shard = ?2 AND sequence > ?3
        ORDER BY sequence
        LIMIT ?4
        """;

    public ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
        ConnectorName connector,
        ShardId shard,
        long after,
        int max,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            (connector, shard, after, max),
            static (connection, wanted) =>
            {
                List<PendingPush> pending = [];
                using SqliteDataReader row = connection
                    .Statement(Pending)
                    .Query(wanted.connector.Value, wanted.shard.Value, wanted.after, wanted.max);
                while (row.Read())
                {
                    pending.Add(PendingRow.Read(row));
                }

                return (IReadOnlyList<PendingPush>)pending;
            },
            cancellationToken
        );

    public async ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            connection =>
            {
                OutboxTables.Update(connection, updates);
                return updates.Count;
            },
            cancellationToken
        );

    public ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            0,
            static (connection, _) =>
            {
                Dictionary<ConnectorName, OutboxCounts> counts = [];
                using SqliteDataReader row = connection
                    .Statement("SELECT connector, state, pushes FROM outbox_count")
                    .Query();
                while (row.Read())
                {
                    ConnectorName connector = new(row.GetString(0));
                    PushState state = (PushState)row.GetInt32(1);
                    counts[connector] = counts.GetValueOrDefault(connector).With(state, row.GetInt64(2));
                }

                return (IReadOnlyDictionary<ConnectorName, OutboxCounts>)counts;
            },
            cancellationToken
        );
}
