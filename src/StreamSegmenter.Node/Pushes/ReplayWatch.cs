using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Pushes;

/// <summary>
/// Tells this node's relays of pushes that were put back through another node. A look at one small table every ten
/// seconds; the node that was asked tells its own relays at once.
/// </summary>
internal sealed class ReplayWatch(IPushAdministration pushes, OutboxSignal signal, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        Dictionary<ShardId, long> seen = [];
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await LookAsync(seen);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task LookAsync(Dictionary<ShardId, long> seen)
    {
        try
        {
            foreach ((ShardId shard, long replays) in await pushes.ReadReplaysAsync(_stop.Token))
            {
                if (seen.GetValueOrDefault(shard) != replays)
                {
                    seen[shard] = replays;
                    signal.RaiseReplayed(connector: null, shard);
                }
            }
        }
        catch (Exception e) when (e is IOException or StateStoreUnavailableException)
        {
            // The shards say so, and the next look finds the same numbers.
        }
    }
}
