using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>
/// What became of one push that the product's own relay took through a connector. For real servers: it runs on real
/// time, with pauses of some milliseconds between attempts.
/// </summary>
internal sealed class RelayRun : IDeliveryObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ShardId Shard = new(0);

    /// <summary>When the push was made, long before it is sent.</summary>
    public static readonly Timestamp MadeAt = Timestamp.From(new(2020, 2, 1, 8, 30, 59, TimeSpan.Zero));

    private readonly List<DeliveryResult> _attempts = [];
    private readonly TaskCompletionSource<OutboxUpdate> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RelayRun() { }

    /// <summary>How its attempts ended, in order.</summary>
    public IReadOnlyList<DeliveryResult> Attempts => _attempts;

    public OutboxUpdate End => _end.Task.Result;

    public static async Task<RelayRun> DeliverAsync(IConnector connector, Push push, RelayOptions? options = null)
    {
        var store = new InMemoryStateStore();
        var lease = (await store.Ownership.AcquireAsync(Shard, 1, "test", CancellationToken.None)).Lease;
        var made = new NewPush(push.Id, 0, push.Connector, push.Customer, MadeAt, push.Content);
        var effects = new EffectBatch(new LogPosition(0), [], [], [made]);
        await store.Committer.CommitEffectsAsync(lease, effects, CancellationToken.None);

        var run = new RelayRun();
        using var relay = new OutboxRelay(
            push.Connector,
            connector,
            store.Outbox,
            new OutboxSignal(),
            (options ?? new()) with
            {
                GiveUpAfter = TimeSpan.FromDays(100_000),
                BackoffMin = TimeSpan.FromMilliseconds(1),
                BackoffMax = TimeSpan.FromMilliseconds(10),
            },
            run,
            TimeProvider.System,
            new Random(1),
            NullLogger<OutboxRelay>.Instance
        );
        using var stop = new CancellationTokenSource();
        relay.AddShard(Shard);
        var running = relay.RunAsync(stop.Token);
        await run._end.Task.WaitAsync(Patience);
        await stop.CancelAsync();
        await running;
        return run;
    }

    void IDeliveryObserver.AttemptEnded(Push push, DeliveryResult result, TimeSpan took) => _attempts.Add(result);

    void IDeliveryObserver.PushFinished(Push push, OutboxUpdate end) => _end.TrySetResult(end);
}
