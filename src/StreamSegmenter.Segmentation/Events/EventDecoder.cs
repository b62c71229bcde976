using System.Text;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Reads and validates events in the shape of the Segment Spec. In steady state it allocates nothing for a valid event.
/// Not thread-safe: one per thread.
/// </summary>
public sealed class EventDecoder
{
    private const int CachedNames = 2048;

    private readonly EventLimits _limits;
    private readonly JsonTape _tape;
    private readonly Utf8StringTable _names = new(CachedNames);
    private readonly EventView _view = new();
    private EventFields _fields;

    public EventDecoder(EventLimits limits)
    {
        _tape = new JsonTape(limits);
        _limits = limits;
    }

    /// <summary>
    /// Reads one event. On failure <paramref name="rejection"/> says why, and <paramref name="view"/> is empty.
    /// Null counts as absent everywhere, an empty string as an absent id.
    /// </summary>
    public bool TryDecode(ReadOnlyMemory<byte> utf8, out EventView view, out Rejection rejection) =>
        TryDecode(utf8, impliedType: null, out view, out rejection);

    /// <summary>
    /// Reads one event whose type is known otherwise, e.g. from the address to which it was posted:
    /// <paramref name="impliedType"/> then goes before the event's own <c>type</c>, which may be absent.
    /// </summary>
    public bool TryDecode(
        ReadOnlyMemory<byte> utf8,
        EventType? impliedType,
        out EventView view,
        out Rejection rejection
    )
    {
        view = _view;
        _view.Clear();
        if (TryParse(utf8, out rejection) && TryFill(impliedType, out rejection))
        {
            return true;
        }

        _view.Clear();
        return false;
    }

    private bool TryParse(ReadOnlyMemory<byte> utf8, out Rejection rejection)
    {
        if (!_tape.TryParse(utf8, out JsonFault fault))
        {
            rejection = new(RejectReasons.From(fault.Reason), fault.Message);
            return false;
        }

        JsonCursor root = _tape.Root;
        if (root.Kind != JsonKind.Object)
        {
            rejection = new(RejectReason.NotAnObject, $"an event must be a JSON object, not {Describe(root)}");
            return false;
        }

        _view.Root = root;
        _fields = EventFields.Of(root);
        rejection = default;
        return true;
    }

    private bool TryFill(EventType? impliedType, out Rejection rejection) =>
        TryReadType(impliedType, out rejection)
        && TryReadName(out rejection)
        && TryReadIds(out rejection)
        && TryReadTimes(out rejection)
        && TryReadObjects(out rejection);

    private bool TryReadType(EventType? impliedType, out Rejection rejection)
    {
        const string words = "one of track, identify, page, screen, group, alias";
        JsonCursor field = _fields.Type;
        if (!IsKindOrMissing(field, JsonKind.String, "type", out rejection))
        {
            return false;
        }

        if (impliedType is { } implied)
        {
            _view.Type = implied;
            return true;
        }

        if (field.IsMissing)
        {
            rejection = new(RejectReason.MissingType, $"the event needs a type: {words}");
            return false;
        }

        if (!EventTypes.TryParse(field.Utf8, out EventType type))
        {
            rejection = new(RejectReason.UnknownType, $"type must be {words}, not {Describe(field)}");
            return false;
        }

        _view.Type = type;
        return true;
    }

    private bool TryReadName(out Rejection rejection)
    {
        JsonCursor field = _fields.Event;
        if (!IsKindOrMissing(field, JsonKind.String, "event", out rejection))
        {
            return false;
        }

        if (_view.Type != EventType.Track)
        {
            _view.Name = _view.Type.Word();
            return true;
        }

        if (field.Utf8.IsEmpty)
        {
            rejection = new(RejectReason.MissingEventName, "a track event needs its name in event");
            return false;
        }

        if (!IsStorable(field, "event", _limits.MaxNameLength, out rejection))
        {
            return false;
        }

        _view.Name = _names.Get(field.Utf8);
        return true;
    }

    private bool TryReadIds(out Rejection rejection)
    {
        if (
            !TryReadId(_fields.UserId, "userId", out JsonCursor userId, out rejection)
            || !TryReadId(_fields.AnonymousId, "anonymousId", out JsonCursor anonymousId, out rejection)
            || !TryReadId(_fields.MessageId, "messageId", out JsonCursor messageId, out rejection)
        )
        {
            return false;
        }

        if (userId.IsMissing && anonymousId.IsMissing)
        {
            rejection = new(RejectReason.NoId, "the event needs a userId or an anonymousId that is not empty");
            return false;
        }

        if (messageId.IsMissing && _limits.RequireMessageId)
        {
            rejection = new(RejectReason.MissingMessageId, "this source must give every event a messageId");
            return false;
        }

        _view.UserId = userId;
        _view.AnonymousId = anonymousId;
        _view.MessageId = messageId;
        _view.MessageKey = messageId.IsMissing ? 0 : Math.Max(1, XxHash64.Hash(messageId.Utf8));
        return true;
    }

