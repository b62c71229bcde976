using System.Buffers.Binary;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>What <see cref="Iso8601.Read"/> found.</summary>
public enum Iso8601Result : byte
{
    Ok = 0,

    /// <summary>Not written like a date or date-time.</summary>
    Malformed,

    /// <summary>Written well, but there is no such day, hour, minute, second or zone, e.g. 2023-02-29.</summary>
    NoSuchTime,

    /// <summary>Outside the years 0001 to 9999, in UTC.</summary>
    OutOfRange,
}

/// <summary>
/// Reads ISO 8601 dates and date-times in the extended format, as event producers write them:
/// <c>YYYY-MM-DD</c>, or that, then <c>T</c>, <c>t</c> or a space, <c>hh:mm</c>, maybe <c>:ss</c>, maybe a fraction of
/// any length behind <c>.</c> or <c>,</c>, maybe a zone: <c>Z</c>, <c>z</c>, <c>±hh</c>, <c>±hhmm</c> or <c>±hh:mm</c>.
/// Without a zone it is UTC; a date is its midnight in UTC. Digits behind the milliseconds are cut, so that the instant
/// moves to the earlier millisecond. A leap second (60) is the next second. Nothing may stand before or after it.
/// </summary>
public static class Iso8601
{
    private const int UsualLength = 24;
    private const int DateLength = 10;
    private const int MinuteLength = 6;
    private const int SecondLength = 3;
    private const int MillisecondsPerMinute = 60_000;
    private const int MillisecondsPerDay = 86_400_000;

    private static readonly EightBytes UsualMonth = new("0000-00-"u8);
    private static readonly EightBytes UsualMinute = new("00T00:00"u8);
    private static readonly EightBytes UsualSecond = new(":00.000Z"u8);
    private static readonly Timestamp Earliest = Timestamp.From(DateTimeOffset.MinValue);
    internal static readonly Timestamp Latest = Timestamp.From(DateTimeOffset.MaxValue);

    public static bool TryParse(ReadOnlySpan<byte> utf8, out Timestamp value) =>
        Read(utf8, out value) == Iso8601Result.Ok;

    /// <summary>Like <see cref="TryParse"/>, but says what is wrong.</summary>
    public static Iso8601Result Read(ReadOnlySpan<byte> utf8, out Timestamp value)
    {
        if (TryReadUsual(utf8, out value))
        {
            return Iso8601Result.Ok;
        }

        if (!TryReadDate(utf8, out int year, out int month, out int day))
        {
            return Iso8601Result.Malformed;
        }

        int timeOfDay = 0;
        int offset = 0;
        if (utf8.Length > DateLength)
        {
            Iso8601Result result = ReadTime(utf8[DateLength..], out timeOfDay, out offset);
            if (result != Iso8601Result.Ok)
            {
                return result;
            }
        }

        if (year == 0)
        {
            return Iso8601Result.OutOfRange;
        }

        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return Iso8601Result.NoSuchTime;
        }

