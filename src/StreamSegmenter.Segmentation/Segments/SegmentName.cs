namespace StreamSegmenter.Segmentation.Segments;

/// <summary>The name of a segment as written in the configuration, e.g. <c>at-risk-vip</c>. Never empty.</summary>
public readonly record struct SegmentName : IComparable<SegmentName>
{
    private readonly string? _value;

    public SegmentName(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    public string Value => _value ?? throw new InvalidOperationException("A default SegmentName names nothing.");

    public int CompareTo(SegmentName other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";
}
