using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Runs a node's shards, each on its own loop. A shard that a passing trouble has stopped (the store is away, another
/// node took it over for a moment) is taken over again after a pause; one that stopped for good stays so, and the
/// others go on.
/// </summary>
/// <param name="create">Makes the runner of a shard that was taken.</param>
/// <param name="owner">The name of this node, for people who look into the state store.</param>
/// <param name="companion">Works on a shard for as long as the shard's loop does.</param>
/// <param name="scheduler">Where the shards' loops run.</param>
public sealed class ShardHost(
    Func<ShardId, ShardRunner> create,
    string owner,
    IShardCompanion companion,
    ShardOptions options,
    IShardObserver observer,
    TimeProvider time,
    TaskScheduler scheduler
) : IShardHost
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ShardId, Tenure> _tenures = [];
    private readonly TaskCompletionSource _failure = new();

    /// <summary>The shards that are here, also those that have stopped for good.</summary>
    public IReadOnlyList<ShardRunner> Runners
    {
        get
        {
            lock (_gate)
            {
                return [.. _tenures.OrderBy(pair => pair.Key.Value).Select(pair => pair.Value.Runner)];
            }
        }
    }

    /// <summary>
    /// Asks one of this node's shards; see <see cref="ShardRunner.AskAsync"/>.
    /// </summary>
    /// <exception cref="ShardAwayException">The shard is not here, or does not follow its log.</exception>
    public Task<CustomerSnapshot?> AskAsync(ShardId shard, CustomerId customer, CancellationToken cancellationToken)
    {
        Tenure? tenure;
        lock (_gate)
        {
            tenure = _tenures.GetValueOrDefault(shard);
        }

        return tenure is null
            ? Task.FromException<CustomerSnapshot?>(new ShardAwayException())
            : tenure.Runner.AskAsync(customer, cancellationToken);
    }

    /// <summary>Whether it was ever told which shards are its own; they may be none.</summary>
    public bool WasAssigned { get; private set; }

    /// <summary>
    /// Fails, with its exception, when the first shard has stopped for good; never completes otherwise.
    /// </summary>
    public Task Failure => _failure.Task;

    public void Take(IReadOnlyCollection<ShardId> shards)
    {
        lock (_gate)
        {
            WasAssigned = true;
            foreach (ShardId shard in shards)
            {
                _tenures.TryGetValue(shard, out Tenure? former);
                if (former is null || former.Stop.IsCancellationRequested)
                {
                    var tenure = new Tenure(create(shard));
                    _tenures[shard] = tenure;
                    tenure.Running = Start(() => RunAsync(tenure, former?.Running ?? Task.CompletedTask));
                }
            }
        }
    }

    public async Task ReleaseAsync(IReadOnlyCollection<ShardId> shards)
    {
        List<Tenure> released = [];
        lock (_gate)
        {
            foreach (ShardId shard in shards)
            {
                if (_tenures.TryGetValue(shard, out Tenure? tenure))
                {
                    released.Add(tenure);
                }
            }
        }

        // Outside the lock: cancelling runs what waits for it.
        released.ForEach(tenure => tenure.Stop.Cancel());
        await Task.WhenAll(released.Select(tenure => tenure.Running));
        lock (_gate)
        {
            foreach (Tenure tenure in released.Where(tenure => _tenures.GetValueOrDefault(tenure.Shard) == tenure))
            {
                _tenures.Remove(tenure.Shard);
            }
        }
    }

    public LogPosition? CommittedPosition(ShardId shard)
    {
        lock (_gate)
        {
            return _tenures.TryGetValue(shard, out Tenure? tenure) && tenure.Runner.IsFollowing
                ? tenure.Runner.Position
                : null;
        }
    }

    /// <summary>Whether time may cure it. What is wrong with the data, the log or the program does not pass.</summary>
    private static bool Passes(Exception error) =>
        error is ShardFencedException or TimeoutException or IOException and not LogCorruptException;

    private Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    // Never fails: how it went is told to the observer, and to whoever waits for a failure.
    private async Task RunAsync(Tenure tenure, Task former)
    {
        await former;
        TimeSpan pause = options.RestartMin;
        while (!tenure.Stop.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(tenure);
            }
            catch (Exception error) when (tenure.Stop.IsCancellationRequested || !Passes(error))
            {
                End(tenure, error);
                return;
            }
            catch (Exception error)
            {
                pause = tenure.Runner.HasFollowed ? options.RestartMin : pause;
                observer.WillRestart(tenure.Shard, error, pause);
                await PauseAsync(pause, tenure.Stop.Token);
                pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, options.RestartMax.Ticks));
            }
        }

        observer.Stopped(tenure.Shard, null);
    }

    private async Task RunOnceAsync(Tenure tenure)
    {
        companion.Begin(tenure.Shard);
        try
        {
            await tenure.Runner.RunAsync(owner, () => companion.CaughtUp(tenure.Shard), tenure.Stop.Token);
        }
        finally
        {
            await companion.EndAsync(tenure.Shard);
        }
    }

    // What fails while it is released anyway is the next owner's to meet: nothing of it was committed.
    private void End(Tenure tenure, Exception error)
    {
        observer.Stopped(tenure.Shard, error);
        if (!tenure.Stop.IsCancellationRequested)
        {
            _failure.TrySetException(error);
        }
    }

    private Task PauseAsync(TimeSpan pause, CancellationToken stop) =>
        Task.Delay(pause, time, stop).ContinueWith(static _ => { }, CancellationToken.None, default, scheduler);

    /// <summary>One shard from being taken to being released.</summary>
    private sealed class Tenure(ShardRunner runner)
    {
        public ShardRunner Runner => runner;

        public ShardId Shard => runner.Id;

        // Not disposed: a late cancellation must not fail, and without a timer there is nothing to free.
        public CancellationTokenSource Stop { get; } = new();

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
