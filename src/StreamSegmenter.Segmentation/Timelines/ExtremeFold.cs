namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// The smallest or largest number of a window, by the monotonic queue: it holds the numbers that nothing newer beats,
/// the extreme first. Constant time an entry, amortised.
/// </summary>
internal sealed class ExtremeFold(bool largest) : WindowFold
{
    private readonly Deque<(long Ordinal, decimal Number)> _candidates = new();

    public decimal Extreme => _candidates.First.Number;

    /// <summary>How many extremes there will be in turn, as entries leave and none comes.</summary>
    public int Count => _candidates.Count;

    /// <summary>The extremes in turn, each with the entry with which it leaves.</summary>
    public (long Ordinal, decimal Number) this[int index] => _candidates[index];

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
