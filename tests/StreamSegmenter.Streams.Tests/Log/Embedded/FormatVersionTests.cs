using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

/// <summary>What an older program wrote stays readable, and what a newer one wrote is left alone.</summary>
public sealed class FormatVersionTests : IAsyncLifetime
{
    private readonly EmbeddedLog _embedded = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _embedded.DisposeAsync();

    [Fact]
    public async Task A_log_of_version_1_is_read_and_continued()
    {
        string fixture = Path.Combine(AppContext.BaseDirectory, "Log", "Embedded", "Fixtures", "log-v1.sql");
        _embedded.Run(await File.ReadAllTextAsync(fixture));
        await _embedded.OpenAsync();

        LogBatch first = await _embedded.Log.ReadAsync(new(0), default, 100, TimeSpan.Zero, default);
        first
            .Records.Select(record => (record.Position.Value, record.LogTime.Milliseconds, record.Customer.Value))
            .ShouldBe([(0, 1577836800000, "u1"), (1, 1577836800000, "日本"), (2, 1577836801000, "u1")]);
        Encoding.UTF8.GetString(first.Records[0].Payload.Span).ShouldBe("{\"event\":\"a\"}");
        first.Records[1].Payload.Length.ShouldBe(0);
        first.Records[2].Payload.Length.ShouldBe(212);

        LogBatch second = await _embedded.Log.ReadAsync(new(1), new(7), 100, TimeSpan.Zero, default);
        second
            .Records.Select(record => Encoding.UTF8.GetString(record.Payload.Span))
            .ShouldBe(["{\"event\":\"b\"}", "{\"event\":\"c\"}"]);
        second.Next.ShouldBe(new LogPosition(9));
        (await _embedded.Log.GetRangeAsync(new(1), default)).Earliest.ShouldBe(new LogPosition(7));

        // The clock that version 1 had promised to readers is ahead of this test's.
        await _embedded.AppendAsync("next");
        LogRange range = await _embedded.Log.GetRangeAsync(EmbeddedLog.Partition, default);
        LogBatch next = await _embedded.ReadAsync(range.End.Value - 1);
        next.Records.ShouldHaveSingleItem().LogTime.ShouldBe(new Timestamp(1577836802000));
    }

    [Fact]
    public async Task A_log_of_a_newer_program_is_refused()
    {
        await _embedded.OpenAsync();
        await _embedded.CloseAsync();
        _embedded.Run("INSERT INTO schema_version VALUES (99, 0)");

        SqliteFileException e = await Should.ThrowAsync<SqliteFileException>(_embedded.OpenAsync);
        e.Message.ShouldContain("an event log of version 99");
    }
}
