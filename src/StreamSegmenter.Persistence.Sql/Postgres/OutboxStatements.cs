using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// Writes the outbox, the decisions on its pushes and its counters. Updates touch pending rows alone and count what
/// they have changed, so it does no harm to send them twice, or late.
/// </summary>
internal static class OutboxStatements
{
    private const string Insert = """
        INSERT INTO outbox
            (id, connector, shard, sequence, customer, state, attempts, made_at, not_before, content)
        SELECT id, connector, $1, sequence, customer, 0, 0, made_at, made_at, content
        FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bytea[])
            AS push (id, connector, sequence, customer, made_at, content)
        """;

    private const string Counted = """
        ON CONFLICT (shard, connector, state) DO UPDATE SET pushes = counted.pushes + excluded.pushes
        """;

    private const string Count = $"""
        INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
        SELECT $1, connector, 0, pushes FROM unnest($2::bytea[], $3::bigint[]) AS added (connector, pushes)
        ORDER BY connector
        {Counted}
        """;

    private const string InsertMissing = $"""
        WITH added AS (
            {Insert}
            ON CONFLICT DO NOTHING
            RETURNING connector
        )
        INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
        SELECT $1, connector, 0, count(*) FROM added GROUP BY connector ORDER BY connector
        {Counted}
        """;

    private const string Postpone = """
        UPDATE outbox SET attempts = later.attempts, not_before = later.not_before, reason = later.reason,
            unknown_at = later.unknown_at
        FROM unnest($1::bytea[], $2::int[], $3::bigint[], $4::bytea[], $5::bigint[])
            AS later (id, attempts, not_before, reason, unknown_at)
        WHERE outbox.id = later.id AND outbox.state = 0
        """;

    private const string Start = """
        UPDATE outbox SET unknown_at = started.at
        FROM unnest($1::bytea[], $2::bigint[]) AS started (id, at)
        WHERE outbox.id = started.id AND outbox.state = 0 AND outbox.unknown_at IS NULL
        """;

    private const string Grant = """
        WITH granted AS (
            UPDATE outbox SET granted_at = grants.at, granted_for = grants.purpose,
                content = coalesce(grants.content, outbox.content)
            FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bytea[])
                AS grants (id, purpose, at, reason, content)
            WHERE outbox.id = grants.id AND outbox.state = 0 AND outbox.granted_at IS NULL
            RETURNING outbox.id, grants.at, grants.reason
        )
        INSERT INTO push_decision (push, at, verdict, reason) SELECT id, at, 1, reason FROM granted
        """;

    private const string Defer = """
        WITH deferred AS (
            UPDATE outbox SET not_before = waits.until, reason = waits.reason
            FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[]) AS waits (id, until, at, reason)
            WHERE outbox.id = waits.id AND outbox.state = 0 AND outbox.not_before <> waits.until
            RETURNING outbox.id, waits.at, waits.reason
        )
        INSERT INTO push_decision (push, at, verdict, reason) SELECT id, at, 2, reason FROM deferred
        """;

    // What policy ends keeps what is known of its attempts.
    private const string Settle = $"""
        WITH settled AS (
            UPDATE outbox SET state = done.state, settled_at = done.at,
                attempts = coalesce(done.attempts, outbox.attempts), reason = done.reason,
                unknown_at = CASE WHEN done.verdict IS NULL THEN done.unknown_at ELSE outbox.unknown_at END,
                merged_into = done.into_push
            FROM unnest($1::bytea[], $2::smallint[], $3::bigint[], $4::int[], $5::bytea[], $6::bigint[], $7::bytea[],
                $8::smallint[]) AS done (id, state, at, attempts, reason, unknown_at, into_push, verdict)
            WHERE outbox.id = done.id AND outbox.state = 0
            RETURNING outbox.id, outbox.shard, outbox.connector, outbox.state, done.at, done.verdict, done.reason
        ), decided AS (
            INSERT INTO push_decision (push, at, verdict, reason)
            SELECT id, at, verdict, reason FROM settled WHERE verdict IS NOT NULL
        )
        INSERT INTO outbox_count AS counted (shard, connector, state, pushes)
        SELECT shard, connector, state, count(*) FROM settled
        GROUP BY shard, connector, state ORDER BY shard, connector, state
        {Counted}
        """;

