using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>One call of a connector, whose every end is a result.</summary>
internal static class Attempt
{
    /// <summary>
    /// Sends once. A connector that goes on after its cancellation is left to itself once the timeout has passed a
    /// second time: a leaked call is better than a customer who never gets another push. Null when stopped, which says
    /// nothing about the push.
    /// </summary>
    public static async Task<DeliveryResult?> SendAsync(
        IConnector connector,
        Push push,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken stop
    )
    {
        using CancellationTokenSource late = new(timeout, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            // A connector that blocks before its first await must not block the relay's loop.
            await Task.Yield();
            return await connector.SendAsync(push, over.Token).AsTask().WaitAsync(2 * timeout, time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception) when (late.IsCancellationRequested)
        {
            return DeliveryResult.Unknown($"no answer within {timeout.ToText()}");
        }
        catch (Exception error)
        {
            return DeliveryResult.Unknown($"{error.GetType().Name}: {error.Message}");
        }
    }
}
