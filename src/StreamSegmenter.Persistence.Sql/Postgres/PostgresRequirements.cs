using System.Globalization;
using Npgsql;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// What a server must be and do so that what was acknowledged lasts. Each new connection is held to it.
/// </summary>
internal sealed class PostgresRequirements(bool allowWithoutFsync)
{
    private const int MinVersion = 13;

    private const string Ask = """
        SELECT current_setting('server_version_num')::int / 10000, pg_is_in_recovery(), current_setting('fsync'),
            current_setting('full_page_writes'), current_setting('synchronous_commit'),
            current_setting('transaction_isolation'), current_setting('transaction_read_only')
        """;

    /// <summary>What each connection asks for as it begins.</summary>
    public static readonly IReadOnlyList<string> SessionSettings =
    [
        "-c synchronous_commit=on",
        @"-c default_transaction_isolation=read\ committed",
        "-c default_transaction_read_only=off",
    ];

    /// <exception cref="PostgresStoreException">The server does not meet one of them.</exception>
    public async Task CheckAsync(NpgsqlConnection connection)
    {
        string place = $"PostgreSQL {connection.Host}:{connection.Port.ToString(CultureInfo.InvariantCulture)}";
        await using NpgsqlCommand command = new(Ask, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        if (Fault(row) is { } fault)
        {
            throw new PostgresStoreException(place, fault);
        }
    }

    private string? Fault(NpgsqlDataReader row)
    {
        if (row.GetInt32(0) < MinVersion)
        {
            return $"is version {row.GetInt32(0)}; {MinVersion} or later is needed.";
        }

        if (row.GetBoolean(1))
        {
            return "is a standby, which cannot be written. Give the address of the primary, or name all hosts.";
        }

        if (!allowWithoutFsync && row.GetString(2) != "on")
        {
            return "runs with fsync = off and loses what it acknowledged when its machine dies. "
                + "Set fsync = on in postgresql.conf and restart it.";
        }

        if (row.GetString(3) != "on")
        {
            return "runs with full_page_writes = off and may be torn when its machine dies. "
                + "Set full_page_writes = on in postgresql.conf and reload it.";
        }

        // These were asked for as the connection began. A connection pool in between may have dropped them.
        (string Setting, string Wanted, string Actual)[] session =
        [
            ("synchronous_commit", "on", row.GetString(4)),
            ("transaction_isolation", "read committed", row.GetString(5)),
            ("transaction_read_only", "off", row.GetString(6)),
        ];
        return session
            .Where(setting => setting.Actual != setting.Wanted)
            .Select(setting =>
                $"needs {setting.Setting} = {setting.Wanted}, but keeps {setting.Actual}. Connect without a pooler "
                + "that drops connection options, or set it for the user with ALTER ROLE."
            )
            .FirstOrDefault();
    }
}
