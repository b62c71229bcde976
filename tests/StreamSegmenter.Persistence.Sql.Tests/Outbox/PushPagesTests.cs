using Microsoft.Data.Sqlite;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Persistence.Sql.Outbox;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Persistence.Sql.Tests.Postgres;
using StreamSegmenter.Persistence.Sql.Tests.Sqlite;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;

namespace StreamSegmenter.Persistence.Sql.Tests.Outbox;

/// <summary>
/// A page of pushes costs no look through the whole outbox: the databases answer it from an index, and in its order.
/// </summary>
public sealed class PushPagesTests
{
    public static TheoryData<PushRange, string> Ranges =>
        new()
        {
            { new PushRange.Waiting(Connector: null), "outbox_pending" },
            { new PushRange.Waiting(new ConnectorName("mail")), "outbox_pending" },
            { new PushRange.WaitingOf(new("u7")), "outbox_waiting" },
            { new PushRange.Undecided(PushState.Held), "outbox_undecided" },
            { new PushRange.Over(), "outbox_over" },
            { new PushRange.UnsentOf(new("u7")), "outbox_unsent" },
        };

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task SQLite_answers_it_from_an_index(PushRange range, string index)
    {
        await using StateFile file = new();
        await file.OpenAsync();
        await using SqliteConnection connection = file.Connect();
        await using SqliteCommand command = connection.CreateCommand();
        (string sql, IReadOnlyList<object> values) = new PushPages("*", '?').Read(range, after: null, 50);
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        for (int i = 0; i < values.Count; i++)
        {
            command.Parameters.AddWithValue($"?{i + 1}", values[i]);
        }

        List<string> plan = [];
        await using SqliteDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            plan.Add(row.GetString(3));
        }

        plan[0].ShouldStartWith($"SEARCH outbox USING INDEX {index} (");
        if (range is not PushRange.UnsentOf)
        {
            // Rows that ended at one instant are all that may have to be sorted.
            plan.Skip(1).ShouldAllBe(step => step == "USE TEMP B-TREE FOR LAST TERM OF ORDER BY");
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task PostgreSQL_answers_it_from_an_index(PushRange range, string index)
    {
        PostgresSchemaOfTest schema = await PostgresSchemaOfTest.CreateAsync();
        await using PostgresStateStore store = await PostgresStateStore.OpenAsync(
            schema.Options,
            new FakeTimeProvider()
        );
        await schema.RunAsync(
            """
            INSERT INTO shard SELECT n, 1, 'me', 0, 0, '', 0, 0 FROM generate_series(0, 3) AS n
            """
        );
        await schema.RunAsync(
            """
            INSERT INTO outbox
                (id, connector, shard, sequence, customer, state, attempts, made_at, not_before, settled_at, content)
            SELECT n::text::bytea, 'mail', n % 4, n, ('u' || n % 5000)::bytea, n % 8, 1, n, n,
                CASE WHEN n % 8 > 0 THEN n / 100 END, 'content'
            FROM generate_series(1, 40000) AS n
            """
        );
        await schema.RunAsync("ANALYZE outbox");
        (string sql, IReadOnlyList<object> values) = new PushPages("*", '$').Read(range, after: null, 50);
        for (int i = values.Count; i > 0; i--)
        {
            object value = values[i - 1];
            sql = sql.Replace($"${i}", value is string text ? $"'{text}'::bytea" : $"'{value}'::bigint");
        }

        string plan = (string)(await schema.RunAsync($"EXPLAIN (FORMAT JSON) {sql}"))!;

        plan.ShouldContain($"\"Index Name\": \"{index}\"");
        plan.ShouldNotContain("Seq Scan");
        if (range is not PushRange.UnsentOf)
        {
            plan.ShouldNotContain("\"Sort\"");
            plan.ShouldNotContain("Bitmap");
        }
    }
}
