namespace StreamSegmenter.Segmentation.Events;

/// <summary>The six calls of the Segment Spec.</summary>
public enum EventType : byte
{
    Track = 1,
    Identify = 2,
    Page = 3,
    Screen = 4,
    Group = 5,
    Alias = 6,
}

/// <summary>The words for <see cref="EventType"/> in JSON.</summary>
public static class EventTypes
{
    public static string Word(this EventType type) =>
        type switch
        {
            EventType.Track => "track",
            EventType.Identify => "identify",
            EventType.Page => "page",
            EventType.Screen => "screen",
            EventType.Group => "group",
            EventType.Alias => "alias",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an event type"),
        };

    /// <summary>Reads the word; lower case only, as the spec has it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out EventType type)
    {
        type =
            utf8.SequenceEqual("track"u8) ? EventType.Track
            : utf8.SequenceEqual("identify"u8) ? EventType.Identify
            : utf8.SequenceEqual("page"u8) ? EventType.Page
            : utf8.SequenceEqual("screen"u8) ? EventType.Screen
            : utf8.SequenceEqual("group"u8) ? EventType.Group
            : utf8.SequenceEqual("alias"u8) ? EventType.Alias
            : default;
        return type != default;
    }
}
