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
            else if (e is { Name: "Consent Updated" } && e.Payload["channel"] is Text channel)
            {
                var purpose = e.Payload["purpose"] is Text { Content: not "" } named ? named.Content : Everything;
                if (e.Payload.ByName.TryGetValue("granted", out var answer))
                {
                    Tell(answers, channel.Content, purpose, answer);
                }
            }
        }

        return answers;
    }

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
