using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes;

/// <summary>
/// Another connector, whose addresses at fault go on the list of suppressed ones before anybody learns how the attempt
/// ended. While they cannot be put there, the push is to be tried again: so none is given up whose address is
/// forgotten. Does not dispose the other one.
/// </summary>
public sealed class SuppressingConnector(
    IConnector inner,
    ConnectorName name,
    ISuppressionList suppressions,
    TimeProvider time
) : IConnector
{
    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        DeliveryResult result = await inner.SendAsync(push, cancellationToken);
        if (result.AtFault is not { } address)
        {
            return result;
        }

        Timestamp now = Timestamp.From(time.GetUtcNow());
        try
        {
            await suppressions.AddAsync([new(address, now, result.Detail, $"connector {name}")], cancellationToken);
            return result;
        }
        catch (IOException e)
        {
            return DeliveryResult.Deferred($"The address is at fault, and could not be suppressed: {e.Message}");
        }
    }
}
