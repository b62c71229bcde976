namespace StreamSegmenter.Segmentation.Events;

/// <summary>Why an event goes to the dead letters. The codes of <see cref="RejectReasons.Code"/> are stable.</summary>
public enum RejectReason : byte
{
    None = 0,
    NotJson,
    NotAnObject,
    MissingType,
    UnknownType,
    MissingEventName,

    /// <summary>No time of its own, from a source that gives none either.</summary>
    MissingTime,

    /// <summary>Neither userId nor anonymousId.</summary>
    NoId,
    MissingMessageId,

    /// <summary>A time that is no ISO 8601 date-time, or a day or hour that does not exist.</summary>
    BadTimestamp,

    /// <summary>A time outside the years 0001 to 9999 (in UTC).</summary>
    TimeOutOfRange,

    /// <summary>A field has another JSON type than the spec gives it.</summary>
    WrongType,
    TooLarge,
    TooDeep,

    /// <summary>An id or event name exceeds its length limit.</summary>
    TooLong,

    /// <summary>An id or event name contains U+0000, which stores cannot hold.</summary>
    NulCharacter,
    DuplicateKey,
    NumberOutOfRange,

    /// <summary>Bytes that are not UTF-8, or an escape that names half a surrogate pair.</summary>
    InvalidUtf8,

    /// <summary>The record's key names no customer.</summary>
    NoKey,

    /// <summary>The record lies in another partition than its key says.</summary>
    Misplaced,

    /// <summary>The event was taken, but not all that it says of consents, which has another form.</summary>
    BadConsent,
}

/// <summary>The stable codes of <see cref="RejectReason"/>, for metrics, dead letters and answers.</summary>
public static class RejectReasons
{
    public static string Code(this RejectReason reason) =>
        reason switch
        {
            RejectReason.None => "none",
            RejectReason.NotJson => "not-json",
            RejectReason.NotAnObject => "not-an-object",
            RejectReason.MissingType => "missing-type",
            RejectReason.UnknownType => "unknown-type",
            RejectReason.MissingEventName => "missing-event-name",
            RejectReason.MissingTime => "missing-time",
            RejectReason.NoId => "no-id",
            RejectReason.MissingMessageId => "missing-message-id",
            RejectReason.BadTimestamp => "bad-timestamp",
            RejectReason.TimeOutOfRange => "time-out-of-range",
            RejectReason.WrongType => "wrong-type",
            RejectReason.TooLarge => "too-large",
            RejectReason.TooDeep => "too-deep",
            RejectReason.TooLong => "too-long",
            RejectReason.NulCharacter => "nul-character",
            RejectReason.DuplicateKey => "duplicate-key",
            RejectReason.NumberOutOfRange => "number-out-of-range",
            RejectReason.InvalidUtf8 => "invalid-utf8",
            RejectReason.NoKey => "no-key",
            RejectReason.Misplaced => "misplaced",
            RejectReason.BadConsent => "bad-consent",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason"),
        };

    internal static RejectReason From(JsonFaultReason reason) =>
        reason switch
        {
            JsonFaultReason.TooLarge or JsonFaultReason.TooManyTokens => RejectReason.TooLarge,
            JsonFaultReason.TooDeep => RejectReason.TooDeep,
            JsonFaultReason.DuplicateKey => RejectReason.DuplicateKey,
            JsonFaultReason.InvalidUtf8 or JsonFaultReason.LoneSurrogate => RejectReason.InvalidUtf8,
            JsonFaultReason.NumberOutOfRange => RejectReason.NumberOutOfRange,
            _ => RejectReason.NotJson,
        };
}

/// <summary>The verdict on an event that was refused. <c>default</c> means that nothing was refused.</summary>
/// <param name="Reason">For counting; see <see cref="RejectReasons.Code"/>.</param>
/// <param name="Detail">Names the field and the cure. Never longer than a few hundred characters.</param>
public readonly record struct Rejection(RejectReason Reason, string Detail)
{
    /// <summary>E.g. <c>wrong-type: userId must be a string, not a number: 42</c>.</summary>
    public override string ToString() => $"{Reason.Code()}: {Detail}";
}
