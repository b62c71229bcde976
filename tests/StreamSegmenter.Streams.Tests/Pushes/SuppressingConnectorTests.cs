using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Tests.Pushes;

public sealed class SuppressingConnectorTests
{
    private static readonly Suppression s_address = new("email", "ann@example.com");

    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task An_address_at_fault_is_suppressed_before_the_attempt_ends()
    {
        DeliveryResult result = DeliveryResult.AddressAtFault(s_address, "550 5.1.1 no such user");

        (await SendAsync(result, _store.Suppressions)).ShouldBe(result);

        SuppressedAddress stored = (
            await _store.Suppressions.ReadAsync("email", "", 10, default)
        ).ShouldHaveSingleItem();
        stored.ShouldBe(new(s_address, Timestamp.From(_time.GetUtcNow()), "550 5.1.1 no such user", "connector mail"));
    }

    [Fact]
    public async Task Any_other_end_suppresses_nobody()
    {
        DeliveryResult[] ends =
        [
            DeliveryResult.Delivered,
            DeliveryResult.Rejected("550"),
            DeliveryResult.Retry("450"),
            DeliveryResult.Unknown("?"),
            DeliveryResult.Misconfigured("535"),
        ];
        foreach (DeliveryResult end in ends)
        {
            (await SendAsync(end, _store.Suppressions)).ShouldBe(end);
        }

        (await _store.Suppressions.ReadAsync("email", "", 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task While_the_list_cannot_be_written_the_push_is_tried_again()
    {
        DeliveryResult result = await SendAsync(DeliveryResult.AddressAtFault(s_address, "550"), new BrokenList());

        result.Outcome.ShouldBe(DeliveryOutcome.Retry);
        result.Detail.ShouldContain("away");
    }

    private async Task<DeliveryResult> SendAsync(DeliveryResult result, ISuppressionList list)
    {
        Push push = new(new("p1"), new("mail"), new("ann"), 0, "{}"u8.ToArray());
        return await new SuppressingConnector(new Fixed(result), new("mail"), list, _time).SendAsync(push, default);
    }

    private sealed class Fixed(DeliveryResult result) : IConnector
    {
        public ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken) => new(result);
    }

    private sealed class BrokenList : ISuppressionList
    {
        public ValueTask<int> AddAsync(IReadOnlyList<SuppressedAddress> addresses, CancellationToken token) =>
            throw new StateStoreUnavailableException("away");

        public ValueTask<bool> RemoveAsync(Suppression suppression, CancellationToken token) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlySet<Suppression>> FindAsync(
            IReadOnlyCollection<Suppression> suppressions,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<SuppressedAddress>> ReadAsync(
            string channel,
            string after,
            int max,
            CancellationToken token
        ) => throw new NotSupportedException();
    }
}
