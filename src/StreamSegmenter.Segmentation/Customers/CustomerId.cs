namespace StreamSegmenter.Segmentation.Customers;

/// <summary>Names one customer: the event's <c>userId</c>, else its <c>anonymousId</c>. Never empty.</summary>
public readonly record struct CustomerId : IComparable<CustomerId>
{
    private readonly string? _value;

    public CustomerId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>Whether it is <c>default</c>, as that of a record whose key names nobody.</summary>
    public bool IsMissing => _value is null;

    public string Value => _value ?? throw new InvalidOperationException("A default CustomerId names nobody.");

    public int CompareTo(CustomerId other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";
}
