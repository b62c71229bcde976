namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Some bands of a feature: ranges [From, To), in order, apart from each other.</summary>
internal sealed class BandSet
{
    private readonly (int From, int To)[] _ranges;

    public BandSet(IReadOnlyList<(int From, int To)> ranges)
    {
        var joined = new List<(int From, int To)>();
        foreach ((int from, int to) in ranges)
        {
            if (joined.Count > 0 && joined[^1].To == from)
            {
                joined[^1] = (joined[^1].From, to);
            }
            else if (from < to)
            {
                joined.Add((from, to));
            }
        }

        _ranges = [.. joined];
    }

    public IReadOnlyList<(int From, int To)> Ranges => _ranges;

    public bool Contains(int band)
    {
        foreach ((int from, int to) in _ranges)
        {
            if (band < to)
            {
                return band >= from;
            }
        }

        return false;
    }
}
