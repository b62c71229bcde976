using Microsoft.Data.Sqlite;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

/// <summary>Somebody else's lock on the file stands for a slow disk: while it is held, appends gather.</summary>
public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly EmbeddedLog _embedded = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _embedded.DisposeAsync();

    [Fact]
    public async Task Appends_that_wait_together_are_committed_together()
    {
        await _embedded.OpenAsync();
        Task[] appends;
        using (SqliteConnection slow = Lock())
        {
            appends = [.. Enumerable.Range(0, 200).Select(i => _embedded.AppendAsync($"{i}"))];
            appends.ShouldAllBe(append => !append.IsCompleted);
            (await _embedded.Log.GetRangeAsync(EmbeddedLog.Partition, default)).End.ShouldBe(LogPosition.Start);
        }

        await Task.WhenAll(appends);

        // What the thread had taken before the lock showed, and all the rest.
        _embedded.Run("SELECT count(*) FROM batch").ShouldBeLessThanOrEqualTo(2);
        (await _embedded.ReadAsync())
            .Records.Select(record => System.Text.Encoding.UTF8.GetString(record.Payload.Span))
            .ShouldBe(Enumerable.Range(0, 200).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_log_that_cannot_keep_up_says_so_at_once_and_recovers()
    {
        _embedded.Options = _embedded.Options with { MaxWaitingBytes = 1_000 };
        await _embedded.OpenAsync();
        string payload = new('x', 300);
        Task[] accepted;
        using (SqliteConnection slow = Lock())
        {
            accepted = [.. Enumerable.Range(0, 3).Select(_ => _embedded.AppendAsync(payload))];
            await Should.ThrowAsync<LogBusyException>(() => _embedded.AppendAsync(payload));
            await Should.ThrowAsync<LogBusyException>(() => _embedded.AppendAsync(payload));
        }

        await Task.WhenAll(accepted);
        await _embedded.AppendAsync(payload);
        (await _embedded.ReadAsync()).Records.Count.ShouldBe(4);
    }

    [Fact]
    public async Task An_append_that_can_never_fit_is_refused_as_such()
    {
        _embedded.Options = _embedded.Options with { MaxWaitingBytes = 1_000 };
        await _embedded.OpenAsync();

        ArgumentException e = await Should.ThrowAsync<ArgumentException>(() =>
            _embedded.AppendAsync(new string('x', 2_000))
        );
        e.Message.ShouldContain("split it, or raise the limit");
    }

    [Fact]
    public async Task Closing_the_log_writes_what_waits()
    {
        await _embedded.OpenAsync();
        Task[] appends = [.. Enumerable.Range(0, 50).Select(i => _embedded.AppendAsync($"{i}"))];
        await _embedded.CloseAsync();

        await Task.WhenAll(appends);
        await _embedded.OpenAsync();
        (await _embedded.ReadAsync()).Records.Count.ShouldBe(50);
    }

    [Fact]
    public async Task A_closed_log_takes_nothing()
    {
        StreamSegmenter.Streams.Log.Embedded.EmbeddedEventLog log = await _embedded.OpenAsync();
        await _embedded.CloseAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () =>
            await log.AppendAsync([new(new("u1"), default)], default)
        );
    }

    [Fact]
    public async Task A_failed_write_fails_its_appends_and_no_later_ones()
    {
        await _embedded.OpenAsync();
        _embedded.Run(
            "CREATE TRIGGER refuse BEFORE INSERT ON batch BEGIN SELECT raise(ABORT, 'no room left on the disk'); END"
        );
        IOException e = await Should.ThrowAsync<IOException>(() => _embedded.AppendAsync("lost"));
        e.Message.ShouldContain("no room left on the disk");
        (await _embedded.ReadAsync()).Records.ShouldBeEmpty();

        _embedded.Run("DROP TRIGGER refuse");
        await _embedded.AppendAsync("kept");

        LogRecord record = (await _embedded.ReadAsync()).Records.ShouldHaveSingleItem();
        record.Position.ShouldBe(LogPosition.Start);
    }

    [Fact]
    public async Task Records_older_than_the_retention_are_deleted()
    {
        _embedded.Options = _embedded.Options with { Retention = TimeSpan.FromDays(1) };
        await _embedded.OpenAsync();
        await _embedded.AppendAsync("old");
        _embedded.Time.Advance(TimeSpan.FromHours(23));
        await _embedded.AppendAsync("young");

        // Lets one sweep begin at this time, behind which an append queues: what the sweep does is then done.
        _embedded.Time.Advance(TimeSpan.FromHours(2));
        while ((await _embedded.Log.GetRangeAsync(EmbeddedLog.Partition, default)).Earliest == LogPosition.Start)
        {
            await _embedded.AppendAsync("younger");
        }

        (await _embedded.Log.GetRangeAsync(EmbeddedLog.Partition, default)).Earliest.ShouldBe(new LogPosition(1));
    }

    private SqliteConnection Lock()
    {
        SqliteConnection connection = _embedded.Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
