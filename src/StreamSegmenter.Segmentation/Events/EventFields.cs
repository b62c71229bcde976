namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Where the top-level properties that the decoder reads stand on the tape; 0, the place of the event itself, means
/// absent. Found in one pass over the event. Null counts as absent.
/// </summary>
internal struct EventFields
{
    public int Type;
    public int Event;
    public int UserId;
    public int AnonymousId;
    public int MessageId;
    public int Timestamp;
    public int OriginalTimestamp;
    public int SentAt;
    public int ReceivedAt;
    public int Properties;
    public int Traits;
    public int Context;
    public int Integrations;

    /// <summary>Whether each that is there has the JSON type that the spec gives it.</summary>
    public bool AreTyped;

    /// <summary>Finds those of the object on the tape.</summary>
    public void Find(JsonTape tape)
    {
        this = default;
        AreTyped = true;
        int end = tape[0].Next;
        for (int name = 1; name < end; name = tape[name + 1].Next)
        {
            JsonKind kind = tape[name + 1].Kind;
            if (kind != JsonKind.Null)
            {
                Set(tape.StringAt(name), name + 1, kind);
            }
        }
    }

    private void Set(ReadOnlySpan<byte> name, int value, JsonKind kind)
    {
        JsonKind expected = JsonKind.String;
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("type"u8):
                Type = value;
                break;
            case 5 when name.SequenceEqual("event"u8):
                Event = value;
                break;
            case 6 when name.SequenceEqual("userId"u8):
                UserId = value;
                break;
            case 6 when name.SequenceEqual("traits"u8):
                Traits = value;
                expected = JsonKind.Object;
                break;
            case 6 when name.SequenceEqual("sentAt"u8):
                SentAt = value;
                break;
            case 7 when name.SequenceEqual("context"u8):
                Context = value;
                expected = JsonKind.Object;
                break;
            case 9 when name.SequenceEqual("messageId"u8):
                MessageId = value;
                break;
            case 9 when name.SequenceEqual("timestamp"u8):
                Timestamp = value;
                break;
            case 10 when name.SequenceEqual("properties"u8):
                Properties = value;
                expected = JsonKind.Object;
                break;
            case 10 when name.SequenceEqual("receivedAt"u8):
                ReceivedAt = value;
                break;
            case 11 when name.SequenceEqual("anonymousId"u8):
                AnonymousId = value;
                break;
            case 12 when name.SequenceEqual("integrations"u8):
                Integrations = value;
                expected = JsonKind.Object;
                break;
            case 17 when name.SequenceEqual("originalTimestamp"u8):
                OriginalTimestamp = value;
                break;
            default:
                return;
        }

        AreTyped &= kind == expected;
    }
}
