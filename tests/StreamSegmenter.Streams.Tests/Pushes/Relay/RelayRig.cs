using Microsoft.Extensions.Logging;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>A relay on virtual time, between an outbox in memory and a scripted connector.</summary>
internal sealed class RelayRig : IDeliveryObserver, ILogger<OutboxRelay>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task? _running;

    public RelayRig(
        RelayOptions? options = null,
        VirtualLoop? loop = null,
        MemoryOutbox? outbox = null,
        string name = "chat",
        int seed = 1
    )
    {
        Loop = loop ?? new();
        Outbox = outbox ?? new();
        Name = new(name);
        Connector = new(Loop.Time);
        Relay = new(Name, Connector, Outbox, Signal, options ?? new(), this, Loop.Time, new Random(seed), this);
    }

    public ConnectorName Name { get; }

    public VirtualLoop Loop { get; }

    public MemoryOutbox Outbox { get; }

    public ScriptedConnector Connector { get; }

    public OutboxSignal Signal { get; } = new();

    public OutboxRelay Relay { get; }

    public List<(LogLevel Level, string Text)> Lines { get; } = [];

    public List<(Push Push, DeliveryResult Result, TimeSpan Took)> Attempts { get; } = [];

    public List<(Push Push, OutboxUpdate End)> Ends { get; } = [];

    public Timestamp Now => Timestamp.From(Loop.Time.GetUtcNow());

    /// <summary>Puts a push into the outbox without telling anyone.</summary>
    public Push Add(string customer, int shard = 0) => Outbox.Add(Name, customer, Now, shard);

    /// <summary>Puts a push into the outbox and raises the signal, as a shard's commit does.</summary>
    public Push Commit(string customer, int shard = 0)
    {
        Push push = Add(customer, shard);
        Signal.Raise(Name, new(shard));
        Loop.Settle();
        return push;
    }

    public void Run(params int[] shards)
    {
        foreach (int shard in shards)
        {
            Relay.AddShard(new(shard));
        }

        _running = Loop.Start(() => Relay.RunAsync(_stop.Token));
    }

    public void RequestStop()
    {
        _stop.Cancel();
        Loop.Settle();
    }

    /// <summary>Stops and waits, on virtual time; the relay must end within its own deadlines.</summary>
    public void Stop()
    {
        RequestStop();
        Loop.Complete(_running!, TimeSpan.FromMinutes(1));
    }

    public bool HasStopped => _running!.IsCompletedSuccessfully;

    public void Dispose()
    {
        Relay.Dispose();
        _stop.Dispose();
    }

    void IDeliveryObserver.AttemptEnded(Push push, DeliveryResult result, TimeSpan took) =>
        Attempts.Add((push, result, took));

    void IDeliveryObserver.PushFinished(Push push, OutboxUpdate end)
    {
        Outbox.Finished[push.Id].ShouldBe(end, "announced before it was recorded");
        Ends.Add((push, end));
    }

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Add((logLevel, formatter(state, exception)));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;
}