        long midnight = DaysSinceEpoch(year, month, day) * MillisecondsPerDay;
        value = new Timestamp(midnight + timeOfDay - offset);
        return IsInRange(value) ? Iso8601Result.Ok : Iso8601Result.OutOfRange;
    }

    internal static bool IsInRange(Timestamp value) => value >= Earliest && value <= Latest;

    internal static Timestamp Clamp(Timestamp value) => Timestamp.Max(Earliest, Timestamp.Min(Latest, value));

    /// <summary>
    /// Reads what almost every producer writes, YYYY-MM-DDThh:mm:ss.fffZ, in a fraction of the time that the other
    /// forms take. False says nothing of the text.
    /// </summary>
    private static bool TryReadUsual(ReadOnlySpan<byte> utf8, out Timestamp value)
    {
        value = default;
        if (
            utf8.Length != UsualLength
            || !UsualMonth.TryRead(utf8, out ulong month)
            || !UsualMinute.TryRead(utf8[8..], out ulong minute)
            || !UsualSecond.TryRead(utf8[16..], out ulong second)
        )
        {
            return false;
        }

        uint year = (100 * TwoDigits(month, 0)) + TwoDigits(month, 2);
        uint monthOfYear = TwoDigits(month, 5);
        uint day = TwoDigits(minute, 0);
        uint hour = TwoDigits(minute, 3);
        uint minuteOfHour = TwoDigits(minute, 6);
        uint secondOfMinute = TwoDigits(second, 1);

        // Days that not every month has are for the longer way.
        if (year == 0 || monthOfYear - 1 > 11 || day - 1 > 27 || hour > 23 || minuteOfHour > 59 || secondOfMinute > 59)
        {
            return false;
        }

        uint timeOfDay = (((((hour * 60) + minuteOfHour) * 60) + secondOfMinute) * 1000) + ThreeDigits(second, 4);
        value = new Timestamp((DaysSinceEpoch((int)year, (int)monthOfYear, (int)day) * MillisecondsPerDay) + timeOfDay);
        return true;
    }

    private static uint TwoDigits(ulong digits, int at) =>
        ((byte)(digits >> (8 * at)) * 10u) + (byte)(digits >> (8 * at + 8));

    private static uint ThreeDigits(ulong digits, int at) =>
        (TwoDigits(digits, at) * 10) + (byte)(digits >> (8 * at + 16));

    private static bool TryReadDate(ReadOnlySpan<byte> utf8, out int year, out int month, out int day)
    {
        year = month = day = 0;
        if (
            utf8.Length < DateLength
            || !TryReadTwoDigits(utf8, out int century)
            || !TryReadTwoDigits(utf8[2..], out int yearOfCentury)
            || utf8[4] != (byte)'-'
            || !TryReadTwoDigits(utf8[5..], out month)
            || utf8[7] != (byte)'-'
        )
        {
            return false;
        }

        year = (century * 100) + yearOfCentury;
        return TryReadTwoDigits(utf8[8..], out day);
    }

    /// <summary>Reads what follows the date: <c>Thh:mm[:ss[.fff]][zone]</c>.</summary>
    private static Iso8601Result ReadTime(ReadOnlySpan<byte> text, out int milliseconds, out int offset)
    {
        milliseconds = 0;
        offset = 0;
        if (
            text.Length < MinuteLength
            || text[0] is not ((byte)'T' or (byte)'t' or (byte)' ')
            || !TryReadTwoDigits(text[1..], out int hour)
            || text[3] != (byte)':'
            || !TryReadTwoDigits(text[4..], out int minute)
        )
        {
            return Iso8601Result.Malformed;
        }

        text = text[MinuteLength..];
        int second = 0;
        int fraction = 0;
        if (!text.IsEmpty && text[0] == (byte)':')
        {
            if (text.Length < SecondLength || !TryReadTwoDigits(text[1..], out second))
            {
                return Iso8601Result.Malformed;
            }

            text = text[SecondLength..];
            if (!TryReadFraction(ref text, out fraction))
            {
                return Iso8601Result.Malformed;
            }
        }

        milliseconds = (((((hour * 60) + minute) * 60) + second) * 1000) + fraction;
        Iso8601Result zone = ReadZone(text, out offset);
        return zone == Iso8601Result.Ok && (hour > 23 || minute > 59 || second > 60) ? Iso8601Result.NoSuchTime : zone;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> text, out int milliseconds)
    {
        milliseconds = 0;
        if (text.IsEmpty || text[0] is not ((byte)'.' or (byte)','))
        {
            return true;
        }

        text = text[1..];
        int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        for (int i = 0, unit = 100; i < Math.Min(digits, 3); i++, unit /= 10)
        {
            milliseconds += (text[i] - '0') * unit;
        }

        text = text[digits..];
        return digits > 0;
    }

    private static Iso8601Result ReadZone(ReadOnlySpan<byte> text, out int offset)
    {
        offset = 0;
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
        {
            return Iso8601Result.Ok;
        }

        int minute = 0;
        bool isWellFormed =
            TryReadTwoDigits(text[1..], out int hour)
            && text[0] is (byte)'+' or (byte)'-'
            && text.Length switch
            {
                3 => true,
                5 => TryReadTwoDigits(text[3..], out minute),
                6 => text[3] == (byte)':' && TryReadTwoDigits(text[4..], out minute),
                _ => false,
            };
        if (!isWellFormed)
        {
            return Iso8601Result.Malformed;
        }

        offset = ((hour * 60) + minute) * (text[0] == (byte)'-' ? -MillisecondsPerMinute : MillisecondsPerMinute);
        return hour <= 23 && minute <= 59 ? Iso8601Result.Ok : Iso8601Result.NoSuchTime;
    }

    private static bool TryReadTwoDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length < 2)
        {
            return false;
        }

        int tens = text[0] - '0';
        int ones = text[1] - '0';
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }

    /// <summary>Days since 1970-01-01. Years are counted from 1 March, so that leap days come last.</summary>
    private static long DaysSinceEpoch(int year, int month, int day)
    {
        const int daysFromYear0ToEpoch = 719_468;
        int marchYear = month > 2 ? year : year - 1;
        int marchMonth = month > 2 ? month - 3 : month + 9;
        int leapDays = (marchYear / 4) - (marchYear / 100) + (marchYear / 400);
        int dayOfYear = (((153 * marchMonth) + 2) / 5) + day - 1;
        return (365L * marchYear) + leapDays + dayOfYear - daysFromYear0ToEpoch;
    }

    /// <summary>How eight bytes are written: any digit for each 0, and everything else as it stands.</summary>
    private readonly struct EightBytes(ReadOnlySpan<byte> form)
    {
        private const ulong HighestBits = 0x8080_8080_8080_8080;
        private readonly ulong _form = BinaryPrimitives.ReadUInt64LittleEndian(form);

        // What is to be added for the highest bit of each byte to say that it is more than 9, or else more than 0.
        private readonly ulong _room = BinaryPrimitives.ReadUInt64LittleEndian(RoomOf(form));

        /// <summary>The digits, each in its byte; in all others 0.</summary>
        public bool TryRead(ReadOnlySpan<byte> text, out ulong digits)
        {
            digits = BinaryPrimitives.ReadUInt64LittleEndian(text) ^ _form;
            return ((digits | unchecked(digits + _room)) & HighestBits) == 0;
        }

        private static byte[] RoomOf(ReadOnlySpan<byte> form)
        {
            byte[] room = new byte[form.Length];
            for (int i = 0; i < room.Length; i++)
            {
                room[i] = (byte)(sbyte.MaxValue - (form[i] == (byte)'0' ? 9 : 0));
            }

            return room;
        }
    }
}
