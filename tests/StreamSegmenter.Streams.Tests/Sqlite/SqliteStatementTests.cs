using Microsoft.Data.Sqlite;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Tests.Sqlite;

public sealed class SqliteStatementTests : IDisposable
{
    private const string Insert = "INSERT INTO t (value) VALUES (?1)";

    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteFile _file;
    private readonly PreparedConnection _writer;

    public SqliteStatementTests()
    {
        _file = SqliteFile.Take(_directory.File("a.db"));
        _writer = _file.OpenWriter(pageBytes: 4096);
        _writer.Run("CREATE TABLE t (id INTEGER PRIMARY KEY, value UNIQUE)");
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("no\0end")]
    [InlineData("\u00e4\u20ac\ud83d\ude00")]
    public void Text_comes_back_as_it_was(string text)
    {
        _writer.Statement(Insert).Execute(text);
        _writer.Statement(Insert).Execute(text + new string('\u20ac', 10_000));

        Values().ShouldBe([text, text + new string('\u20ac', 10_000)]);
    }

    [Fact]
    public void Bytes_come_back_as_they_were()
    {
        byte[] whole = [1, 2, 3, 0, 5];
        _writer.Statement(Insert).Execute(whole);
        _writer.Statement(Insert).Execute(ReadOnlyMemory<byte>.Empty);
        _writer.Statement(Insert).Execute(new ReadOnlyMemory<byte>(whole, 1, 3));

        Values().ShouldBe([whole, Array.Empty<byte>(), new byte[] { 2, 3, 0 }]);
    }

    [Fact]
    public void Numbers_and_nothing_come_back_as_they_were()
    {
        _writer.Statement(Insert).Execute(long.MinValue);
        _writer.Statement(Insert).Execute(7);
        _writer.Statement(Insert).Execute((long?)8);
        _writer.Statement(Insert).Execute((long?)null);
        _writer.Statement(Insert).Execute((string?)null);

        Values().ShouldBe([long.MinValue, 7L, 8L, DBNull.Value, DBNull.Value]);
    }

    [Fact]
    public void A_statement_tells_how_many_rows_it_changed()
    {
        _writer.Statement(Insert).Execute(1).ShouldBe(1);
        _writer.Statement(Insert).Execute(2).ShouldBe(1);
        _writer.Statement(Insert + " ON CONFLICT DO NOTHING").Execute(2).ShouldBe(0);
        _writer.Statement("UPDATE t SET value = value + 10").Execute().ShouldBe(2);
        _writer.Statement("UPDATE t SET value = 0 WHERE value = ?1").Execute(99).ShouldBe(0);
    }

    [Fact]
    public void A_statement_that_failed_says_why_and_can_run_again()
    {
        _writer.Statement(Insert).Execute("a");
        Should
            .Throw<SqliteException>(() => _writer.Statement(Insert).Execute("a"))
            .Message.ShouldContain("UNIQUE constraint failed: t.value");
        _writer.Statement(Insert).Execute("b").ShouldBe(1);

        Values().ShouldBe(["a", "b"]);
    }

    [Fact]
    public void A_query_takes_the_same_values()
    {
        _writer.Statement(Insert).Execute(new byte[] { 1, 2 });
        using SqliteDataReader row = _writer
            .Statement("SELECT ?1, ?2, ?3 FROM t WHERE value = ?4")
            .Query("a", 7, (string?)null, new byte[] { 1, 2 });

        row.Read().ShouldBeTrue();
        (row.GetString(0), row.GetInt64(1), row.IsDBNull(2)).ShouldBe(("a", 7L, true));
    }

    private List<object> Values()
    {
        List<object> values = [];
        using SqliteDataReader row = _writer.Statement("SELECT value FROM t ORDER BY id").Query();
        while (row.Read())
        {
            values.Add(row.GetValue(0));
        }

        return values;
    }
}
