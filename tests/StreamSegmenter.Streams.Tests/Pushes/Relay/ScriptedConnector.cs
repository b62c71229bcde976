using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>
/// Answers as told, writes down every call, and fails the test on two calls at once for one customer.
/// </summary>
internal sealed class ScriptedConnector(TimeProvider time) : IConnector
{
    private readonly HashSet<CustomerId> _busy = [];

    public delegate Task<DeliveryResult> Answer(Push push, CancellationToken cancellationToken);

    public Answer Script { get; set; } = (_, _) => Task.FromResult(DeliveryResult.Delivered);

    public List<(Push Push, Timestamp At)> Calls { get; } = [];

    public IEnumerable<string> CalledIds => Calls.Select(call => call.Push.Id.Value);

    public int MostAtOnce { get; private set; }

    public void Always(DeliveryResult result) => Script = (_, _) => Task.FromResult(result);

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        Calls.Add((push, Timestamp.From(time.GetUtcNow())));
        _busy.Add(push.Customer).ShouldBeTrue($"two attempts at once for {push.Customer}");
        MostAtOnce = Math.Max(MostAtOnce, _busy.Count);
        try
        {
            return await Script(push, cancellationToken);
        }
        finally
        {
            _busy.Remove(push.Customer);
        }
    }
}
