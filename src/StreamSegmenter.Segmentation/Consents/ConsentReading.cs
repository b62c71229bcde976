using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Consents;

/// <summary>What one event says about one channel and purpose.</summary>
/// <param name="Channel">Empty: all of them, with <paramref name="Granted"/> null.</param>
internal readonly record struct ConsentChoice(string Channel, string? Purpose, bool? Granted);

/// <summary>Finds what events say about consents. What has another form than expected says nothing.</summary>
internal static class ConsentReading
{
    /// <summary>Whether the event is one that only tells a consent.</summary>
    public static bool IsConsentEvent(EventView view) =>
        view.Type == EventType.Track && string.Equals(view.Name, ConsentEvent.Name, StringComparison.Ordinal);

    /// <summary>Reads a <see cref="ConsentEvent"/>.</summary>
    public static void ReadEvent(EventView view, List<ConsentChoice> choices)
    {
        JsonCursor body = view.Body;
        string? channel = Text(body, "channel"u8);
        string? purpose = Text(body, "purpose"u8);
        body.TryGetProperty("granted"u8, out JsonCursor granted);
        if (channel is not null)
        {
            Add(channel, purpose is ConsentEvent.AnyPurpose ? null : purpose, granted, choices);
        }
    }

    /// <summary>Reads the value of an identify's trait <c>consent</c>.</summary>
    public static void ReadTrait(JsonCursor consent, List<ConsentChoice> choices)
    {
        if (consent.Kind == JsonKind.Null)
        {
            choices.Add(default(ConsentChoice) with { Channel = "" });
        }

        // What is said of a channel as a whole comes first: {"*": false, "news": true} is a consent to news alone.
        foreach (JsonMember channel in consent.EnumerateObject())
        {
            channel.Value.TryGetProperty("*"u8, out JsonCursor whole);
            Add(channel.Name, null, channel.Value.Kind == JsonKind.Object ? whole : channel.Value, choices);
        }

        foreach (JsonMember channel in consent.EnumerateObject())
        {
            foreach (JsonMember purpose in channel.Value.EnumerateObject())
            {
                Add(channel.Name, purpose.Name, purpose.Value, choices);
            }
        }
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

    private static void Add(string channel, string? purpose, JsonCursor granted, List<ConsentChoice> choices)
    {
        bool isNamed = ConsentEvent.IsName(channel) && (purpose is null || ConsentEvent.IsName(purpose));
        if (isNamed && granted.Kind is JsonKind.True or JsonKind.False or JsonKind.Null)
        {
            bool? value = granted.Kind == JsonKind.Null ? null : granted.Kind == JsonKind.True;
            choices.Add(new(channel, purpose, value));
        }
    }

    private static string? Text(JsonCursor owner, ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out JsonCursor value) && !value.Utf8.IsEmpty ? value.GetString() : null;
}
