using System.Globalization;
using System.Text.Json;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>Holds what is in a state store, and what a receiver got, against the oracle.</summary>
public static class Outcome
{
    /// <summary>Fails unless every transition was made once, and every push taken once, whole and in order.</summary>
    public static async Task CheckAsync(
        IReadOnlyList<OracleTransition> expected,
        IReadOnlyList<ExpectedPush> pushes,
        IStateStore store,
        WebhookReceiver receiver
    )
    {
        List<string> transitions = [];
        await foreach (Transition transition in store.Memberships.ReadTransitionsAsync(CancellationToken.None))
        {
            transitions.Add(Line(transition));
        }

        Difference.Between(expected.Select(Line), transitions).ShouldBeEmpty();
        Difference
            .Between(
                pushes.Select(push => $"{push.Id} {push.Connector} {Line(push.Transition)}"),
                receiver.Taken.Select(push => $"{push.Id} {push.Connector} {Line(push)}")
            )
            .ShouldBeEmpty();
        receiver.Complaints.ShouldBeEmpty();
        OrderFaults(receiver.Taken).ShouldBeEmpty();
        (await store.Outbox.CountAsync(CancellationToken.None)).ShouldBe(
            pushes
                .CountBy(push => push.Connector, StringComparer.Ordinal)
                .Select(count =>
                    KeyValuePair.Create(new ConnectorName(count.Key), new OutboxCounts(0, count.Value, 0))
                ),
            ignoreOrder: true
        );
        (await store.DeadLetters.CountAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    /// <summary>Pushes that came before an earlier one of the same customer by the same connector.</summary>
    private static IEnumerable<string> OrderFaults(IReadOnlyList<ReceivedPush> taken)
    {
        Dictionary<(string, string), string> latest = [];
        foreach (ReceivedPush push in taken)
        {
            using var content = JsonDocument.Parse(push.Body);
            string customer = content.RootElement.GetProperty("customer").GetString()!;
            string at = content.RootElement.GetProperty("transition").GetProperty("at").GetString()!;
            if (string.CompareOrdinal(at, latest.GetValueOrDefault((push.Connector, customer))) < 0)
            {
                yield return push.ToString();
            }

            latest[(push.Connector, customer)] = at;
        }
    }

    private static string Line(OracleTransition t) =>
        Line(new(t.At), t.Customer, t.Segment, t.Entered ? "entered" : "exited", t.Cause, t.Sequence, t.MessageId);

    private static string Line(Transition t)
    {
        string kind = t.Kind == TransitionKind.Entered ? "entered" : "exited";
        return Line(t.At, t.Customer.Value, t.Segment.Value, kind, t.Cause.Word(), t.Number, t.MessageId);
    }

    private static string Line(ReceivedPush push)
    {
        using var content = JsonDocument.Parse(push.Body);
        JsonElement transition = content.RootElement.GetProperty("transition");
        return Line(
            new(transition.GetProperty("at").GetDateTimeOffset().ToUnixTimeMilliseconds()),
            content.RootElement.GetProperty("customer").GetString()!,
            content.RootElement.GetProperty("segment").GetProperty("name").GetString()!,
            transition.GetProperty("kind").GetString()!,
            transition.GetProperty("cause").GetString()!,
            transition.GetProperty("number").GetInt64(),
            transition.GetProperty("messageId").GetString()
        );
    }

    private static string Line(
        Timestamp at,
        string customer,
        string segment,
        string kind,
        string cause,
        long number,
        string? messageId
    ) => string.Create(CultureInfo.InvariantCulture, $"{at} {customer} {segment} {kind} {number} {cause} {messageId}");
}
