using Npgsql;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>What the errors of server and network mean.</summary>
internal static class PostgresFaults
{
    /// <summary>The codes with which a commit is refused; see <c>refuse_commit</c>.</summary>
    private const string NotOwned = "SS001";
    private const string ThereAlready = "SS002";

    /// <summary>What a commit came to that the server refused; null for another error.</summary>
    public static CommitResult? Refusal(Exception e) =>
        e is not PostgresException refused ? null
        : refused.SqlState == NotOwned ? CommitResult.Fenced
        : refused.SqlState == ThereAlready ? CommitResult.Committed
        : null;

    /// <summary>Whether something was to be added that is there.</summary>
    public static bool IsThereAlready(Exception? e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsTransient(Exception e) =>
        e switch
        {
            PostgresException answer => IsTransient(answer.SqlState),
            // A server that is no primary any more, or not yet: another one will take its place.
            PostgresStoreException => true,
            NpgsqlException => true,
            // A connection that broke while a value was read.
            TimeoutException or EndOfStreamException or ObjectDisposedException { ObjectName: "NpgsqlConnection" } =>
                true,
            _ => false,
        };

    // Classes: connection, rolled back in favour of another, resources, operator, system; and a server that became a
    // standby under an open connection.
    private static bool IsTransient(string sqlState) =>
        sqlState is "25006" || sqlState[..2] is "08" or "40" or "53" or "57" or "58";
}
