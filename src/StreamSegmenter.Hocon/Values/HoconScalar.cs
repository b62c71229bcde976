using System.Globalization;

namespace StreamSegmenter.Hocon.Values;

/// <summary>A value that is neither an object nor an array.</summary>
public abstract class HoconScalar : HoconValue
{
    private protected HoconScalar(HoconOrigin origin, string text)
        : base(origin) => Text = text;

    /// <summary>The value as text: a number as it was written, <c>true</c>, <c>false</c>, <c>null</c>.</summary>
    public string Text { get; }

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
public sealed class HoconString(HoconOrigin origin, string text) : HoconScalar(origin, text)
{
    /// <inheritdoc/>
    public override string Description => "a string";
}

/// <summary>A number in JSON's form. Numbers are equal when their values are: <c>1e2</c> equals <c>100</c>.</summary>
public sealed class HoconNumber : HoconScalar
{
    internal HoconNumber(HoconOrigin origin, string text)
        : base(origin, text) { }

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
public sealed class HoconBoolean(HoconOrigin origin, bool value) : HoconScalar(origin, value ? "true" : "false")
{
    /// <summary>The value.</summary>
    public bool Value { get; } = value;

    /// <inheritdoc/>
    public override string Description => "a boolean";
}

/// <summary>An explicit <c>null</c>: it hides what it overrides.</summary>
public sealed class HoconNull(HoconOrigin origin) : HoconScalar(origin, "null")
{
    /// <inheritdoc/>
    public override string Description => "null";
}
