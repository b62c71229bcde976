using System.Globalization;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>An instant as whole milliseconds since 1970-01-01T00:00:00Z: every time of the engine.</summary>
public readonly record struct Timestamp(long Milliseconds) : IComparable<Timestamp>
{
    /// <summary>Later than every instant; used as "never".</summary>
    public static readonly Timestamp Never = new(long.MaxValue);

    /// <summary>Earlier than every instant; used as "before anything happened".</summary>
    public static readonly Timestamp Beginning = new(long.MinValue);

    public static Timestamp From(DateTimeOffset instant) => new(instant.ToUnixTimeMilliseconds());

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    /// <summary>Saturates at <see cref="Never"/> and <see cref="Beginning"/> instead of wrapping around.</summary>
    public Timestamp Plus(long milliseconds)
    {
        if (this == Never || this == Beginning)
        {
            return this;
        }

        long sum = unchecked(Milliseconds + milliseconds);
        bool overflowed = ((Milliseconds ^ sum) & (milliseconds ^ sum)) < 0;
        return new(overflowed ? (milliseconds > 0 ? long.MaxValue : long.MinValue) : sum);
    }

    public Timestamp Minus(long milliseconds) => Plus(-milliseconds);

    public static Timestamp Min(Timestamp a, Timestamp b) => a.Milliseconds <= b.Milliseconds ? a : b;

    public static Timestamp Max(Timestamp a, Timestamp b) => a.Milliseconds >= b.Milliseconds ? a : b;

    public int CompareTo(Timestamp other) => Milliseconds.CompareTo(other.Milliseconds);

    public static bool operator <(Timestamp a, Timestamp b) => a.Milliseconds < b.Milliseconds;

    public static bool operator >(Timestamp a, Timestamp b) => a.Milliseconds > b.Milliseconds;

    public static bool operator <=(Timestamp a, Timestamp b) => a.Milliseconds <= b.Milliseconds;

    public static bool operator >=(Timestamp a, Timestamp b) => a.Milliseconds >= b.Milliseconds;

    /// <summary>ISO 8601 in UTC with milliseconds, e.g. <c>2020-01-31T12:00:00.000Z</c>.</summary>
    public override string ToString() =>
        this == Never ? "never"
        : this == Beginning ? "beginning"
        : ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
