namespace StreamSegmenter.Hocon;

/// <summary>Bounds on what a document may cost. Going over one of them is a <see cref="HoconException"/>.</summary>
public sealed record HoconLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static HoconLimits Default { get; } = new();

    /// <summary>Nesting of objects and arrays, in the text and after substitution. At most 500.</summary>
    public int MaxDepth { get; init; } = 128;

    /// <summary>Bytes of one file.</summary>
    public int MaxFileBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Files loaded for one document, itself included.</summary>
    public int MaxFiles { get; init; } = 1000;

    /// <summary>Files open at once because each includes the next.</summary>
    public int MaxIncludeDepth { get; init; } = 32;

    /// <summary>Characters of the resolved document with every substitution written out.</summary>
    public long MaxResolvedSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>Units of work (definitions visited, fields copied) that resolving may take.</summary>
    public long MaxResolutionSteps { get; init; } = 5_000_000;
}
