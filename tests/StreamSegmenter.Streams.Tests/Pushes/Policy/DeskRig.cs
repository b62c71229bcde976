using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;
using StreamSegmenter.Streams.Tests.Pushes.Relay;
using StreamSegmenter.Streams.Tests.Support;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>Relays of several connectors on virtual time, that share a desk and a store.</summary>
internal sealed class DeskRig : IDeliveryObserver, IDisposable
{
    private static readonly ShardId Shard = new(0);

    private readonly CancellationTokenSource _stop = new();
    private readonly OutboxSignal _signal = new();
    private readonly PolicyDesk _desk;
    private readonly PushInstruments _instruments;
    private readonly List<OutboxRelay> _relays = [];
    private static long s_sequence;

    private readonly ShardLease _lease;
    private Task[] _running = [];

    public DeskRig(RelayOptions? options = null, params string[] connectors)
        : this(options, policy: null, connectors) { }

    /// <param name="policy">Instead of the scripted one.</param>
    public DeskRig(RelayOptions? options, IPushPolicy? policy, params string[] connectors)
        : this(options, policy, new(), static outbox => outbox, connectors) { }

    /// <param name="store">What a life before has left.</param>
    /// <param name="reach">The outbox as relays and desk reach it.</param>
    public DeskRig(
        RelayOptions? options,
        IPushPolicy? policy,
        InMemoryStateStore store,
        Func<IOutbox, IOutbox> reach,
        params string[] connectors
    )
    {
        Store = store;
        IOutbox outbox = reach(store.Outbox);
        _lease = Store.Ownership.AcquireAsync(Shard, 1, "me", default).AsTask().Result.Lease;
        _instruments = new(Metrics);
        _desk = new(policy ?? Policy, Store.Cases, outbox, Loop.Time, NullLogger<PolicyDesk>.Instance, _instruments);
        CountedDeliveries counted = new(this, _instruments);
        foreach (string name in connectors.Length == 0 ? ["mail"] : connectors)
        {
            ScriptedConnector connector = new(Loop.Time);
            Connectors.Add(name, connector);
            _relays.Add(
                new(
                    new(name),
                    connector,
                    outbox,
                    _signal,
                    options ?? new(),
                    counted,
                    Loop.Time,
                    new Random(1),
                    NullLogger<OutboxRelay>.Instance,
                    _desk
                )
            );
        }
    }

    /// <summary>What was counted.</summary>
    public MeterReader Metrics { get; } = new();

    public VirtualLoop Loop { get; } = new();

    public InMemoryStateStore Store { get; }

    public ScriptedPolicy Policy { get; } = new();

    public Dictionary<string, ScriptedConnector> Connectors { get; } = [];

    public ScriptedConnector Mail => Connectors["mail"];

    public List<(string Id, OutboxUpdate End)> Ends { get; } = [];

    public Timestamp Now => Timestamp.From(Loop.Time.GetUtcNow());

    /// <summary>Ids of the pushes that a connector was called with, in order.</summary>
    public string Sent(string connector = "mail") => string.Join(' ', Connectors[connector].CalledIds);

    public OutboxCounts Counts(string connector = "mail") =>
        Store.Outbox.CountAsync(default).AsTask().Result.GetValueOrDefault(new ConnectorName(connector));

    /// <summary>Commits pushes "id@connector/customer"; by default, to mail and of ann.</summary>
    public void Commit(params string[] pushes)
    {
        foreach (string push in pushes)
        {
            string[] parts = push.Split('@', '/');
            ConnectorName connector = new(parts.Length > 1 ? parts[1] : "mail");
            NewPush made = new(
                new(parts[0]),
                Interlocked.Increment(ref s_sequence),
                connector,
                new(parts.Length > 2 ? parts[2] : "ann"),
                Now,
                Encoding.UTF8.GetBytes($"{{\"segment\":\"{parts[0]}\"}}")
            );
            EffectBatch batch = new(new(s_sequence), [], [], [made]);
            Store.Committer.CommitEffectsAsync(_lease, batch, default).AsTask().Wait();
            _signal.Raise(connector, Shard);
        }

        Loop.Settle();
    }

    /// <summary>Commits a transition with its pushes to connectors, made of it now.</summary>
    public void Commit(Transition transition, string content, params string[] connectors)
    {
        NewPush[] pushes =
        [
            .. connectors.Select(name => new NewPush(
                PushId.Derive(transition, new(name), ordinal: 1),
                Interlocked.Increment(ref s_sequence),
                new(name),
                transition.Customer,
                Now,
                Encoding.UTF8.GetBytes(content)
            )),
        ];
        EffectBatch batch = new(new(s_sequence), [], [transition], pushes);
        Store.Committer.CommitEffectsAsync(_lease, batch, default).AsTask().Wait();
        foreach (NewPush push in pushes)
        {
            _signal.Raise(push.Connector, Shard);
        }
    }

    /// <summary>Puts pushes back as an operator does.</summary>
    public void Replay(params string[] ids)
    {
        IReadOnlyList<StoredPush> replayed = Store
            .PushAdministration.ReplayAsync([.. ids.Select(id => new PushId(id))], Now, default)
            .AsTask()
            .Result;
        foreach (StoredPush push in replayed)
        {
            _signal.RaiseReplayed(push.Push.Connector, Shard);
        }

        Loop.Settle();
    }

    public void Run()
    {
        _relays.ForEach(relay => relay.AddShard(Shard));
        _running = [.. _relays.Select(relay => Loop.Start(() => relay.RunAsync(_stop.Token)))];
    }

    public void Stop()
    {
        _stop.Cancel();
        Loop.Settle();
        foreach (Task running in _running)
        {
            Loop.Complete(running, TimeSpan.FromMinutes(1));
        }
    }

    public void Dispose()
    {
        _relays.ForEach(relay => relay.Dispose());
        _desk.Dispose();
        _instruments.Dispose();
        Metrics.Dispose();
        _stop.Dispose();
    }

    void IDeliveryObserver.AttemptEnded(Push push, DeliveryResult result, TimeSpan took) { }

    void IDeliveryObserver.PushFinished(Push push, OutboxUpdate end) => Ends.Add((push.Id.Value, end));
}
