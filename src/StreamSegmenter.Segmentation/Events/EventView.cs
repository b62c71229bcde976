using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// One valid event, read without copying it. It belongs to its <see cref="EventDecoder"/>, which reuses it: it and all
/// cursors are valid until that decoder's next call, as long as the event's bytes stay unchanged.
/// </summary>
public sealed class EventView
{
    private readonly JsonTape _tape;
    private EventFields _fields;

    internal EventView(JsonTape tape)
    {
        _tape = tape;
    }

    public EventType Type { get; internal set; }

    /// <summary>
    /// The name that rules use: <c>event</c> of a track, else <c>page</c>, <c>screen</c>, <c>identify</c>, <c>group</c>
    /// or <c>alias</c>. Recurring names are the same instance.
    /// </summary>
    public string Name { get; internal set; } = "";

    /// <summary>The whole event.</summary>
    public JsonCursor Root => Type == default ? default : _tape.Root;

    /// <summary>
    /// The object that bare paths of a rule read: <c>properties</c>, or for identify and group <c>traits</c>.
    /// Missing if absent or null.
    /// </summary>
    public JsonCursor Body => At(Type is EventType.Identify or EventType.Group ? _fields.Traits : _fields.Properties);

    /// <summary>A non-empty string, or Missing.</summary>
    public JsonCursor MessageId => At(_fields.MessageId);

    /// <summary>The <see cref="XxHash64"/> of <see cref="MessageId"/>, 0 made 1; 0 without one.</summary>
    public ulong MessageKey { get; internal set; }

    /// <summary>A non-empty string, or Missing.</summary>
    public JsonCursor UserId => At(_fields.UserId);

    /// <summary>A non-empty string, or Missing.</summary>
    public JsonCursor AnonymousId => At(_fields.AnonymousId);

    /// <summary>The id that names the customer: <see cref="UserId"/>, else <see cref="AnonymousId"/>.</summary>
    public JsonCursor Customer => At(_fields.UserId != 0 ? _fields.UserId : _fields.AnonymousId);

    /// <summary>When the ingest received the event, as the event says.</summary>
    public Timestamp? ReceivedAt { get; internal set; }

    /// <summary>When the producer's clock said that it sent the event.</summary>
    public Timestamp? SentAt { get; internal set; }

    /// <summary>When the producer's clock said that it happened.</summary>
    public Timestamp? OriginalTimestamp { get; internal set; }

    /// <summary>The event's <c>timestamp</c>: when it happened, as far as its producer knows.</summary>
    public Timestamp? DeclaredTimestamp { get; internal set; }

    /// <summary>The customer as a newly allocated id; <see cref="Customer"/> is the same without allocation.</summary>
    public bool TryGetCustomer(out CustomerId customer)
    {
        customer = Customer.IsMissing ? default : new CustomerId(Customer.GetString());
        return !Customer.IsMissing;
    }

    /// <summary>
    /// When the event happened: <c>timestamp</c>; else, if <c>sentAt</c> and <c>originalTimestamp</c> are both there,
    /// the time received less the time that the producer held it back, which cancels the error of its clock; else the
    /// time received; else null. The result stays within the years 0001 to 9999.
    /// </summary>
    /// <param name="receivedAt">The time received, used if the event has no <c>receivedAt</c> of its own.</param>
    public Timestamp? EventTime(Timestamp? receivedAt)
    {
        Timestamp? received = ReceivedAt ?? receivedAt;
        if (DeclaredTimestamp is not null)
        {
            return DeclaredTimestamp;
        }

        return received is { } at && SentAt is { } sent && OriginalTimestamp is { } original
            ? Iso8601.Clamp(at.Minus(sent.Milliseconds - original.Milliseconds))
            : received;
    }

    internal void Clear()
    {
        Type = default;
        Name = "";
        _fields = default;
        MessageKey = 0;
        ReceivedAt = SentAt = OriginalTimestamp = DeclaredTimestamp = null;
    }

    /// <summary>The top-level properties; the decoder empties those that count as absent.</summary>
    internal ref EventFields Fields => ref _fields;

    internal JsonCursor At(int field) => field == 0 ? default : new JsonCursor(_tape, field);
}
