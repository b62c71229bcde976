using StreamSegmenter.Oracle.Events;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>What a customer's events say about being written to.</summary>
internal static class Answers
{
    private const string Everything = "*";

    /// <param name="events">By (time, log order).</param>
    public static IReadOnlyDictionary<(string Channel, string Purpose), bool> Of(IEnumerable<CustomerEvent> events)
    {
        var answers = new Dictionary<(string Channel, string Purpose), bool>();
        foreach (var e in events)
        {
            if (e.IsIdentify && e.Payload.ByName.TryGetValue("consent", out var consent))
            {
                Tell(answers, consent);
            }
            else if (
                e is { Name: "Consent Updated" }
                && AreClear(e.Name, e.Payload, e.Envelope)
                && e.Payload["channel"] is Text channel
            )
            {
                var purpose = e.Payload["purpose"] is Text { Content: not "" } named ? named.Content : Everything;
                Tell(answers, channel.Content, purpose, e.Payload["granted"]);
            }
        }

        return answers;
    }

    /// <summary>Whether all that an event says of being written to has a meaning; what says nothing is clear.</summary>
    public static bool AreClear(string name, Fields payload, Fields envelope)
    {
        var type = (envelope["type"] as Text)?.Content;
        if (type == "identify")
        {
            return !payload.ByName.TryGetValue("consent", out var consent)
                || consent is null
                || (
                    consent is Fields channels
                    && channels.ByName.All(channel =>
                        IsName(channel.Key)
                        && (
                            channel.Value is null or Truth
                            || (
                                channel.Value is Fields purposes
                                && purposes.ByName.All(purpose =>
                                    (purpose.Key == Everything || IsName(purpose.Key)) && purpose.Value is null or Truth
                                )
                            )
                        )
                    )
                );
        }

        return type != "track"
            || name != "Consent Updated"
            || (
                payload["channel"] is Text channelName
                && IsName(channelName.Content)
                && (
                    payload["purpose"] is null or Text { Content: "" or Everything }
                    || (payload["purpose"] is Text purposeName && IsName(purposeName.Content))
                )
                && payload.ByName.TryGetValue("granted", out var answer)
                && answer is null or Truth
            );
    }

    private static bool IsName(string text) =>
        text.Length is >= 1 and <= 100 && text != Everything && !text.Any(char.IsControl);

    private static void Tell(Dictionary<(string Channel, string Purpose), bool> answers, Value? consent)
    {
        if (consent is null)
        {
            answers.Clear();
        }

        foreach (var (channel, value) in (consent as Fields ?? Fields.None).ByName)
        {
            var purposes =
                value as Fields ?? new(new Dictionary<string, Value?>(StringComparer.Ordinal) { [Everything] = value });
            foreach (var (purpose, answer) in purposes.ByName.OrderBy(entry => entry.Key != Everything))
            {
                Tell(answers, channel, purpose, answer);
            }
        }
    }

    private static void Tell(
        Dictionary<(string Channel, string Purpose), bool> answers,
        string channel,
        string purpose,
        Value? answer
    )
    {
        if (answer is null)
        {
            answers.Remove((channel, purpose));
        }
        else if (answer is Truth { Holds: var granted })
        {
            foreach (var key in answers.Keys.Where(key => key.Channel == channel).ToList())
            {
                answers[key] &= granted || purpose != Everything;
            }

            answers[(channel, purpose)] = granted;
        }
    }
}
