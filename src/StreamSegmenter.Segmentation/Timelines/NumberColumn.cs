using System.Numerics;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// A lane's numbers with running sums, so that the sum of any range is one subtraction. Sums are whole numbers of
/// 10^-scale in 128 bits, hence exact; should they not fit, ranges are added up one by one in arbitrary precision. Sums
/// are brought up to date when they are asked for, so that a lane nobody asks costs nothing.
/// </summary>
internal sealed class NumberColumn(int capacity)
{
    private decimal[] _values = new decimal[capacity];

    // _sums[i] is the sum of all values before i, counted from some base that cancels out; right up to _summed.
    private Int128[] _sums = [0];
    private int _summed;
    private int _scale;
    private bool _sumsFit = true;

    public decimal this[int index] => _values[index];

    /// <summary>Whether a number below zero was ever inserted.</summary>
    public bool HasNegative { get; private set; }

    public void Insert(int index, int end, int capacity, decimal value)
    {
        if (_values.Length < capacity)
        {
            Array.Resize(ref _values, capacity);
        }

        if (index < end)
        {
            Array.Copy(_values, index, _values, index + 1, end - index);
        }

        _values[index] = value;
        HasNegative |= value < 0;
        _summed = Math.Min(_summed, index);
    }

    /// <summary>Moves the entries [<paramref name="start"/>, <paramref name="end"/>) to the front.</summary>
    public void Compact(int start, int end)
    {
        Array.Copy(_values, start, _values, 0, end - start);
        _sums[0] = 0;
        (_sumsFit, _scale, _summed) = (true, 0, 0);
    }

    public decimal Sum(int from, int to) =>
        _sumsFit && TryCatchUp(to)
            ? FixedPoint.ToDecimal(_sums[to] - _sums[from], _scale)
            : FixedPoint.ToDecimal(BigSum(from, to), FixedPoint.LargestScale);

    /// <summary>Of at least one number. Numbers whose sum no decimal holds have an average all the same.</summary>
    public decimal Average(int from, int to) =>
        _sumsFit && TryCatchUp(to)
            ? FixedPoint.Divide(_sums[to] - _sums[from], _scale, to - from)
            : FixedPoint.Divide(BigSum(from, to), FixedPoint.LargestScale, to - from);

    /// <summary>
    /// Of numbers none of which is negative: the first entry of [<paramref name="from"/>, <paramref name="to"/>) after
    /// which what is left sums up to less than <paramref name="bound"/>, or (without <paramref name="inside"/>) to no
    /// more. The last entry if there is none such.
    /// </summary>
    public int FirstBelow(int from, int to, decimal bound, bool inside)
    {
        (int low, int high) = (from, to - 1);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            int order = Sum(middle + 1, to).CompareTo(bound);
            (low, high) = order < 0 || (order == 0 && !inside) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private BigInteger BigSum(int from, int to)
    {
        BigInteger sum = BigInteger.Zero;
        for (int i = from; i < to; i++)
        {
            sum += FixedPoint.ToBigUnits(_values[i], FixedPoint.LargestScale);
        }

        return sum;
    }

    private bool TryCatchUp(int end)
    {
        if (_sums.Length <= end)
        {
            Array.Resize(ref _sums, _values.Length + 1);
        }

        try
        {
            for (int i = _summed; i < end; i++)
            {
                int scale = _values[i].Scale;
                if (scale > _scale)
                {
                    Refine(scale, i);
                }

                _sums[i + 1] = checked(_sums[i] + FixedPoint.ToUnits(_values[i], _scale));
            }

            _summed = Math.Max(_summed, end);
        }
        catch (OverflowException)
        {
            _sumsFit = false;
        }

        return _sumsFit;
    }

    private void Refine(int scale, int last)
    {
        for (int i = 0; i <= last; i++)
        {
            _sums[i] = FixedPoint.Rescale(_sums[i], scale - _scale);
        }

        _scale = scale;
    }
}
