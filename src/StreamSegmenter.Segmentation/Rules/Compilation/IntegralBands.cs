namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// The bands of a feature whose values are whole numbers of one kind: counts, or milliseconds. The ends of each band
/// are worked out once, so that finding a value still in its band compares numbers of 64 bits, and no decimals.
/// </summary>
internal sealed class IntegralBands
{
    private readonly ValueBands _bands;
    private readonly RuleValueKind _kind;
    private readonly long[] _first;
    private readonly long[] _end;

    public IntegralBands(ValueBands bands, RuleValueKind kind)
    {
        (_bands, _kind) = (bands, kind);
        _first = new long[bands.Count];
        _end = new long[bands.Count];
        for (int band = 0; band < bands.Count; band++)
        {
            (_first[band], _end[band]) = bands.Has(band, kind)
                ? (First(bands.LowerEnd(band, kind)), End(bands.UpperEnd(band, kind)))
                : (long.MaxValue, long.MinValue);
        }
    }

    /// <summary>The band of a value; the band <paramref name="guess"/> is looked at first.</summary>
    public int Of(long value, int guess) =>
        value >= _first[guess] && value < _end[guess] ? guess : _bands.Of(_kind, value, guess);

    /// <summary>
    /// The smallest value in a band that has values; <see cref="long.MinValue"/> if there is no smallest.
    /// </summary>
    public long FirstOf(int band) => _first[band];

    /// <summary>
    /// The smallest value beyond a band that has values; <see cref="long.MaxValue"/> if there is none.
    /// </summary>
    public long EndOf(int band) => _end[band];

    private static long First((decimal Constant, bool Inside)? lower) =>
        lower is not { } end ? long.MinValue
        : end.Inside ? Saturated(decimal.Ceiling(end.Constant))
        : Saturated(decimal.Floor(end.Constant) + 1);

    private static long End((decimal Constant, bool Inside)? upper) =>
        upper is not { } end ? long.MaxValue
        : end.Inside ? Saturated(decimal.Floor(end.Constant) + 1)
        : Saturated(decimal.Ceiling(end.Constant));

    private static long Saturated(decimal value) => (long)decimal.Clamp(value, long.MinValue, long.MaxValue);
}
