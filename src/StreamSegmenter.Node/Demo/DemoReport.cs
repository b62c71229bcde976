using System.Globalization;
using System.Text.Json;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Demo;

/// <summary>
/// Prints transitions as they are committed and measures how long it takes from the receipt of an event to the delivery
/// of the push that it causes. Thread-safe.
/// </summary>
internal sealed class DemoReport(TextWriter output, TimeProvider time) : IShardObserver, IDeliveryObserver
{
    private readonly Lock _lock = new();
    private readonly List<double> _latencies = [];
    private long _transitions;

    public long Transitions => Interlocked.Read(ref _transitions);

    public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions)
    {
        Interlocked.Add(ref _transitions, transitions.Count);
        foreach (Transition transition in transitions)
        {
            string word = transition.Kind == TransitionKind.Entered ? "entered" : "left   ";
            string cause =
                transition.Cause == TransitionCause.Event ? $"event {transition.MessageId}" : transition.Cause.Word();
            output.WriteLine($"  {transition.Customer, -24} {word} {transition.Segment, -24} {cause}");
        }
    }

    public void Stopped(ShardId shard, Exception? error)
    {
        if (error is not null)
        {
            output.WriteLine($"Shard {shard} stopped: {error.Message}");
        }
    }

    public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took) { }

    public void PushFinished(Push push, OutboxUpdate end)
    {
        if (end is OutboxUpdate.Delivered && TryGetReceipt(push, out DateTimeOffset received))
        {
            lock (_lock)
            {
                _latencies.Add((time.GetUtcNow() - received).TotalMilliseconds);
            }
        }
    }

    /// <summary>
    /// How many latencies were measured, their median and 99th percentile in milliseconds; then starts anew.
    /// </summary>
    public (int Count, double Median, double Percentile99) TakeLatencies()
    {
        lock (_lock)
        {
            double[] sorted = [.. _latencies.Order()];
            _latencies.Clear();
            return sorted.Length == 0 ? (0, 0, 0) : (sorted.Length, At(sorted, 0.5), At(sorted, 0.99));
        }
    }

    private static double At(double[] sorted, double rank) => sorted[(int)Math.Ceiling(rank * sorted.Length) - 1];

    // Pushes caused by time alone have no event, hence no receipt.
    private static bool TryGetReceipt(Push push, out DateTimeOffset received)
    {
        received = default;
        using var content = JsonDocument.Parse(push.Content);
        return content.RootElement.GetProperty(PushContent.Event) is { ValueKind: JsonValueKind.Object } @event
            && @event.TryGetProperty("receivedAt", out JsonElement at)
            && DateTimeOffset.TryParse(at.GetString(), CultureInfo.InvariantCulture, out received);
    }
}
