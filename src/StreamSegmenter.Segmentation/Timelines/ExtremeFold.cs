namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// The smallest or largest number of a window, by the monotonic queue: it holds the numbers that nothing newer beats,
/// the extreme first. Constant time an entry, amortised.
/// </summary>
internal sealed class ExtremeFold(bool largest) : WindowFold
{
    private readonly Deque<(long Ordinal, decimal Number)> _candidates = new();

    public decimal Extreme => _candidates.First.Number;

    /// <summary>The newest entry with the extreme: when it leaves, the extreme changes.</summary>
    public long Ordinal => _candidates.First.Ordinal;

    protected override void Clear() => _candidates.Clear();

    protected override void Add(Lane lane, int index, long ordinal)
    {
        decimal number = lane.NumberAt(index);
        while (_candidates.Count > 0 && (number == _candidates.Last.Number || Beats(number, _candidates.Last.Number)))
        {
            _candidates.RemoveLast();
        }

        _candidates.AddLast((ordinal, number));
    }

    protected override void RemoveOldest(long ordinal)
    {
        if (_candidates.First.Ordinal == ordinal)
        {
            _candidates.RemoveFirst();
        }
    }

    private bool Beats(decimal a, decimal b) => largest ? a > b : a < b;
}
