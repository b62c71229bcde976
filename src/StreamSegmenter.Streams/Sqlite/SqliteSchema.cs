using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>
/// What a kind of file is made of: scripts embedded as <c>0001_name.sql</c>, <c>0002_name.sql</c>, ... each of which
/// lifts the file by one version, in a transaction of its own.
/// </summary>
/// <param name="kind">For people, with its article, e.g. <c>a state store</c>.</param>
/// <param name="applicationId">Marks the file as one of this kind.</param>
internal sealed class SqliteSchema(string kind, int applicationId, IReadOnlyList<string> scripts)
{
    public int Version => scripts.Count;

    /// <summary>The scripts among the assembly's resources whose name starts with <paramref name="prefix"/>.</summary>
    public static SqliteSchema FromResources(string kind, int applicationId, Assembly assembly, string prefix) =>
        new(kind, applicationId, SchemaScripts.Read(assembly, prefix));

    /// <summary>Creates the tables in an empty file, or lifts an older one to this version.</summary>
    /// <exception cref="SqliteFileException">The file is of another kind, or was written by a newer
    /// program.</exception>
    public void Apply(PreparedConnection connection, string path, TimeProvider time)
    {
        try
        {
            int version = ReadVersion(connection, path);
            for (int next = version + 1; next <= Version; next++)
            {
                Lift(connection, next, time);
            }
        }
        catch (SqliteException e)
        {
            throw new SqliteFileException(path, $"cannot be used as {kind}: {e.Message}", e);
        }
    }

    private void Lift(PreparedConnection connection, int version, TimeProvider time)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            connection.Run(scripts[version - 1]);
            connection
                .Statement("INSERT INTO schema_version (version, applied_at) VALUES (?1, ?2)")
                .Execute(version, Timestamp.From(time.GetUtcNow()).Milliseconds);
            connection.Run("COMMIT");
        }
        catch
        {
            if (!connection.IsIdle)
            {
                connection.Run("ROLLBACK");
            }

            throw;
        }
    }

    private int ReadVersion(PreparedConnection connection, string path)
    {
        bool empty = Number(connection.Scalar("SELECT count(*) FROM sqlite_master")) == 0;
        if (empty)
        {
            connection.Run($"PRAGMA application_id = {applicationId.ToString(CultureInfo.InvariantCulture)}");
            connection.Run("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)");
            return 0;
        }

        if (Number(connection.Scalar("PRAGMA application_id")) != applicationId)
        {
            throw new SqliteFileException(path, $"not {kind}. Give another directory, or move the file away.");
        }

        int version = (int)Number(connection.Scalar("SELECT coalesce(max(version), 0) FROM schema_version"));
        return version <= Version
            ? version
            : throw new SqliteFileException(
                path,
                $"{kind} of version {version}, but this program knows versions up to {Version}. "
                    + "Run the newer program, or restore a backup made before the upgrade."
            );
    }

    private static long Number(object? scalar) => Convert.ToInt64(scalar, CultureInfo.InvariantCulture);
}
