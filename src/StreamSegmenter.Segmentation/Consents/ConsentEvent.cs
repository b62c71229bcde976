namespace StreamSegmenter.Segmentation.Consents;

/// <summary>
/// The track event by which a consent is told:
/// <code>
/// { "type": "track", "event": "Consent Updated", "userId": "u1", "properties": { "channel": "email",
///   "purpose": "marketing", "granted": false, "source": "preference centre", "policyVersion": "2026-03" } }
/// </code>
/// Without <c>purpose</c> it is about every purpose that has no consent of its own; <c>granted</c> null takes back what
/// was said. The others may be absent.
/// </summary>
public static class ConsentEvent
{
    public const string Name = "Consent Updated";
    public const string Channel = "channel";
    public const string Purpose = "purpose";
    public const string Granted = "granted";
    public const string Source = "source";
    public const string PolicyVersion = "policyVersion";

    /// <summary>Set by a node that writes the event itself: the word of a <see cref="ConsentSource"/>.</summary>
    public const string Via = "via";

    /// <summary>Where a purpose is asked for, it means every purpose that has no consent of its own.</summary>
    public const string AnyPurpose = "*";

    /// <summary>In characters, of a channel's or a purpose's name.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Whether there can be a channel or purpose of this name.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && !name.Any(char.IsControl) && name != AnyPurpose;
}