    private bool TryReadId(JsonCursor field, string name, out JsonCursor id, out Rejection rejection)
    {
        id = default;
        if (!IsKindOrMissing(field, JsonKind.String, name, out rejection))
        {
            return false;
        }

        if (field.Utf8.IsEmpty)
        {
            return true;
        }

        id = field;
        return IsStorable(field, name, _limits.MaxIdLength, out rejection);
    }

    private bool TryReadTimes(out Rejection rejection)
    {
        if (
            !TryReadTime(_fields.Timestamp, "timestamp", out Timestamp? declared, out rejection)
            || !TryReadTime(_fields.OriginalTimestamp, "originalTimestamp", out Timestamp? original, out rejection)
            || !TryReadTime(_fields.SentAt, "sentAt", out Timestamp? sent, out rejection)
            || !TryReadTime(_fields.ReceivedAt, "receivedAt", out Timestamp? received, out rejection)
        )
        {
            return false;
        }

        _view.DeclaredTimestamp = declared;
        _view.OriginalTimestamp = original;
        _view.SentAt = sent;
        _view.ReceivedAt = received;
        return true;
    }

    private static bool TryReadTime(JsonCursor field, string name, out Timestamp? time, out Rejection rejection)
    {
        time = null;
        if (!IsKindOrMissing(field, JsonKind.String, name, out rejection) || field.IsMissing)
        {
            return rejection == default;
        }

        Iso8601Result result = Iso8601.Read(field.Utf8, out Timestamp value);
        if (result == Iso8601Result.Ok)
        {
            time = value;
            return true;
        }

        rejection = result switch
        {
            Iso8601Result.OutOfRange => new(
                RejectReason.TimeOutOfRange,
                $"{name} must lie in the years 0001 to 9999: {Describe(field)}"
            ),
            Iso8601Result.NoSuchTime => new(
                RejectReason.BadTimestamp,
                $"{name} names a time that does not exist: {Describe(field)}"
            ),
            _ => new(
                RejectReason.BadTimestamp,
                $"{name} must be an ISO 8601 time such as 2020-01-31T12:00:00.000Z, not {Describe(field)}"
            ),
        };
        return false;
    }

    private bool TryReadObjects(out Rejection rejection)
    {
        _view.Body = _view.Type is EventType.Identify or EventType.Group ? _fields.Traits : _fields.Properties;
        return IsKindOrMissing(_fields.Properties, JsonKind.Object, "properties", out rejection)
            && IsKindOrMissing(_fields.Traits, JsonKind.Object, "traits", out rejection)
            && IsKindOrMissing(_fields.Context, JsonKind.Object, "context", out rejection)
            && IsKindOrMissing(_fields.Integrations, JsonKind.Object, "integrations", out rejection);
    }

    private static bool IsKindOrMissing(JsonCursor field, JsonKind kind, string name, out Rejection rejection)
    {
        bool isRight = field.IsMissing || field.Kind == kind;
        rejection = isRight
            ? default
            : new(
                RejectReason.WrongType,
                $"{name} must be {(kind == JsonKind.String ? "a string" : "an object")} or absent, not {Describe(field)}"
            );
        return isRight;
    }

    /// <summary>Whether a string may become a key in a store: short enough, and without U+0000.</summary>
    private static bool IsStorable(JsonCursor field, string name, int maxLength, out Rejection rejection)
    {
        ReadOnlySpan<byte> utf8 = field.Utf8;
        if (utf8.Length > maxLength && Encoding.UTF8.GetCharCount(utf8) > maxLength)
        {
            rejection = new(RejectReason.TooLong, $"{name} may have {maxLength} characters: {Describe(field)}");
            return false;
        }

        if (utf8.Contains((byte)0))
        {
            rejection = new(RejectReason.NulCharacter, $"{name} must not contain U+0000: {Describe(field)}");
            return false;
        }

        rejection = default;
        return true;
    }

    private static string Describe(JsonCursor value) => JsonFault.Excerpt(value.RawUtf8);
}
