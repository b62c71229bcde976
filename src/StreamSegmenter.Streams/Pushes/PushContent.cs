namespace StreamSegmenter.Streams.Pushes;

/// <summary>
/// The JSON of a push, fixed when the transition happened, so that every attempt renders the same bytes:
/// <code>
/// { "customer": "u1",
/// "transition": { "kind": "entered", "at": "2020-01-31T12:00:00.000Z", "cause": "event", "number": 1, "messageId":
/// "m1" },   "segment": { "name": "at-risk-vip", "description": "..." },
///   "profile": { ...traits... },
///   "event": { ...the event that caused it, as it came... } | null,
///   "options": { "template": "vip-outreach", "priority": "urgent", ... all keys of the on-enter entry but "to" } }
/// </code>
/// </summary>
public static class PushContent
{
    public const string Customer = "customer";
    public const string Transition = "transition";
    public const string Segment = "segment";
    public const string Profile = "profile";
    public const string Event = "event";
    public const string Options = "options";

    /// <summary>
    /// In a push that carries others, see <see cref="Policy.PushDigest"/>: an array of
    /// <c>{ "segment", "transition", "event", "options" }</c>, as above, of each push, this one's first.
    /// </summary>
    public const string Digest = "digest";
}
