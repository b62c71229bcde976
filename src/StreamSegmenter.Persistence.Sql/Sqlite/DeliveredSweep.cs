using Microsoft.Extensions.Logging;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>
/// Drops the contents of pushes delivered long ago, a few at a time so that commits do not wait for it.
/// </summary>
internal sealed partial class DeliveredSweep : IAsyncDisposable
{
    private const int RowsAtOnce = 1_000;
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);

    private readonly SqliteDatabase _database;
    private readonly TimeSpan _retention;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly Task _running;

    public DeliveredSweep(SqliteDatabase database, TimeSpan retention, TimeProvider time, ILogger logger)
    {
        _database = database;
        _retention = retention;
        _time = time;
        _logger = logger;
        _timer = new(s_interval, time);
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            try
            {
                await SweepAsync(Timestamp.From(_time.GetUtcNow() - _retention));
            }
            catch (IOException e)
            {
                LogFailed(e, _database.Path);
            }
        }
    }

    private async Task SweepAsync(Timestamp before)
    {
        int dropped;
        do
        {
            dropped = await _database.WriteAsync(
                connection => OutboxTables.DropDeliveredContents(connection, before, RowsAtOnce),
                CancellationToken.None
            );
        } while (dropped == RowsAtOnce);
    }

    [LoggerMessage(1, LogLevel.Error, "Delivered pushes could not be cleared from {Path}; tried again in ten minutes")]
    private partial void LogFailed(Exception reason, string path);
}
