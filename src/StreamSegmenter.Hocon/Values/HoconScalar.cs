using System.Collections.Immutable;
using System.Globalization;

namespace StreamSegmenter.Hocon.Values;

/// <summary>A value that is neither an object nor an array.</summary>
public abstract class HoconScalar : HoconValue
{
    private readonly Writing? _writing;

    private protected HoconScalar(HoconOrigin origin, string text, Writing? writing)
        : base(origin)
    {
        Text = text;
        _writing = writing;
    }

    /// <summary>The value as text: a number as it was written, <c>true</c>, <c>false</c>, <c>null</c>.</summary>
    public string Text { get; }

    /// <summary>
    /// Where a character of <see cref="Text"/> was written, whatever quotes, escapes, joined pieces and substitutions
    /// stand between; null when that is not known, as in what came from the environment.
    /// </summary>
    /// <param name="offset">Of the character, in UTF-16 units; the length of the text asks for its end.</param>
    public WrittenPlace? PlaceOf(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Text.Length);
        return _writing?.PlaceOf(offset);
    }

    internal override long WrittenSize => Text.Length + 1;

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        other?.GetType() == GetType() && ((HoconScalar)other).Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A string, quoted or not.</summary>
public sealed class HoconString : HoconScalar
{
    public HoconString(HoconOrigin origin, string text)
        : this(origin, text, writing: null) { }

    internal HoconString(HoconOrigin origin, string text, Writing? writing)
        : base(origin, text, writing) { }

    /// <inheritdoc/>
    public override string Description => "a string";

    /// <param name="pieces">At least one.</param>
    internal static HoconString Joined(HoconOrigin origin, ImmutableArray<HoconScalar> pieces)
    {
        var text = string.Concat(pieces.Select(static piece => piece.Text));
        return new(origin, text, new JoinedWriting(pieces));
    }
}

/// <summary>A number in JSON's form. Numbers are equal when their values are: <c>1e2</c> equals <c>100</c>.</summary>
public sealed class HoconNumber : HoconScalar
{
    internal HoconNumber(HoconOrigin origin, string text, Writing? writing = null)
        : base(origin, text, writing) { }

    /// <inheritdoc/>
    public override string Description => "a number";

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        other is HoconNumber number && (number.Text == Text || Exact(number) is { } theirs && theirs == Exact(this));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture).GetHashCode();

    private static decimal? Exact(HoconNumber number) =>
        decimal.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary><c>true</c> or <c>false</c>, unquoted.</summary>
public sealed class HoconBoolean : HoconScalar
{
    public HoconBoolean(HoconOrigin origin, bool value)
        : this(origin, value, writing: null) { }

    internal HoconBoolean(HoconOrigin origin, bool value, Writing? writing)
        : base(origin, value ? "true" : "false", writing) => Value = value;

    /// <summary>The value.</summary>
    public bool Value { get; }

    /// <inheritdoc/>
    public override string Description => "a boolean";
}

/// <summary>An explicit <c>null</c>: it hides what it overrides.</summary>
public sealed class HoconNull(HoconOrigin origin) : HoconScalar(origin, "null", writing: null)
{
    /// <inheritdoc/>
    public override string Description => "null";
}
