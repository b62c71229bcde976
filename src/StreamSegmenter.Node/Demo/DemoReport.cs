using System.Collections.Concurrent;
using System.Text.Json;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Demo;

/// <summary>How long pushes took from the moment at which their event was sent.</summary>
internal readonly record struct Latencies(int Count, TimeSpan Median, TimeSpan Percentile99);

/// <summary>
/// Prints transitions as they are committed and measures, by the real clock, how long it takes from the sending of an
/// event to the delivery of the push that it causes. Thread-safe.
/// </summary>
internal sealed class DemoReport(TextWriter output, TimeProvider time) : IShardObserver, IDeliveryObserver
{
    private readonly ConcurrentDictionary<string, long> _sent = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _latencies = [];
    private readonly ConcurrentDictionary<ConnectorName, DeliveryResult> _failures = [];
    private readonly Dictionary<(ConnectorName Connector, string Reason), long> _givenUp = [];
    private long _transitions;

    public long Transitions => Interlocked.Read(ref _transitions);

    /// <summary>The event with this id is sent now.</summary>
    public void Sending(string messageId) => _sent[messageId] = time.GetTimestamp();

    public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions)
    {
        foreach (Transition transition in transitions)
        {
            string word = transition.Kind == TransitionKind.Entered ? "entered" : "left   ";
            string cause =
                transition.Cause == TransitionCause.Event ? $"event {transition.MessageId}" : transition.Cause.Word();
            output.WriteLine(
                $"  {transition.At.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss}  {transition.Customer, -15}  {word}  "
                    + $"{transition.Segment, -17}  {cause}"
            );
        }

        Interlocked.Add(ref _transitions, transitions.Count);
    }

    public void Stopped(ShardId shard, Exception? error)
    {
        if (error is not null)
        {
            output.WriteLine($"Shard {shard} stopped: {error.Message}");
        }
    }

    public void WillRestart(ShardId shard, Exception error, TimeSpan pause) =>
        output.WriteLine($"Shard {shard} goes on in {pause.TotalSeconds:0.#} s: {error.Message}");

    public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took)
    {
        if (result.Outcome != DeliveryOutcome.Delivered)
        {
            _failures[push.Connector] = result;
        }
    }

    public void PushFinished(Push push, OutboxUpdate end)
    {
        if (end is OutboxUpdate.Dead dead)
        {
            lock (_lock)
            {
                (ConnectorName, string) key = (push.Connector, dead.Reason);
                _givenUp[key] = _givenUp.GetValueOrDefault(key) + 1;
            }
        }

        // Pushes that time alone causes have no event, and nobody waits for them.
        if (end is OutboxUpdate.Delivered && MessageId(push) is { } id && _sent.TryGetValue(id, out long sent))
        {
            lock (_lock)
            {
                _latencies.Add(time.GetElapsedTime(sent));
            }
        }
    }

    /// <summary>How the last attempt of the connector failed; null when none did.</summary>
    public DeliveryResult? LastFailure(ConnectorName connector) => _failures.GetValueOrDefault(connector);

    /// <summary>Why most of the connector's pushes were given up; null when none was.</summary>
    public (string Reason, long Count)? MostGivenUp(ConnectorName connector)
    {
        lock (_lock)
        {
            return _givenUp
                .Where(pair => pair.Key.Connector == connector)
                .OrderByDescending(static pair => pair.Value)
                .ThenBy(static pair => pair.Key.Reason, StringComparer.Ordinal)
                .Select(static pair => ((string, long)?)(pair.Key.Reason, pair.Value))
                .FirstOrDefault();
        }
    }

    /// <summary>What was measured since the last call; null when nothing was.</summary>
    public Latencies? TakeLatencies()
    {
        lock (_lock)
        {
            TimeSpan[] sorted = [.. _latencies.Order()];
            _latencies.Clear();
            return sorted.Length == 0 ? null : new(sorted.Length, At(sorted, 0.5), At(sorted, 0.99));
        }
    }

    private static TimeSpan At(TimeSpan[] sorted, double rank) => sorted[(int)Math.Ceiling(rank * sorted.Length) - 1];

    private static string? MessageId(Push push)
    {
        using var content = JsonDocument.Parse(push.Content);
        return content.RootElement.GetProperty("transition").GetProperty("messageId").GetString();
    }
}
