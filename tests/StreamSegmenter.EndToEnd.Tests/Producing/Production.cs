namespace StreamSegmenter.EndToEnd.Tests.Producing;

/// <summary>Producers that send until they are told to end.</summary>
public sealed class Production : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _running;

    public Production(IEnumerable<RetryingProducer> producers) =>
        _running = Task.WhenAll(producers.Select(p => Task.Run(() => p.RunAsync(_stop.Token, _abandon.Token))));

    /// <summary>Every producer gets rid of the batch in its hands; somebody must be there to accept it.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abandon.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _abandon.Dispose();
    }
}