    /// <summary>Puts pushes in; refused if the id of any is there already.</summary>
    public static IEnumerable<Statement> AddNew(ShardId shard, IReadOnlyList<NewPush> pushes)
    {
        yield return new(Insert, Columns(shard, pushes));
        IGrouping<ConnectorName, NewPush>[] ofConnectors = [.. pushes.GroupBy(static push => push.Connector)];
        yield return new(
            Count,
            shard.Value,
            ofConnectors.Texts(static some => some.Key.Value),
            ofConnectors.Column(static some => some.LongCount())
        );
    }

    /// <summary>Puts pushes in; one whose id is there already is left as it is.</summary>
    public static Statement AddMissing(ShardId shard, IReadOnlyList<NewPush> pushes) =>
        new(InsertMissing, Columns(shard, pushes));

    /// <summary>Records what became of pushes.</summary>
    public static List<Statement> Update(IReadOnlyList<OutboxUpdate> updates)
    {
        List<Statement> statements = [];
        foreach (OutboxUpdate[] round in Rounds(updates))
        {
            AddAll<OutboxUpdate.Postponed>(round, PostponeAll);
            AddAll<OutboxUpdate.Started>(round, StartAll);
            AddAll<OutboxUpdate.Granted>(round, GrantAll);
            AddAll<OutboxUpdate.Deferred>(round, DeferAll);
            Settlement[] done =
            [
                .. round.Select(Settlement.Of).Where(static end => end is not null).Select(static end => end!.Value),
            ];
            if (done.Length > 0)
            {
                statements.Add(SettleAll(done));
            }
        }

        return statements;

        void AddAll<T>(OutboxUpdate[] round, Func<T[], Statement> statement)
            where T : OutboxUpdate
        {
            T[] some = [.. round.OfType<T>()];
            if (some.Length > 0)
            {
                statements.Add(statement(some));
            }
        }
    }

    private static List<object> Columns(ShardId shard, IReadOnlyList<NewPush> pushes) =>
        [
            shard.Value,
            pushes.Texts(static push => push.Id.Value),
            pushes.Texts(static push => push.Connector.Value),
            pushes.Column(static push => push.Sequence),
            pushes.Texts(static push => push.Customer.Value),
            pushes.Column(static push => push.MadeAt.Milliseconds),
            pushes.Column(static push => push.Content),
        ];

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
            later.Texts(static update => update.Reason),
            later.Column(static update => update.UnknownAt?.Milliseconds)
        );

    private static Statement StartAll(OutboxUpdate.Started[] started) =>
        new(
            Start,
            started.Texts(static update => update.Id.Value),
            started.Column(static update => update.At.Milliseconds)
        );

    private static Statement GrantAll(OutboxUpdate.Granted[] grants) =>
        new(
            Grant,
            grants.Texts(static update => update.Id.Value),
            grants.Texts(static update => update.Purpose),
            grants.Column(static update => update.At.Milliseconds),
            grants.Texts(static update => update.Reason),
            grants.Column(static update => update.Content?.ToArray())
        );

    private static Statement DeferAll(OutboxUpdate.Deferred[] waits) =>
        new(
            Defer,
            waits.Texts(static update => update.Id.Value),
            waits.Column(static update => update.Until.Milliseconds),
            waits.Column(static update => update.At.Milliseconds),
            waits.Texts(static update => update.Reason)
        );

    private static Statement SettleAll(Settlement[] done) =>
        new(
            Settle,
            done.Texts(static end => end.Id.Value),
            done.Column(static end => (short)end.State),
            done.Column(static end => end.At.Milliseconds),
            done.Column(static end => end.Attempts),
            done.Column(static end => OrNull(end.Reason)),
            done.Column(static end => end.UnknownAt?.Milliseconds),
            done.Column(static end => OrNull(end.Into?.Value)),
            done.Column(static end => (short?)end.Verdict)
        );

    private static byte[]? OrNull(string? text) => text is null ? null : StoredText.Encode(text);
}
