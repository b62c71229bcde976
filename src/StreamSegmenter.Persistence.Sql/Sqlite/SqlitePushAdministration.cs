using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqlitePushAdministration(SqliteDatabase database) : IPushAdministration
{
    private const string Columns = $"{PendingRow.Columns}, {PushRow.FurtherColumns}";
    private const string One = $"SELECT {Columns} FROM outbox WHERE id = ?1";
    private const string Decisions = "SELECT at, verdict, reason FROM push_decision WHERE push = ?1 ORDER BY id";
    private const string Edit = "UPDATE outbox SET content = ?2 WHERE id = ?1 AND state IN (2, 5, 6)";

    private const string PutBack = """
        UPDATE outbox SET state = 0, attempts = 0, made_at = ?2, not_before = ?2, settled_at = NULL, reason = NULL,
            granted_at = CASE WHEN unknown_at IS NULL THEN NULL ELSE granted_at END,
            granted_for = CASE WHEN unknown_at IS NULL THEN NULL ELSE granted_for END,
            unknown_at = NULL
        WHERE id = ?1 AND state IN (2, 5, 6)
        """;

    private const string Discard = "UPDATE outbox SET state = 7, settled_at = ?2 WHERE id = ?1 AND state IN (2, 5, 6)";

    private const string DiscardWaiting = "UPDATE outbox SET state = 7, settled_at = ?2 WHERE id = ?1 AND state = 0";

    private const string CountReplay = """
        INSERT INTO outbox_replay (shard, replays) VALUES (?1, 1)
        ON CONFLICT (shard) DO UPDATE SET replays = replays + 1
        """;

    private static readonly PushPages s_pages = new(Columns, mark: '?');

    public ValueTask<IReadOnlyList<StoredPush>> ReadAsync(
        PushRange range,
        PushCursor? after,
        int max,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            s_pages.Read(range, after, max),
            static (connection, page) =>
            {
                List<StoredPush> pushes = [];
                using SqliteDataReader row = connection
                    .Statement(page.Sql)
                    .Query([
                        .. page.Values.Select(static value => value is string text ? text : (SqliteInput)(long)value),
                    ]);
                while (row.Read())
                {
                    pushes.Add(Read(row));
                }

                return (IReadOnlyList<StoredPush>)pushes;
            },
            cancellationToken
        );

    public ValueTask<PushHistory?> FindAsync(PushId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            id,
            static (connection, id) =>
                Find(connection, id) is { } push ? new PushHistory(push, ReadDecisions(connection, id)) : null,
            cancellationToken
        );

    public ValueTask<bool> EditAsync(PushId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => connection.Statement(Edit).Execute(id.Value, content) > 0, cancellationToken);

    public ValueTask<IReadOnlyList<StoredPush>> ReplayAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            connection =>
            {
                List<StoredPush> changed = Move(connection, ids, PutBack, PushState.Pending, now);
                foreach (ShardId shard in changed.Select(static push => push.Place.Shard).Distinct())
                {
                    connection.Statement(CountReplay).Execute(shard.Value);
                }

                return (IReadOnlyList<StoredPush>)changed;
            },
            cancellationToken
        );

    public ValueTask<int> DiscardAsync(IReadOnlyList<PushId> ids, Timestamp now, CancellationToken cancellationToken) =>
        DiscardAsync(Discard, ids, now, cancellationToken);

    public ValueTask<int> DiscardWaitingAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    ) => DiscardAsync(DiscardWaiting, ids, now, cancellationToken);

    public ValueTask<IReadOnlyDictionary<ShardId, long>> ReadReplaysAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            0,
            static (connection, _) =>
            {
                Dictionary<ShardId, long> replays = [];
                using SqliteDataReader row = connection.Statement("SELECT shard, replays FROM outbox_replay").Query();
                while (row.Read())
                {
                    replays.Add(new(row.GetInt32(0)), row.GetInt64(1));
                }

                return (IReadOnlyDictionary<ShardId, long>)replays;
            },
            cancellationToken
        );

    private ValueTask<int> DiscardAsync(
        string statement,
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            connection => Move(connection, ids, statement, PushState.Discarded, now).Count,
            cancellationToken
        );

    /// <summary>Changes the state of those that may be changed; as they were before.</summary>
    private static List<StoredPush> Move(
        PreparedConnection connection,
        IReadOnlyList<PushId> ids,
        string statement,
        PushState to,
        Timestamp now
    )
    {
        OutboxCounters counters = new();
        List<StoredPush> changed = [];
        foreach (PushId id in ids)
        {
            StoredPush? push = Find(connection, id);
            if (push is not null && connection.Statement(statement).Execute(id.Value, now.Milliseconds) > 0)
            {
                counters.Add(push.Push.Connector.Value, push.State, -1);
                counters.Add(push.Push.Connector.Value, to, 1);
                changed.Add(push);
            }
        }

        counters.Write(connection);
        return changed;
    }

    private static StoredPush? Find(PreparedConnection connection, PushId id)
    {
        using SqliteDataReader row = connection.Statement(One).Query(id.Value);
        return row.Read() ? Read(row) : null;
    }

    private static List<PushDecision> ReadDecisions(PreparedConnection connection, PushId id)
    {
        List<PushDecision> decisions = [];
        using SqliteDataReader row = connection.Statement(Decisions).Query(id.Value);
        while (row.Read())
        {
            decisions.Add(new(id, new(row.GetInt64(0)), (PolicyVerdict)row.GetInt32(1), row.GetString(2)));
        }

        return decisions;
    }

    private static StoredPush Read(SqliteDataReader row) =>
        PushRow.Of(
            PendingRow.Read(row),
            row.GetInt32(11),
            row.IsDBNull(12) ? null : row.GetInt64(12),
            row.IsDBNull(13) ? null : row.GetString(13),
            row.IsDBNull(14) ? null : row.GetString(14)
        );
}
