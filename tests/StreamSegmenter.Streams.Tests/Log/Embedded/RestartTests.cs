using System.Text;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

public sealed class RestartTests : IAsyncLifetime
{
    private readonly EmbeddedLog _embedded = new();

    public Task InitializeAsync() => _embedded.OpenAsync();

    public async Task DisposeAsync() => await _embedded.DisposeAsync();

    [Fact]
    public async Task Records_and_positions_are_there_after_a_restart()
    {
        await _embedded.AppendAsync("1");
        await _embedded.AppendAsync("2");
        await RestartAsync();
        await _embedded.AppendAsync("3");

        LogBatch batch = await _embedded.ReadAsync();
        batch.Records.Select(record => Encoding.UTF8.GetString(record.Payload.Span)).ShouldBe(["1", "2", "3"]);
        batch.Next.ShouldBe(new LogPosition(3));
    }

    [Fact]
    public async Task Log_time_does_not_go_back_with_the_clock_over_a_restart()
    {
        await _embedded.AppendAsync();
        Timestamp before = (await _embedded.ReadAsync()).Records[0].LogTime;
        await _embedded.CloseAsync();
        _embedded.Time.SetBack(TimeSpan.FromDays(1));
        await _embedded.OpenAsync();
        await _embedded.AppendAsync();

        (await _embedded.ReadAsync()).Records[1].LogTime.ShouldBe(before);
    }

    [Fact]
    public async Task A_promised_clock_holds_over_a_restart()
    {
        _embedded.Time.Advance(TimeSpan.FromHours(5));
        Timestamp promised = (await _embedded.ReadAsync()).Clock!.Value;
        await _embedded.CloseAsync();
        _embedded.Time.SetBack(TimeSpan.FromDays(1));
        await _embedded.OpenAsync();
        await _embedded.AppendAsync();

        (await _embedded.ReadAsync()).Records[0].LogTime.ShouldBe(promised);
    }

    [Fact]
    public async Task A_promised_clock_holds_over_a_crash()
    {
        _embedded.Time.Advance(TimeSpan.FromHours(5));
        Timestamp promised = (await _embedded.ReadAsync()).Clock!.Value;

        // What a crash leaves is what the files are while the log is open.
        using TemporaryDirectory crashed = new();
        foreach (string suffix in new[] { "", "-wal" })
        {
            File.Copy(_embedded.Path + suffix, crashed.File(EmbeddedEventLog.FileName + suffix));
        }

        _embedded.Time.SetBack(TimeSpan.FromDays(1));
        EmbeddedLogOptions options = new() { Directory = crashed.Path, PartitionCount = EmbeddedLog.PartitionCount };
        await using EmbeddedEventLog log = await EmbeddedEventLog.OpenAsync(options, _embedded.Time);
        await log.AppendAsync([new(new("u1"), "{}"u8.ToArray())], default);

        LogBatch batch = await log.ReadAsync(EmbeddedLog.Partition, default, 1, TimeSpan.Zero, default);
        batch.Records[0].LogTime.ShouldBeInRange(promised, promised.Plus(1_000));
    }

    [Fact]
    public async Task Truncation_is_there_after_a_restart_even_of_everything()
    {
        await _embedded.AppendAsync();
        Timestamp last = (await _embedded.ReadAsync()).Records[0].LogTime;
        await _embedded.Log.TruncateAsync(last.Plus(1), default);
        await _embedded.CloseAsync();
        _embedded.Time.SetBack(TimeSpan.FromDays(1));
        await _embedded.OpenAsync();
        await _embedded.AppendAsync();

        (await _embedded.Log.GetRangeAsync(EmbeddedLog.Partition, default)).ShouldBe(new LogRange(new(1), new(2)));
        (await _embedded.ReadAsync(from: 1)).Records[0].LogTime.ShouldBe(last);
    }

    [Fact]
    public async Task The_partition_count_is_fixed_by_the_file()
    {
        await _embedded.CloseAsync();
        _embedded.Options = _embedded.Options with { PartitionCount = 8 };

        SqliteFileException e = await Should.ThrowAsync<SqliteFileException>(_embedded.OpenAsync);
        e.Message.ShouldContain("has 2 partitions for good, but 8 are configured");
    }

    [Fact]
    public async Task A_log_in_use_is_refused()
    {
        SqliteFileException e = await Should.ThrowAsync<SqliteFileException>(_embedded.OpenAsync);
        e.Message.ShouldContain($"in use by another process, whose id {_embedded.Path}.lock holds");
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(40_000, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, -1)]
    public async Task Impossible_options_are_refused(int partitions, long waiting, long cache)
    {
        EmbeddedLogOptions options = new()
        {
            Directory = Path.GetDirectoryName(_embedded.Path)!,
            PartitionCount = partitions,
            MaxWaitingBytes = waiting,
            CacheBytes = cache,
        };

        await Should.ThrowAsync<ArgumentException>(async () =>
            await EmbeddedEventLog.OpenAsync(options, TimeProvider.System)
        );
    }

    private async Task RestartAsync()
    {
        await _embedded.CloseAsync();
        await _embedded.OpenAsync();
    }
}
