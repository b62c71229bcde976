using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.InMemory;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>Shards over one log and one store, on virtual time.</summary>
internal sealed class ShardRig : IShardObserver
{
    public ShardRig(IReadOnlyList<SegmentActions> segments, int partitions = 1)
    {
        Memory = new(partitions, Loop.Time);
        Log = Memory;
        Define(segments);
    }

    public VirtualLoop Loop { get; } = new();

    public InMemoryEventLog Memory { get; }

    /// <summary>What shards read; <see cref="Memory"/> if a test sets nothing else.</summary>
    public IEventLogReader Log { get; set; }

    public StoreParts Store { get; set; } = StoreParts.InMemory();

    public ShardOptions Options { get; set; } = new() { TickInterval = TimeSpan.FromMinutes(1) };

    public RuleSet Rules { get; private set; } = null!;

    public IReadOnlyList<SegmentActions> Segments { get; private set; } = [];

    /// <summary>What observers were told, by all processes.</summary>
    /// <summary>Of every process that is started; null: nothing counts.</summary>
    public ShardInstruments? Instruments { get; set; }

    public List<Transition> Observed { get; } = [];

    public List<Exception?> Stops { get; } = [];

    public Timestamp Now => Timestamp.From(Loop.Time.GetUtcNow());

    public void Define(IReadOnlyList<SegmentActions> segments, RuleSetOptions? options = null) =>
        (Segments, Rules) = (segments, Scripted.Compile(segments, options));

    /// <summary>Sets the clock, before anything is started.</summary>
    public void BeginAt(DateTimeOffset start) => Loop.Time.SetBack(Loop.Time.GetUtcNow() - start);

    public void Define(params SegmentActions[] segments) => Define(segments, null);

    /// <summary>Starts a process that owns the shard, and lets it work until it waits.</summary>
    public RunningShard Start(int shard = 0, Func<StoreCall, Fault>? plan = null, TimeSpan slowness = default)
    {
        CrashingStore store = new(Store, Log, plan ?? (_ => Fault.None), slowness, Loop.Time);
        ShardServices services = new(store, store, store, store, store, new OutboxSignal(), this, Loop.Time)
        {
            Instruments = Instruments,
        };
        ShardRunner runner = new(new(shard), Rules, Segments, EventLimits.Default, Options, services);
        CancellationTokenSource stop = new();
        Task task = Loop.Start(() => RunAsync(runner, stop.Token));
        return new(this, runner, store, task, stop);
    }

    private async Task RunAsync(ShardRunner runner, CancellationToken stop)
    {
        Exception? error = null;
        try
        {
            await runner.RunAsync("me", static () => { }, stop);
        }
        catch (Exception e)
        {
            error = e;
            throw;
        }
        finally
        {
            Stops.Add(error);
        }
    }

    /// <summary>Appends, and lets the shards work until they wait.</summary>
    public void Append(params NewRecord[] records)
    {
        AppendUnseen(records);
        Loop.Settle();
    }

    public void AppendUnseen(params NewRecord[] records) =>
        Memory.AppendAsync(records, default).AsTask().IsCompletedSuccessfully.ShouldBeTrue();

    /// <summary>The log forgets every record before now.</summary>
    public void Expire() => Memory.TruncateAsync(Now, default).AsTask().IsCompletedSuccessfully.ShouldBeTrue();

    public void Advance(TimeSpan step) => Loop.Advance(step);

    public List<Transition> Transitions() => Done(Store.ReadTransitionsAsync());

    /// <summary>The history as short words: <c>u1 +vip event m1</c>.</summary>
    public List<string> History() =>
        [
            .. Transitions()
                .Select(t =>
                    $"{t.Customer} {(t.Kind == TransitionKind.Entered ? '+' : '-')}{t.Segment}{t.Number} {t.Cause.Word()}"
                ),
        ];

    public List<string> MembershipsOf(params string[] customers) =>
        [
            .. customers.SelectMany(customer =>
                Done(Store.Memberships.GetMembershipsAsync(new(customer), default).AsTask())
                    .Select(membership => $"{customer} {membership.Segment}")
            ),
        ];

    public List<PendingPush> Pushes(int shard = 0) =>
        Done(Store.ReadPushesAsync(new(shard), [Scripted.Chat, Scripted.Mail]));

    public List<DeadLetter> DeadLetters() =>
        [.. Done(Store.DeadLetters.ReadAsync(int.MaxValue, default).AsTask()).Reverse()];

    public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) =>
        Observed.AddRange(transitions);

    public void Stopped(ShardId shard, Exception? error) { }

    public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }

    // What is in memory answers at once.
    private static T Done<T>(Task<T> task)
    {
        task.IsCompletedSuccessfully.ShouldBeTrue();
        return task.GetAwaiter().GetResult();
    }
}

/// <summary>One process's hold on a shard.</summary>
internal sealed class RunningShard(
    ShardRig rig,
    ShardRunner runner,
    CrashingStore store,
    Task task,
    CancellationTokenSource stop
)
{
    public ShardRunner Runner => runner;

    public Task Task => task;

    public Exception? Error => task.Exception?.InnerException;

    /// <summary>Nothing more happens in this process.</summary>
    public void Kill() => store.Kill();

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public void Stop()
    {
        stop.Cancel();
        rig.Loop.Complete(task, TimeSpan.FromDays(1));
    }
}
