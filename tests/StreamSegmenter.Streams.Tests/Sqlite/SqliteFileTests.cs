using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Tests.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_writer_syncs_each_commit_to_the_write_ahead_log()
    {
        using SqliteFile file = SqliteFile.Take(_directory.File("a.db"));
        using PreparedConnection writer = file.OpenWriter(pageBytes: 4096);

        writer.Scalar("PRAGMA journal_mode").ShouldBe("wal");
        writer.Scalar("PRAGMA synchronous").ShouldBe(2L);
        writer.Scalar("PRAGMA foreign_keys").ShouldBe(1L);
        writer.Scalar("PRAGMA busy_timeout").ShouldBe(5_000L);
    }

    [Fact]
    public void A_setting_that_SQLite_does_not_keep_stops_the_opening()
    {
        using SqliteFile file = SqliteFile.Take(_directory.File("a.db"));
        using PreparedConnection writer = file.OpenWriter(pageBytes: 4096);

        // A page of three bytes: SQLite goes on with its own size and reports no error.
        SqliteFileException e = Should.Throw<SqliteFileException>(() => file.Require(writer, "page_size", "3"));
        e.Message.ShouldContain("needs page_size = 3, but SQLite keeps 4096");
    }

    [Fact]
    public void A_reader_cannot_write()
    {
        using SqliteFile file = SqliteFile.Take(_directory.File("a.db"));
        using PreparedConnection writer = file.OpenWriter(pageBytes: 4096);
        writer.Run("CREATE TABLE t (x)");
        using PreparedConnection reader = file.OpenReader();

        Should.Throw<Microsoft.Data.Sqlite.SqliteException>(() => reader.Run("INSERT INTO t VALUES (1)"));
    }

    [Fact]
    public void A_file_belongs_to_one_owner_until_it_lets_go()
    {
        string path = _directory.File("a.db");
        using (SqliteFile.Take(path))
        {
            SqliteFileException e = Should.Throw<SqliteFileException>(() => SqliteFile.Take(path));
            e.Message.ShouldStartWith(path);
            e.Message.ShouldContain("in use by another process");
        }

        SqliteFile.Take(path).Dispose();
    }
}
