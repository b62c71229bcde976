using System.Globalization;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>The type of a value while a rule runs.</summary>
internal enum RuleValueKind : byte
{
    Missing = 0,
    Number,
    String,
    Boolean,

    /// <summary>Milliseconds since 1970.</summary>
    Time,

    /// <summary>Milliseconds.</summary>
    Duration,
    List,

    /// <summary>A JSON object: present, but comparable to nothing.</summary>
    Object,
}

/// <summary>A value while a rule runs. <c>default</c> is missing.</summary>
internal readonly struct RuleValue : IEquatable<RuleValue>
{
    private readonly object? _reference;

    private RuleValue(RuleValueKind kind, decimal number, object? reference = null)
    {
        Kind = kind;
        Amount = number;
        _reference = reference;
    }

    public static RuleValue Missing => default;

    public static RuleValue Present { get; } = new(RuleValueKind.Object, 0);

    public RuleValueKind Kind { get; }

    /// <summary>The number; milliseconds of a time or duration; 1 or 0 of a boolean.</summary>
    public decimal Amount { get; }

    public string Text => (string)_reference!;

    public RuleValue[] Elements => (RuleValue[])_reference!;

    public bool IsMissing => Kind == RuleValueKind.Missing;

    public bool IsTrue => Kind == RuleValueKind.Boolean && Amount != 0;

    public bool IsScalar => Kind is RuleValueKind.Number or RuleValueKind.String or RuleValueKind.Boolean;

    public static RuleValue Number(decimal value) => new(RuleValueKind.Number, value);

    public static RuleValue String(string value) => new(RuleValueKind.String, 0, value);

    public static RuleValue Boolean(bool value) => new(RuleValueKind.Boolean, value ? 1 : 0);

    public static RuleValue Time(Timestamp value) => new(RuleValueKind.Time, value.Milliseconds);

    public static RuleValue Duration(decimal milliseconds) => new(RuleValueKind.Duration, milliseconds);

    public static RuleValue List(RuleValue[] elements) => new(RuleValueKind.List, 0, elements);

    /// <summary>A number, time or duration, as <paramref name="kind"/> says.</summary>
    public static RuleValue Quantity(RuleValueKind kind, decimal amount) => new(kind, amount);

    /// <summary>Orders two values of one type; null if their types differ or have no order.</summary>
    public static int? Compare(in RuleValue a, in RuleValue b)
    {
        if (a.Kind != b.Kind)
        {
            return null;
        }

        return a.Kind switch
        {
            RuleValueKind.Number or RuleValueKind.Time or RuleValueKind.Duration or RuleValueKind.Boolean =>
                a.Amount.CompareTo(b.Amount),
            RuleValueKind.String => string.CompareOrdinal(a.Text, b.Text),
            _ => null,
        };
    }

    /// <summary>Orders values of any types: numbers come before strings, strings before booleans.</summary>
    public static int Order(in RuleValue a, in RuleValue b) => Compare(a, b) ?? a.Kind.CompareTo(b.Kind);

    public bool Equals(RuleValue other) =>
        Kind == other.Kind
        && Kind switch
        {
            RuleValueKind.String => string.Equals(Text, other.Text, StringComparison.Ordinal),
            RuleValueKind.List => Elements.AsSpan().SequenceEqual(other.Elements),
            _ => Amount == other.Amount,
        };

    public override bool Equals(object? obj) => obj is RuleValue other && Equals(other);

    public override int GetHashCode() =>
        Kind switch
        {
            RuleValueKind.String => Text.GetHashCode(StringComparison.Ordinal),
            RuleValueKind.List => Elements.Length,
            _ => HashCode.Combine(Kind, Amount),
        };

    public override string ToString() =>
        Kind switch
        {
            RuleValueKind.Missing => "missing",
            RuleValueKind.Number => Amount.ToString(CultureInfo.InvariantCulture),
            RuleValueKind.String => $"\"{Text}\"",
            RuleValueKind.Boolean => IsTrue ? "true" : "false",
            RuleValueKind.Time => new Timestamp((long)Amount).ToString(),
            RuleValueKind.Duration => $"{Amount.ToString(CultureInfo.InvariantCulture)}ms",
            RuleValueKind.List => $"[{string.Join(", ", Elements)}]",
            _ => "object",
        };
}
