using SQLitePCL;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>SQLite as this process uses it.</summary>
internal static class SqliteLibrary
{
    // SQLite would lock the connection around every call and count every byte under a lock for all threads; no
    // connection here is used by two threads at once, and nobody asks for the count. It takes this before its first use
    // alone; a process that used it before, as a test may, goes on with the locks.
    static SqliteLibrary()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>Loads it, the first time. Thread-safe.</summary>
    public static void Load() { }
}
