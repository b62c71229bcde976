using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>Writes the outbox and its counters.</summary>
internal static class OutboxTables
{
    private const string Put = """
        INSERT INTO outbox
            (id, connector, shard, sequence, customer, state, attempts, made_at, not_before, content)
        VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?6, ?7)
        ON CONFLICT DO NOTHING
        """;

    private const string Postpone = """
        UPDATE outbox SET attempts = ?2, not_before = ?3, reason = ?4 WHERE id = ?1 AND state = 0
        """;

    private const string Settle = """
        UPDATE outbox SET state = ?2, settled_at = ?3, attempts = coalesce(?4, attempts), reason = ?5
        WHERE id = ?1 AND state = 0
        RETURNING connector
        """;

    private const string MoveCount = """
        INSERT INTO outbox_count (connector, state, pushes) VALUES (?1, ?2, ?3)
        ON CONFLICT (connector, state) DO UPDATE SET pushes = pushes + excluded.pushes
        """;

    private const int ContentsAtOnce = 1_000;

    private const string DropContents = """
        UPDATE outbox SET content = NULL, reason = NULL WHERE rowid IN (
            SELECT rowid FROM outbox WHERE state = 1 AND content IS NOT NULL AND settled_at < ?1 LIMIT ?2
        )
        """;

    /// <summary>Puts pushes in; one whose id is there already is left as it is.</summary>
    public static void Add(PreparedConnection connection, ShardId shard, IReadOnlyList<NewPush> pushes)
    {
        Counters counters = new();
        SqliteStatement put = connection.Statement(Put);
        foreach (NewPush push in pushes)
        {
            int added = put.Execute(
                push.Id.Value,
                push.Connector.Value,
                shard.Value,
                push.Sequence,
                push.Customer.Value,
                push.MadeAt.Milliseconds,
                push.Content
            );
            counters.Add(push.Connector.Value, OutboxState.Pending, added);
        }

        counters.Write(connection);
    }

    /// <summary>Records what became of pushes; one that is settled already stays as it is.</summary>
    public static void Update(PreparedConnection connection, IReadOnlyList<OutboxUpdate> updates)
    {
        Counters counters = new();
        foreach (OutboxUpdate update in updates)
        {
            string id = update.Id.Value;
            switch (update)
            {
                case OutboxUpdate.Delivered delivered:
                    Close(OutboxState.Delivered, id, delivered.At, attempts: null, reason: null);
                    break;
                case OutboxUpdate.Dead dead:
                    Close(OutboxState.Dead, id, dead.At, dead.Attempts, dead.Reason);
                    break;
                case OutboxUpdate.Postponed later:
                    connection
                        .Statement(Postpone)
                        .Execute(id, later.Attempts, later.NotBefore.Milliseconds, later.Reason);
                    break;
                default:
                    throw new ArgumentException($"Unknown update {update.GetType().Name}.", nameof(updates));
            }
        }

        counters.Write(connection);

        void Close(OutboxState state, string id, Timestamp at, int? attempts, string? reason)
        {
            using SqliteDataReader row = connection
                .Statement(Settle)
                .Query(id, (int)state, at.Milliseconds, attempts, reason);
            if (row.Read())
            {
                string connector = row.GetString(0);
                counters.Add(connector, OutboxState.Pending, -1);
                counters.Add(connector, state, 1);
            }
        }
    }

    /// <summary>Drops the content of some pushes delivered before an instant.</summary>
    public static ExpiryStep DropDeliveredContents(PreparedConnection connection, Timestamp before)
    {
        int dropped = connection.Statement(DropContents).Execute(before.Milliseconds, ContentsAtOnce);
        return new(dropped, HasMore: dropped == ContentsAtOnce);
    }

    /// <summary>What a transaction changes in the counts, written once at its end.</summary>
    private sealed class Counters
    {
        private readonly Dictionary<(string Connector, OutboxState State), long> _changes = [];

        public void Add(string connector, OutboxState state, long change) =>
            _changes[(connector, state)] = _changes.GetValueOrDefault((connector, state)) + change;

        public void Write(PreparedConnection connection)
        {
            foreach (((string connector, OutboxState state), long change) in _changes)
            {
                if (change != 0)
                {
                    connection.Statement(MoveCount).Execute(connector, (int)state, change);
                }
            }
        }
    }
}
