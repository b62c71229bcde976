using System.Globalization;
using System.Text;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>
/// Keeps a database file to one process: an operating-system lock on a file next to it, held for life. The system frees
/// it when the process ends, however it ends; the file itself stays and means nothing.
/// </summary>
internal sealed class SqliteFileLock : IDisposable
{
    private readonly FileStream _held;

    private SqliteFileLock(FileStream held) => _held = held;

    /// <summary>Locks the database for this process.</summary>
    /// <exception cref="SqliteFileException">Another process holds the lock.</exception>
    public static SqliteFileLock Take(string databasePath)
    {
        string lockPath = databasePath + ".lock";
        FileStream held;
        try
        {
            held = new(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(lockPath))
        {
            throw new SqliteFileException(
                databasePath,
                $"in use by another process, whose id {lockPath} holds. Stop that one, or give this one a directory of "
                    + "its own.",
                e
            );
        }

        // For people who look for the holder; nobody decides anything by it.
        held.SetLength(0);
        held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        held.Flush();
        return new(held);
    }

    public void Dispose() => _held.Dispose();
}
