using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamSegmenter.Hocon.Units;

/// <summary>
/// A number of bytes. Written in HOCON's form: <c>64MiB</c> and <c>64M</c> are powers of 1024, <c>64MB</c> of 1000;
/// a bare number counts bytes.
/// </summary>
public readonly record struct ByteSize : IComparable<ByteSize>, IParsable<ByteSize>
{
    private static readonly FrozenDictionary<string, decimal> BytesByUnit = Units();

    /// <summary>A size. Throws <see cref="ArgumentOutOfRangeException"/> when it is negative.</summary>
    public ByteSize(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
    }

    /// <summary>The number of bytes; not negative.</summary>
    public long Bytes { get; }

    /// <summary>Reads a size. False when the text is not one, is negative, or does not fit 63 bits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ByteSize size)
    {
        size = default;
        if (
            text is null
            || !Quantity.TryParse(text, out var number, out var unit)
            || !BytesByUnit.TryGetValue(unit, out var bytesPerUnit)
            || number < 0
            || number > long.MaxValue / bytesPerUnit
        )
        {
            return false;
        }
        size = new ByteSize((long)decimal.Round(number * bytesPerUnit));
        return true;
    }

    /// <inheritdoc cref="TryParse(string?, out ByteSize)"/>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out ByteSize result
    ) => TryParse(s, out result);

    /// <summary>Reads a size. Throws <see cref="FormatException"/> when the text is not one.</summary>
    public static ByteSize Parse(string s, IFormatProvider? provider) =>
        TryParse(s, out var size) ? size : throw new FormatException($"expected a size such as 64MiB, got \"{s}\"");

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Fewer bytes.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Not more bytes.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>More bytes.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Not fewer bytes.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>The shortest exact form in powers of 1024: <c>64MiB</c>, <c>1000B</c>.</summary>
    public override string ToString()
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var (count, unit) = (Bytes, 0);
        while (count > 0 && count % 1024 == 0)
        {
            count /= 1024;
            unit++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{count}{units[unit]}");
    }

    private static FrozenDictionary<string, decimal> Units()
    {
        var units = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var name in (ReadOnlySpan<string>)["", "B", "b", "byte", "bytes"])
        {
            units.Add(name, 1);
        }
        ReadOnlySpan<(string Letter, string Decimal, string Binary)> prefixes =
        [
            ("k", "kilo", "kibi"),
            ("M", "mega", "mebi"),
            ("G", "giga", "gibi"),
            ("T", "tera", "tebi"),
            ("P", "peta", "pebi"),
            ("E", "exa", "exbi"),
            ("Z", "zetta", "zebi"),
            ("Y", "yotta", "yobi"),
        ];
        var (thousands, binary) = (1m, 1m);
        foreach (var (letter, decimalName, binaryName) in prefixes)
        {
            thousands *= 1000;
            binary *= 1024;
            var upper = letter.ToUpperInvariant();
            units.Add(letter + "B", thousands);
            units.Add(decimalName + "byte", thousands);
            units.Add(decimalName + "bytes", thousands);
            units.Add(upper, binary);
            units.Add(letter.ToLowerInvariant(), binary);
            units.Add(upper + "i", binary);
            units.Add(upper + "iB", binary);
            units.Add(binaryName + "byte", binary);
            units.Add(binaryName + "bytes", binary);
        }
        return units.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
