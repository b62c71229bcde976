using System.Globalization;
using Microsoft.Data.Sqlite;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>
/// A database file of this process alone. Every connection it opens has the durability that the engine promises, read
/// back and checked: write-ahead log, a sync of it at each commit.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const int BusyTimeoutMilliseconds = 5_000;
    private const int WalBytesKept = 64 << 20;
    private const int CacheKibibytes = 64 << 10;

    // Copying the write-ahead log into the file costs a seek a page: worth gathering more changes of one page first.
    private const int WalBytesBeforeCopying = 32 << 20;

    // SQLite's locks and shared memory do not hold between machines.
    private static readonly HashSet<string> s_networkFileSystems = new(StringComparer.OrdinalIgnoreCase)
    {
        "afs",
        "cifs",
        "nfs",
        "nfs4",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
    };

    private readonly SqliteFileLock _lock;

    private SqliteFile(string path, SqliteFileLock fileLock)
    {
        Path = path;
        _lock = fileLock;
    }

    public string Path { get; }

    /// <summary>Takes the file, creating its directory when there is none.</summary>
    /// <exception cref="SqliteFileException">Another process has it, or it lies on a network file system.</exception>
    public static SqliteFile Take(string path)
    {
        SqliteLibrary.Load();
        path = System.IO.Path.GetFullPath(path);
        string directory = System.IO.Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        if (s_networkFileSystems.Contains(new DriveInfo(directory).DriveFormat))
        {
            throw new SqliteFileException(
                path,
                "on a network file system, where SQLite cannot lock safely. Give a directory on a local disk."
            );
        }

        return new(path, SqliteFileLock.Take(path));
    }

    /// <summary>The connection that writes; there is to be one.</summary>
    /// <param name="pageBytes">Of a new file; one that exists keeps what it was made with.</param>
    public PreparedConnection OpenWriter(int pageBytes)
    {
        PreparedConnection connection = Open();
        try
        {
            connection.Run($"PRAGMA page_size = {pageBytes}");
            Require(connection, "journal_mode", "wal");
            Require(connection, "synchronous", "2", "FULL");
            Require(connection, "foreign_keys", "1", "ON");
            connection.Run($"PRAGMA journal_size_limit = {WalBytesKept}");
            connection.Run($"PRAGMA wal_autocheckpoint = {WalBytesBeforeCopying / PageBytes(connection)}");
            connection.Run($"PRAGMA cache_size = -{CacheKibibytes}");

            // Only macOS knows these; its plain fsync leaves data in the drive's cache.
            connection.Run("PRAGMA fullfsync = ON");
            connection.Run("PRAGMA checkpoint_fullfsync = ON");
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Unusable(e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that cannot write.</summary>
    public PreparedConnection OpenReader()
    {
        PreparedConnection connection = Open();
        connection.Run("PRAGMA query_only = ON");
        return connection;
    }

    public void Dispose() => _lock.Dispose();

    private PreparedConnection Open()
    {
        SqliteConnectionStringBuilder builder = new() { DataSource = Path, Pooling = false };
        PreparedConnection connection = new(new SqliteConnection(builder.ConnectionString));
        try
        {
            connection.Open();
            string timeout = BusyTimeoutMilliseconds.ToString(CultureInfo.InvariantCulture);
            Require(connection, "busy_timeout", timeout);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Unusable(e);
        }
    }

    private static long PageBytes(PreparedConnection connection) => (long)connection.Scalar("PRAGMA page_size")!;

    private SqliteFileException Unusable(SqliteException e) =>
        new(
            Path,
            $"cannot be opened as a SQLite database: {e.Message} Restore it from a backup, or give another directory.",
            e
        );

    /// <summary>Sets a setting and reads it back, because SQLite keeps quiet about those that it cannot keep.</summary>
    internal void Require(PreparedConnection connection, string setting, string expected, string? spelled = null)
    {
        string wanted = spelled ?? expected;
        connection.Run($"PRAGMA {setting} = {wanted}");
        string? actual = Convert.ToString(connection.Scalar($"PRAGMA {setting}"), CultureInfo.InvariantCulture);
        if (actual != expected)
        {
            throw new SqliteFileException(
                Path,
                $"needs {setting} = {wanted}, but SQLite keeps {actual}. The file system may not support it; "
                    + "give a directory on a local disk."
            );
        }
    }
}
