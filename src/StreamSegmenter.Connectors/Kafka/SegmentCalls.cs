using System.Text;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Kafka;

/// <summary>
/// Writes transitions as Segment's Engage writes those of its audiences: see "Using Engage Data",
/// https://segment.com/docs/engage/using-engage-data/.
/// </summary>
internal static class SegmentCalls
{
    private const string AudienceKey = "audience_key";

    public static ReadOnlyMemory<byte> Identify(Push push, PushFacts facts) =>
        Write(
            push,
            facts,
            json =>
            {
                json.WriteString("type", "identify");
                json.WriteStartObject("traits");
                json.WriteBoolean(KeyOf(facts.Segment), facts.HasEntered);
                json.WriteEndObject();
            }
        );

    public static ReadOnlyMemory<byte> Track(Push push, PushFacts facts) =>
        Write(
            push,
            facts,
            json =>
            {
                json.WriteString("type", "track");
                json.WriteString("event", facts.HasEntered ? "Audience Entered" : "Audience Exited");
                json.WriteStartObject("properties");
                json.WriteString(AudienceKey, KeyOf(facts.Segment));
                json.WriteBoolean(KeyOf(facts.Segment), facts.HasEntered);
                json.WriteEndObject();
            }
        );

    /// <summary>
    /// The segment's name in snake_case: <c>At-risk VIP</c> is <c>at_risk_vip</c>. What is neither letter nor digit
    /// becomes one underscore.
    /// </summary>
    internal static string KeyOf(string segment)
    {
        var key = new StringBuilder(segment.Length);
        foreach (var rune in segment.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                key.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (key.Length > 0 && key[^1] != '_')
            {
                key.Append('_');
            }
        }

        string trimmed = key.ToString().TrimEnd('_');
        // The property that names the audience cannot also be the one that says whether somebody is in it.
        return trimmed is "" or AudienceKey ? $"segment_{trimmed}".TrimEnd('_') : trimmed;
    }

    private static ReadOnlyMemory<byte> Write(Push push, PushFacts facts, Action<Utf8JsonWriter> writeCall) =>
        JsonBody.Write(json =>
        {
            writeCall(json);
            json.WriteString("userId", push.Customer.Value);
            json.WriteString("messageId", push.Id.Value);
            json.WriteString("timestamp", facts.At);
            json.WriteStartObject("context");
            json.WriteStartObject("personas");
            json.WriteString("computation_class", "audience");
            json.WriteString("computation_key", KeyOf(facts.Segment));
            json.WriteEndObject();
            json.WriteEndObject();
        });
}
