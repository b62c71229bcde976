namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The sizes of blocks: small steps up to a thousand bytes, larger ones up to eight thousand; beyond, each block is as
/// large as it has to be.
/// </summary>
internal static class BlockSize
{
    /// <summary>Stands for every size of its own.</summary>
    public const int Any = 0;

    private const int SmallStep = 16;
    private const int SmallSteps = 64;
    private const int LargestSmall = SmallStep * SmallSteps;
    private const int LargeStep = 128;
    private const int LargestLarge = 8192;

    /// <summary>How many there are, <see cref="Any"/> included.</summary>
    public const int Count = 1 + SmallSteps + ((LargestLarge - LargestSmall) / LargeStep);

    /// <summary>The index of the smallest size of at least so many bytes.</summary>
    public static int IndexOf(int bytes) =>
        bytes <= LargestSmall ? (bytes + SmallStep - 1) / SmallStep
        : bytes <= LargestLarge ? SmallSteps + ((bytes - LargestSmall + LargeStep - 1) / LargeStep)
        : 0;

    /// <summary>The bytes of a block, or <see cref="Any"/>.</summary>
    public static int At(int index) =>
        index <= SmallSteps ? index * SmallStep : LargestSmall + ((index - SmallSteps) * LargeStep);
}
