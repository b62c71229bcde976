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
    private readonly EventView _view;

    public EventDecoder(EventLimits limits)
    {
        _tape = new JsonTape(limits);
        _limits = limits;
        _view = new EventView(_tape);
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
        bool isValid =
            TryParse(utf8, out rejection)
            && TryReadType(impliedType, out rejection)
            && TryReadName(out rejection)
            && TryReadIds(out rejection)
            && TryReadTimes(out rejection)
            && AreObjects(out rejection);
        if (!isValid)
        {
            _view.Clear();
        }

        return isValid;
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
            string detail = $"an event must be a JSON object, not {FieldChecks.Describe(root)}";
            rejection = new(RejectReason.NotAnObject, detail);
            return false;
        }

        _view.Fields.Find(_tape);
        rejection = default;
        return true;
    }

    private bool TryReadType(EventType? impliedType, out Rejection rejection)
    {
        const string words = "one of track, identify, page, screen, group, alias";
        JsonCursor field = _view.At(_view.Fields.Type);
        if (!IsString(field, "type", out rejection))
        {
            return false;
        }

        if (impliedType is { } implied)
        {
            _view.Type = implied;
            return true;
        }

        if (EventTypes.TryParse(field.Utf8, out EventType type))
        {
            _view.Type = type;
            return true;
        }

        rejection = field.IsMissing
            ? new(RejectReason.MissingType, $"the event needs a type: {words}")
            : new(RejectReason.UnknownType, $"type must be {words}, not {FieldChecks.Describe(field)}");
        return false;
    }

    private bool TryReadName(out Rejection rejection)
    {
        JsonCursor field = _view.At(_view.Fields.Event);
        if (!IsString(field, "event", out rejection))
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

        if (!FieldChecks.IsStorable(field, "event", _limits.MaxNameLength, out rejection))
        {
            return false;
        }

        _view.Name = _names.Get(field.Utf8);
        return true;
    }

    private bool TryReadIds(out Rejection rejection)
    {
        ref EventFields fields = ref _view.Fields;
        if (
            !TryReadId(ref fields.UserId, "userId", out rejection)
            || !TryReadId(ref fields.AnonymousId, "anonymousId", out rejection)
            || !TryReadId(ref fields.MessageId, "messageId", out rejection)
        )
        {
            return false;
        }

        if (_view.Customer.IsMissing)
        {
            rejection = new(RejectReason.NoId, "the event needs a userId or an anonymousId that is not empty");
            return false;
        }

        JsonCursor messageId = _view.MessageId;
        if (messageId.IsMissing && _limits.RequireMessageId)
        {
            rejection = new(RejectReason.MissingMessageId, "this source must give every event a messageId");
            return false;
        }

        _view.MessageKey = messageId.IsMissing ? 0 : Math.Max(1, XxHash64.Hash(messageId.Utf8));
        return true;
    }

    /// <summary>Checks an id, and empties the field if the id is the empty string.</summary>
    private bool TryReadId(ref int field, string name, out Rejection rejection)
    {
        if (field == 0)
        {
            rejection = default;
            return true;
        }

        JsonCursor id = _view.At(field);
        if (!IsString(id, name, out rejection))
        {
            return false;
        }

        if (id.Utf8.IsEmpty)
        {
            field = 0;
            return true;
        }

        return FieldChecks.IsStorable(id, name, _limits.MaxIdLength, out rejection);
    }

    private bool TryReadTimes(out Rejection rejection)
    {
        ref EventFields fields = ref _view.Fields;
        if (
            !TryReadTime(fields.Timestamp, "timestamp", out Timestamp? declared, out rejection)
            || !TryReadTime(fields.OriginalTimestamp, "originalTimestamp", out Timestamp? original, out rejection)
            || !TryReadTime(fields.SentAt, "sentAt", out Timestamp? sent, out rejection)
            || !TryReadTime(fields.ReceivedAt, "receivedAt", out Timestamp? received, out rejection)
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

    private bool TryReadTime(int field, string name, out Timestamp? time, out Rejection rejection)
    {
        time = null;
        rejection = default;
        return field == 0 || FieldChecks.TryReadTime(_view.At(field), name, out time, out rejection);
    }

    private bool AreObjects(out Rejection rejection)
    {
        ref EventFields fields = ref _view.Fields;
        rejection = default;
        return fields.AreTyped
            || (
                FieldChecks.IsObjectOrMissing(_view.At(fields.Properties), "properties", out rejection)
                && FieldChecks.IsObjectOrMissing(_view.At(fields.Traits), "traits", out rejection)
                && FieldChecks.IsObjectOrMissing(_view.At(fields.Context), "context", out rejection)
                && FieldChecks.IsObjectOrMissing(_view.At(fields.Integrations), "integrations", out rejection)
            );
    }

    private bool IsString(JsonCursor field, string name, out Rejection rejection)
    {
        rejection = default;
        return _view.Fields.AreTyped || FieldChecks.IsStringOrMissing(field, name, out rejection);
    }
}
