namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// How a packed time begins: most are a zigzag difference from the time before that is no mark, but "never" and "before
/// anything" are frequent, and would be as far away as a time can be.
/// </summary>
internal static class PackedTime
{
    public const ulong Never = 0;

    public const ulong Beginning = 1;

    /// <summary>Eight bytes follow: the difference would not fit.</summary>
    public const ulong Whole = 2;

    /// <summary>To be added to a difference.</summary>
    public const ulong Differences = 3;

    public const ulong LargestDifference = ulong.MaxValue - Differences;
}
