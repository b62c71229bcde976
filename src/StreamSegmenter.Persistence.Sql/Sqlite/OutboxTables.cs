using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>Writes the outbox, the decisions on its pushes and its counters.</summary>
internal static class OutboxTables
{
    private const string Put = """
        INSERT INTO outbox
            (id, connector, shard, sequence, customer, state, attempts, made_at, not_before, content)
        VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?6, ?7)
        ON CONFLICT DO NOTHING
        """;

    private const string Postpone = """
        UPDATE outbox SET attempts = ?2, not_before = ?3, reason = ?4, unknown_at = ?5 WHERE id = ?1 AND state = 0
        """;

    private const string Start = """
        UPDATE outbox SET unknown_at = ?2 WHERE id = ?1 AND state = 0 AND unknown_at IS NULL
        """;

    private const string Grant = """
        UPDATE outbox SET granted_at = ?2, granted_for = ?3, content = coalesce(?4, content)
        WHERE id = ?1 AND state = 0 AND granted_at IS NULL
        """;

    private const string Defer = """
        UPDATE outbox SET not_before = ?2, reason = ?3 WHERE id = ?1 AND state = 0 AND not_before <> ?2
        """;

    // What policy ends keeps what is known of its attempts.
    private const string Settle = """
        UPDATE outbox SET state = ?2, settled_at = ?3, attempts = coalesce(?4, attempts), reason = ?5,
            unknown_at = CASE WHEN ?8 THEN unknown_at ELSE ?6 END, merged_into = ?7
        WHERE id = ?1 AND state = 0
        RETURNING connector
        """;

    private const string PutDecision = "INSERT INTO push_decision (push, at, verdict, reason) VALUES (?1, ?2, ?3, ?4)";

    private const int RowsAtOnce = 1_000;

    private const string DropContents = """
        UPDATE outbox SET content = NULL, reason = NULL WHERE rowid IN (
            SELECT rowid FROM outbox
            WHERE state IN (1, 3, 4, 7) AND content IS NOT NULL AND settled_at < ?1 LIMIT ?2
        )
        """;

    // They are stored in about the order of their times: what is not among the oldest rows waits for another time.
    private const string DropDecisions = """
        DELETE FROM push_decision
        WHERE id IN (SELECT id FROM push_decision ORDER BY id LIMIT ?2) AND at < ?1
        """;

    /// <summary>Puts pushes in; one whose id is there already is left as it is.</summary>
    public static void Add(PreparedConnection connection, ShardId shard, IReadOnlyList<NewPush> pushes)
    {
        OutboxCounters counters = new();
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
            counters.Add(push.Connector.Value, PushState.Pending, added);
        }

        counters.Write(connection);
    }

    /// <summary>Records what became of pushes; one that is settled already stays as it is.</summary>
    public static void Update(PreparedConnection connection, IReadOnlyList<OutboxUpdate> updates)
    {
        OutboxCounters counters = new();
        foreach (OutboxUpdate update in updates)
        {
            if (Settlement.Of(update) is { } settlement)
            {
                Close(connection, settlement, counters);
            }
            else
            {
                Change(connection, update);
            }
        }

        counters.Write(connection);
    }

    /// <summary>Drops the content of some pushes that were over before an instant.</summary>
    public static ExpiryStep DropOldContents(PreparedConnection connection, Timestamp before)
    {
        int dropped = connection.Statement(DropContents).Execute(before.Milliseconds, RowsAtOnce);
        return new(dropped, HasMore: dropped == RowsAtOnce);
    }

    /// <summary>Drops some decisions from before an instant.</summary>
    public static ExpiryStep DropOldDecisions(PreparedConnection connection, Timestamp before)
    {
        int dropped = connection.Statement(DropDecisions).Execute(before.Milliseconds, RowsAtOnce);
        return new(dropped, HasMore: dropped == RowsAtOnce);
    }

    private static void Close(PreparedConnection connection, Settlement end, OutboxCounters counters)
    {
        string? connector = null;
        using (
            SqliteDataReader row = connection
                .Statement(Settle)
                .Query(
                    end.Id.Value,
                    (int)end.State,
                    end.At.Milliseconds,
                    end.Attempts,
                    end.Reason,
                    end.UnknownAt?.Milliseconds,
                    end.Into?.Value,
                    end.Verdict is null ? 0 : 1
                )
        )
        {
            connector = row.Read() ? row.GetString(0) : null;
        }

        if (connector is null)
        {
            return;
        }

        counters.Add(connector, PushState.Pending, -1);
        counters.Add(connector, end.State, 1);
        if (end.Verdict is { } verdict)
        {
            Note(connection, end.Id, end.At, verdict, end.Reason!);
        }
    }

    private static void Change(PreparedConnection connection, OutboxUpdate update)
    {
        string id = update.Id.Value;
        switch (update)
        {
            case OutboxUpdate.Postponed later:
                connection
                    .Statement(Postpone)
                    .Execute(
                        id,
                        later.Attempts,
                        later.NotBefore.Milliseconds,
                        later.Reason,
                        later.UnknownAt?.Milliseconds
                    );
                break;
            case OutboxUpdate.Started started:
                connection.Statement(Start).Execute(id, started.At.Milliseconds);
                break;
            case OutboxUpdate.Granted grant:
                SqliteInput content = grant.Content is { } merged ? merged : default(SqliteInput);
                if (connection.Statement(Grant).Execute(id, grant.At.Milliseconds, grant.Purpose, content) > 0)
                {
                    Note(connection, grant.Id, grant.At, PolicyVerdict.Send, grant.Reason);
                }

                break;
            case OutboxUpdate.Deferred wait:
                if (connection.Statement(Defer).Execute(id, wait.Until.Milliseconds, wait.Reason) > 0)
                {
                    Note(connection, wait.Id, wait.At, PolicyVerdict.Wait, wait.Reason);
                }

                break;
            default:
                throw new ArgumentException($"Unknown update {update.GetType().Name}.", nameof(update));
        }
    }

    private static void Note(
        PreparedConnection connection,
        PushId push,
        Timestamp at,
        PolicyVerdict verdict,
        string reason
    ) => connection.Statement(PutDecision).Execute(push.Value, at.Milliseconds, (int)verdict, reason);
}
