using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Tests.Sqlite;

public sealed class SqliteSchemaTests : IDisposable
{
    private const int Id = 77;
    private const string First = "CREATE TABLE t (x)";
    private const string Second = "ALTER TABLE t ADD COLUMN y";

    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteFile _file;
    private readonly PreparedConnection _writer;

    public SqliteSchemaTests()
    {
        _file = SqliteFile.Take(_directory.File("a.db"));
        _writer = _file.OpenWriter(pageBytes: 4096);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void An_empty_file_gets_every_version_in_order()
    {
        Apply(new("a thing", Id, [First, Second]));

        _writer.Run("INSERT INTO t (x, y) VALUES (1, 2)");
        _writer.Scalar("SELECT max(version) FROM schema_version").ShouldBe(2L);
    }

    [Fact]
    public void An_older_file_keeps_its_rows_and_gets_what_is_missing()
    {
        Apply(new("a thing", Id, [First]));
        _writer.Run("INSERT INTO t (x) VALUES (1)");
        Apply(new("a thing", Id, [First, Second]));
        Apply(new("a thing", Id, [First, Second]));

        _writer.Scalar("SELECT count(*) FROM t WHERE x = 1 AND y IS NULL").ShouldBe(1L);
        _writer.Scalar("SELECT count(*) FROM schema_version").ShouldBe(2L);
    }

    [Fact]
    public void A_newer_file_is_refused()
    {
        Apply(new("a thing", Id, [First, Second]));

        SqliteFileException e = Should.Throw<SqliteFileException>(() => Apply(new("a thing", Id, [First])));
        e.Message.ShouldContain("a thing of version 2, but this program knows versions up to 1");
        e.Message.ShouldContain("Run the newer program");
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_and_left_alone()
    {
        Apply(new("a thing", Id, [First]));

        SqliteFileException e = Should.Throw<SqliteFileException>(() => Apply(new("another", Id + 1, [Second])));
        e.Message.ShouldContain("not another");
        _writer.Scalar("PRAGMA application_id").ShouldBe((long)Id);
    }

    [Fact]
    public void A_script_that_fails_changes_nothing()
    {
        Apply(new("a thing", Id, [First]));
        SqliteSchema broken = new("a thing", Id, [First, "CREATE TABLE u (x); CREATE TABLE u (x)"]);

        Should.Throw<SqliteFileException>(() => Apply(broken));

        _writer.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'u'").ShouldBe(0L);
        _writer.Scalar("SELECT max(version) FROM schema_version").ShouldBe(1L);
    }

    private void Apply(SqliteSchema schema) => schema.Apply(_writer, _file.Path, new FakeTimeProvider());
}
