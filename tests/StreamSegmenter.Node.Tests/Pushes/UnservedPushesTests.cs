using Microsoft.Extensions.Logging;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Node.Pushes;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Pushes;

/// <summary>What is said at start of pushes that no connector will take.</summary>
public sealed class UnservedPushesTests
{
    private static readonly Timestamp Noon = new(1_580_472_000_000);

    [Fact]
    public async Task Each_connector_that_is_gone_and_has_pending_pushes_is_one_warning()
    {
        InMemoryStateStore store = new();
        ShardLease lease = (await store.Ownership.AcquireAsync(new(0), 1, "me", default)).Lease;
        NewPush[] pushes =
        [
            Push("a", 1, "mail"),
            Push("b", 2, "crm"),
            Push("c", 3, "crm"),
            Push("d", 4, "sms"),
            Push("e", 5, "fax"),
        ];
        await store.Committer.CommitEffectsAsync(lease, new(new(1), [], [], pushes), default);
        await store.Outbox.UpdateAsync([new OutboxUpdate.Delivered(new("e"), 1, Noon)], default);
        WarningList log = new();

        await new UnservedPushes(store.Outbox, [new("mail")], log).WarnAsync(default);

        log.Lines.Order(StringComparer.Ordinal)
            .ShouldBe([
                "1 pushes wait for the connector sms, which is not configured: they are neither sent nor given up. "
                    + "Configure connectors.sms again to have them sent, or give them up: segctl pushes discard --state "
                    + "pending --connector sms",
                "2 pushes wait for the connector crm, which is not configured: they are neither sent nor given up. "
                    + "Configure connectors.crm again to have them sent, or give them up: segctl pushes discard --state "
                    + "pending --connector crm",
            ]);
    }

    private static NewPush Push(string id, long sequence, string connector) =>
        new(new(id), sequence, new(connector), new("ann"), Noon, "{}"u8.ToArray());

    private sealed class WarningList : ILogger<UnservedPushes>
    {
        public List<string> Lines { get; } = [];

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            logLevel.ShouldBe(LogLevel.Warning);
            Lines.Add(formatter(state, exception));
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
