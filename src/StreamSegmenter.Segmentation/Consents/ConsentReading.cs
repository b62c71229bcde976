using System.Text;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Consents;

/// <summary>What one event says about one channel and purpose.</summary>
/// <param name="Channel">Empty: all of them, with <paramref name="Granted"/> null.</param>
internal readonly record struct ConsentChoice(string Channel, string? Purpose, bool? Granted);

/// <summary>
/// Finds what events say about consents. What has another form than expected says nothing, and is told as a mistake
/// that names the field and the cure: the first of the event.
/// </summary>
internal static class ConsentReading
{
    private const string AnswerForm = "true, false or null";

    private static readonly string NameForm =
        $"a name of 1 to {ConsentEvent.MaxNameLength} characters without control characters";

    /// <summary>Whether the event is one that only tells a consent.</summary>
    public static bool IsConsentEvent(EventView view) =>
        view.Type == EventType.Track && string.Equals(view.Name, ConsentEvent.Name, StringComparison.Ordinal);

    /// <summary>Reads a <see cref="ConsentEvent"/>; null when nothing in it is wrong.</summary>
    public static string? ReadEvent(EventView view, List<ConsentChoice> choices)
    {
        view.Body.TryGetProperty("channel"u8, out JsonCursor channel);
        view.Body.TryGetProperty("purpose"u8, out JsonCursor purpose);
        view.Body.TryGetProperty("granted"u8, out JsonCursor granted);
        bool isForAny =
            purpose.Kind is JsonKind.Missing or JsonKind.Null
            || (purpose.Kind == JsonKind.String && purpose.Utf8.IsEmpty)
            || purpose.ValueEquals("*"u8);
        if (!IsName(channel) || (!isForAny && !IsName(purpose)))
        {
            (string field, JsonCursor value) = IsName(channel) ? ("purpose", purpose) : ("channel", channel);
            return $"{field} of {ConsentEvent.Name} must be {NameForm}, {Found(value)}";
        }

        if (!IsAnswer(granted))
        {
            return $"granted of {ConsentEvent.Name} must be {AnswerForm}, {Found(granted)}";
        }

        choices.Add(new(channel.GetString(), isForAny ? null : purpose.GetString(), AnswerOf(granted)));
        return null;
    }

    /// <summary>Reads the value of an identify's trait <c>consent</c>; null when nothing in it is wrong.</summary>
    public static string? ReadTrait(JsonCursor consent, List<ConsentChoice> choices)
    {
        if (consent.Kind == JsonKind.Null)
        {
            choices.Add(default(ConsentChoice) with { Channel = "" });
            return null;
        }

        if (consent.Kind != JsonKind.Object)
        {
            return $"the trait consent must be an object of channels, or null, {Found(consent)}";
        }

        // What is said of a channel as a whole comes first: {"*": false, "news": true} is a consent to news alone.
        string? mistake = null;
        foreach (JsonMember channel in consent.EnumerateObject())
        {
            bool hasPurposes = channel.Value.Kind == JsonKind.Object;
            channel.Value.TryGetProperty("*"u8, out JsonCursor whole);
            if (!hasPurposes || !whole.IsMissing)
            {
                string? found = Take(channel.Name, null, hasPurposes ? whole : channel.Value, choices);
                mistake ??= found;
            }
        }

        foreach (JsonMember channel in consent.EnumerateObject())
        {
            foreach (JsonMember purpose in channel.Value.EnumerateObject())
            {
                if (!purpose.Utf8Name.SequenceEqual("*"u8))
                {
                    string? found = Take(channel.Name, purpose.Name, purpose.Value, choices);
                    mistake ??= found;
                }
            }
        }

        return mistake;
    }

    public static ConsentSource SourceOf(EventView view)
    {
        if (view.Type == EventType.Identify)
        {
            return ConsentSource.Identify;
        }

        view.Body.TryGetProperty("via"u8, out JsonCursor via);
        return via.ValueEquals("api"u8) ? ConsentSource.Api
            : via.ValueEquals("unsubscribe"u8) ? ConsentSource.Unsubscribe
            : ConsentSource.Event;
    }

    /// <summary>
    /// What the event says beside its consents: for an event in its properties, for an identify, and where they are
    /// silent, in <c>context.consent</c>.
    /// </summary>
    public static string? Detail(EventView view, ReadOnlySpan<byte> name)
    {
        string? own = view.Type == EventType.Track ? Text(view.Body, name) : null;
        return
            own is null
            && view.Root.TryGetProperty("context"u8, out JsonCursor context)
            && context.TryGetProperty("consent"u8, out JsonCursor consent)
            ? Text(consent, name)
            : own;
    }

    private static string? Take(string channel, string? purpose, JsonCursor granted, List<ConsentChoice> choices)
    {
        if (!ConsentEvent.IsName(channel) || (purpose is not null && !ConsentEvent.IsName(purpose)))
        {
            string name = ConsentEvent.IsName(channel) ? purpose! : channel;
            return $"the trait consent names {(name == purpose ? "a purpose" : "a channel")} "
                + $"\"{JsonFault.Excerpt(Encoding.UTF8.GetBytes(name))}\": it must be {NameForm}";
        }

        if (!IsAnswer(granted))
        {
            string of = JsonFault.Excerpt(Encoding.UTF8.GetBytes(purpose is null ? channel : $"{channel}.{purpose}"));
            return $"{of} of the trait consent must be {AnswerForm}, {Found(granted)}";
        }

        choices.Add(new(channel, purpose, AnswerOf(granted)));
        return null;
    }

    private static bool IsName(JsonCursor field) =>
        field.Kind == JsonKind.String && ConsentEvent.IsName(field.GetString());

    private static bool IsAnswer(JsonCursor granted) =>
        granted.Kind is JsonKind.True or JsonKind.False or JsonKind.Null;

    private static bool? AnswerOf(JsonCursor granted) =>
        granted.Kind == JsonKind.Null ? null : granted.Kind == JsonKind.True;

    private static string Found(JsonCursor value) =>
        value.IsMissing ? "and is missing" : $"not {FieldChecks.Describe(value)}";

    private static string? Text(JsonCursor owner, ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out JsonCursor value) && !value.Utf8.IsEmpty ? value.GetString() : null;
}
