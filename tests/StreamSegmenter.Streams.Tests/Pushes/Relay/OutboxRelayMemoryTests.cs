using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>How much of a long backlog a relay holds at a time.</summary>
public sealed class OutboxRelayMemoryTests
{
    private const int Pushes = 20_000;

    [Theory]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public void A_long_backlog_is_worked_off_with_little_of_it_in_memory(int customers)
    {
        VirtualLoop loop = new();
        List<WeakReference> contents = [];
        MemoryOutbox outbox = new() { Copies = contents };
        ConnectorName name = new("mail");
        for (int i = 0; i < Pushes; i++)
        {
            outbox.Add(name, $"u{i % customers}", Timestamp.From(loop.Time.GetUtcNow()));
        }

        CountingConnector connector = new(contents);
        using OutboxRelay relay = new(
            name,
            connector,
            outbox,
            new OutboxSignal(),
            new()
            {
                LookAhead = 100,
                Concurrency = 4,
                MaxHeld = 1_000,
            },
            connector,
            loop.Time,
            new Random(1),
            NullLogger<OutboxRelay>.Instance
        );
        using CancellationTokenSource stop = new();
        relay.AddShard(new(0));
        Task running = loop.Start(() => relay.RunAsync(stop.Token));

        outbox.Finished.Count.ShouldBe(Pushes);
        connector.MostAlive.ShouldBeInRange(1, 1_000, "contents of pushes that are not under way");
        stop.Cancel();
        loop.Complete(running, TimeSpan.FromMinutes(1));
    }

    /// <summary>Takes everything, keeps nothing, and looks now and then at what else is kept.</summary>
    private sealed class CountingConnector(List<WeakReference> contents) : IConnector, IDeliveryObserver
    {
        private int _taken;

        public int MostAlive { get; private set; }

        public ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
        {
            if (++_taken % 4_000 == 0)
            {
                GC.Collect();
                MostAlive = Math.Max(MostAlive, contents.Count(static content => content.IsAlive));
            }

            return new(DeliveryResult.Delivered);
        }

        public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took) { }

        public void PushFinished(Push push, OutboxUpdate end) { }
    }
}
