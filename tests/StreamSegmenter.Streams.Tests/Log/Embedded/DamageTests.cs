using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

public sealed class DamageTests : IAsyncLifetime
{
    private static readonly long s_firstId = (long)EmbeddedLog.Partition.Value << 48;
    private readonly EmbeddedLog _embedded = new() { };

    public async Task InitializeAsync()
    {
        _embedded.Options = _embedded.Options with { CacheBytes = 0 };
        await _embedded.OpenAsync();
        for (int i = 0; i < 5; i++)
        {
            await _embedded.AppendAsync($"{i}");
        }

        await _embedded.CloseAsync();
    }

    public async Task DisposeAsync() => await _embedded.DisposeAsync();

    [Theory]
    [InlineData("UPDATE batch SET records = x'01' || randomblob(length(records) - 1) WHERE id = {0}")]
    [InlineData("UPDATE batch SET records = x'02' || substr(records, 2) WHERE id = {0}")]
    [InlineData("UPDATE batch SET records = x'' WHERE id = {0}")]
    [InlineData("UPDATE batch SET count = 2 WHERE id = {0}")]
    [InlineData("UPDATE batch SET log_time = log_time - 1 WHERE id = {0}")]
    [InlineData("UPDATE batch SET records = (SELECT records FROM batch WHERE id = {0} + 1) WHERE id = {0}")]
    public async Task A_damaged_batch_stops_the_reader_there(string damage)
    {
        long third = s_firstId + 2;
        _embedded.Run(damage.Replace("{0}", $"{third}", StringComparison.Ordinal));
        await _embedded.OpenAsync();

        (await _embedded.ReadAsync(from: 0, max: 2)).Records.Count.ShouldBe(2);
        LogCorruptException e = await Should.ThrowAsync<LogCorruptException>(() => _embedded.ReadAsync(from: 2));
        e.Partition.ShouldBe(EmbeddedLog.Partition);
        e.Position.ShouldBe(new LogPosition(2));
        e.Message.ShouldContain($"Partition {EmbeddedLog.Partition} is damaged at position 2");
        (await _embedded.ReadAsync(from: 3)).Records.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_batch_stops_the_reader_there()
    {
        _embedded.Run($"DELETE FROM batch WHERE id = {s_firstId + 2}");
        await _embedded.OpenAsync();

        LogCorruptException e = await Should.ThrowAsync<LogCorruptException>(() => _embedded.ReadAsync(from: 1));
        e.Position.ShouldBe(new LogPosition(2));
        await Should.ThrowAsync<LogCorruptException>(() => _embedded.ReadAsync(from: 2));
    }

    [Fact]
    public async Task Damage_in_the_newest_batch_is_found_at_the_opening()
    {
        _embedded.Run($"UPDATE batch SET log_time = log_time + 1 WHERE id = {s_firstId + 4}");

        (await Should.ThrowAsync<LogCorruptException>(_embedded.OpenAsync)).Position.ShouldBe(new LogPosition(4));
        (await Should.ThrowAsync<LogCorruptException>(_embedded.OpenAsync)).Position.ShouldBe(new LogPosition(4));
    }

    [Fact]
    public async Task A_file_of_something_else_is_refused_and_left_alone()
    {
        byte[] other = "not a database, but a letter to a friend that somebody put here by mistake"u8.ToArray();
        await File.WriteAllBytesAsync(_embedded.Path, other);

        SqliteFileException e = await Should.ThrowAsync<SqliteFileException>(_embedded.OpenAsync);
        e.Message.ShouldStartWith(_embedded.Path);
        (await File.ReadAllBytesAsync(_embedded.Path)).ShouldBe(other);
    }
}
