using Microsoft.Extensions.Logging;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Persistence.Sql.Retention;

/// <summary>What one step of an expiry did.</summary>
/// <param name="Rows">How many rows it dropped.</param>
/// <param name="HasMore">Whether another step may find something to drop.</param>
internal readonly record struct ExpiryStep(int Rows, bool HasMore);

/// <summary>Something that is kept for a while only.</summary>
/// <param name="Name">In the plural, for people and for metrics.</param>
/// <param name="Retention">How long; null for good.</param>
/// <param name="DropAsync">Drops some of what is from before an instant.</param>
internal sealed record Expiry(string Name, TimeSpan? Retention, Func<Timestamp, ValueTask<ExpiryStep>> DropAsync);

/// <summary>Drops what was kept long enough, a little at a time, so that commits do not wait for it.</summary>
internal sealed partial class RetentionSweep : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);

    private readonly string _place;
    private readonly IReadOnlyList<Expiry> _expiries;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetentionInstruments _instruments = new();
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RetentionSweep(string place, IReadOnlyList<Expiry> expiries, TimeProvider time, ILogger logger)
    {
        _place = place;
        _expiries = expiries;
        _time = time;
        _logger = logger;
        _timer = new(s_interval, time);
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _timer.Dispose();
        await _running;
        _instruments.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            foreach (Expiry expiry in _expiries)
            {
                try
                {
                    await SweepAsync(expiry);
                }
                catch (IOException e)
                {
                    LogFailed(e, expiry.Name, _place);
                }
            }
        }
    }

    private async Task SweepAsync(Expiry expiry)
    {
        if (expiry.Retention is not { } retention)
        {
            return;
        }

        Timestamp before = Timestamp.From(_time.GetUtcNow() - retention);
        ExpiryStep step;
        do
        {
            step = await expiry.DropAsync(before);
            _instruments.Expired(expiry.Name, step.Rows);
        } while (step.HasMore && !_stop.IsCancellationRequested);
    }

    [LoggerMessage(1, LogLevel.Error, "Old {What} could not be cleared from {Place}; tried again in ten minutes")]
    private partial void LogFailed(Exception reason, string what, string place);
}
