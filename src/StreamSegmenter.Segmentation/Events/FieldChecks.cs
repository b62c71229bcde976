using System.Text;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>Checks single fields of an event: the value, or Missing, and the name for the verdict.</summary>
internal static class FieldChecks
{
    public static bool IsStringOrMissing(JsonCursor field, string name, out Rejection rejection)
    {
        bool isRight = field.Kind is JsonKind.String or JsonKind.Missing;
        rejection = isRight ? default : WrongType(field, name, "a string");
        return isRight;
    }

    public static bool IsObjectOrMissing(JsonCursor field, string name, out Rejection rejection)
    {
        bool isRight = field.Kind is JsonKind.Object or JsonKind.Missing;
        rejection = isRight ? default : WrongType(field, name, "an object");
        return isRight;
    }

    /// <summary>Whether a string may become a key in a store: short enough, and without U+0000.</summary>
    public static bool IsStorable(JsonCursor field, string name, int maxLength, out Rejection rejection)
    {
        ReadOnlySpan<byte> utf8 = field.Utf8;
        if (utf8.Length > maxLength && Encoding.UTF8.GetCharCount(utf8) > maxLength)
        {
            string detail = $"{name} may have at most {maxLength} characters: {Describe(field)}";
            rejection = new(RejectReason.TooLong, detail);
            return false;
        }

        // JSON can write it only as an escape.
        if (field.HasEscapes && utf8.Contains((byte)0))
        {
            rejection = new(RejectReason.NulCharacter, $"{name} must not contain U+0000: {Describe(field)}");
            return false;
        }

        rejection = default;
        return true;
    }

    public static bool TryReadTime(JsonCursor field, string name, out Timestamp? time, out Rejection rejection)
    {
        time = null;
        if (!IsStringOrMissing(field, name, out rejection))
        {
            return false;
        }

        if (field.IsMissing)
        {
            return true;
        }

        Iso8601Result result = Iso8601.Read(field.Utf8, out Timestamp value);
        if (result != Iso8601Result.Ok)
        {
            rejection = BadTime(result, field, name);
            return false;
        }

        time = value;
        return true;
    }

    /// <summary>The value as it is written, shortened.</summary>
    public static string Describe(JsonCursor value) => JsonFault.Excerpt(value.RawUtf8);

    private static Rejection WrongType(JsonCursor field, string name, string wanted) =>
        new(RejectReason.WrongType, $"{name} must be {wanted} or absent, not {Describe(field)}");

    private static Rejection BadTime(Iso8601Result result, JsonCursor field, string name)
    {
        string written = Describe(field);
        return result switch
        {
            Iso8601Result.OutOfRange => new(
                RejectReason.TimeOutOfRange,
                $"{name} must lie in the years 0001 to 9999: {written}"
            ),
            Iso8601Result.NoSuchTime => new(
                RejectReason.BadTimestamp,
                $"{name} names a time that does not exist: {written}"
            ),
            _ => new(
                RejectReason.BadTimestamp,
                $"{name} must be an ISO 8601 time such as 2020-01-31T12:00:00.000Z, not {written}"
            ),
        };
    }
}
