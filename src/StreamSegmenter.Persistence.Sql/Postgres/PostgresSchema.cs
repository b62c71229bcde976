using Npgsql;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>Makes the tables, or lifts those of an older program, one node at a time.</summary>
internal static class PostgresSchema
{
    // Tells our locks from those of other programs in the same database. Each schema has one.
    private const int LockClass = 0x53535331; // "SSS1"

    private static readonly IReadOnlyList<string> s_scripts = SchemaScripts.Read(
        typeof(PostgresSchema).Assembly,
        "StreamSegmenter.Persistence.Sql.Postgres.Migrations."
    );

    /// <summary>Lifts the schema if that is needed; tells the number of this opening of the store.</summary>
    /// <exception cref="PostgresStoreException">A newer program has made it.</exception>
    public static async Task<long> OpenAsync(
        NpgsqlConnection connection,
        string schema,
        string place,
        Timestamp now,
        CancellationToken cancellationToken
    )
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, "SELECT pg_advisory_xact_lock($1, hashtext($2))", LockClass, schema);
        await CreateAsync(connection, schema);
        int version = (int)await RunAsync(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
        if (version > s_scripts.Count)
        {
            throw new PostgresStoreException(
                place,
                $"a state store of version {version}, but this program knows versions up to {s_scripts.Count}. "
                    + "Run the newer program, or restore a backup made before the upgrade."
            );
        }

        for (int next = version + 1; next <= s_scripts.Count; next++)
        {
            await RunAsync(connection, s_scripts[next - 1]);
            await RunAsync(connection, "INSERT INTO schema_version VALUES ($1, $2)", next, now.Milliseconds);
        }

        long opening = await RunAsync(
            connection,
            "INSERT INTO opening (opened_at) VALUES ($1) RETURNING id",
            now.Milliseconds
        );
        await transaction.CommitAsync(cancellationToken);
        return opening;
    }

    // The right to create schemas is asked for where there is none yet alone.
    private static async Task CreateAsync(NpgsqlConnection connection, string schema)
    {
        if (await RunAsync(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = $1", schema) == 0)
        {
            await RunAsync(connection, $"CREATE SCHEMA {schema}");
        }

        const string Existing = "SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename = 'schema_version'";
        if (await RunAsync(connection, Existing, schema) == 0)
        {
            await RunAsync(
                connection,
                "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL)"
            );
        }
    }

    /// <summary>Runs something that may take its time; tells the number that it returns, if any.</summary>
    private static async Task<long> RunAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // scripts of this assembly, and the name of a schema, which is letters and digits
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        object? answer = await command.ExecuteScalarAsync(CancellationToken.None);
        return answer is int or long ? Convert.ToInt64(answer, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }
}
