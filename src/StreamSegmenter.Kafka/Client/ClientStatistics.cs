using System.Text.Json;

namespace StreamSegmenter.Kafka.Client;

/// <summary>
/// What a client tells of itself every <see cref="Interval"/>. A broker that has begun, but has not heard of its
/// cluster yet, answers that there are no brokers at all; the client believes that, and never asks anybody again
/// (librdkafka 2.10 to 2.15, issue 5301). Nothing else shows that: it reports no error.
/// </summary>
internal static class ClientStatistics
{
    public const string Interval = "5000";

    /// <summary>Whether the client knows no brokers any more, neither those it was given nor others.</summary>
    /// <param name="statistics">As the client wrote them.</param>
    public static bool KnowsNobody(string statistics)
    {
        using var all = JsonDocument.Parse(statistics);
        return all.RootElement.TryGetProperty("brokers", out JsonElement brokers)
            && !brokers.EnumerateObject().Any(broker => IsMachine(broker.Value));
    }

    // The others are its own: for what it does inside, and for whichever broker coordinates its group.
    private static bool IsMachine(JsonElement broker) =>
        broker.GetProperty("source").GetString() is "configured" or "learned";
}
