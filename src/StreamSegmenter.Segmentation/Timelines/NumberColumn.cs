using System.Numerics;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// A lane's numbers with running sums, so that the sum of any range is one subtraction. Sums are whole numbers of
/// 10^-scale in 128 bits, hence exact; should they not fit, ranges are added up one by one in arbitrary precision.
/// </summary>
internal sealed class NumberColumn
{
    private decimal[] _values = [];

    // _sums[i] is the sum of all values before i, counted from some base that cancels out.
    private Int128[] _sums = [0];
    private int _scale;
    private bool _sumsFit = true;

    public decimal this[int index] => _values[index];

    public void Insert(int index, int end, int capacity, decimal value)
    {
        if (_values.Length < capacity)
        {
            Array.Resize(ref _values, capacity);
            Array.Resize(ref _sums, capacity + 1);
        }

        Array.Copy(_values, index, _values, index + 1, end - index);
        _values[index] = value;
        if (_sumsFit)
        {
            AddFrom(index, end + 1);
        }
    }

    /// <summary>Moves the entries [<paramref name="start"/>, <paramref name="end"/>) to the front.</summary>
    public void Compact(int start, int end)
    {
        Array.Copy(_values, start, _values, 0, end - start);
        _sums[0] = 0;
        (_sumsFit, _scale) = (true, 0);
        AddFrom(0, end - start);
    }

    public decimal Sum(int from, int to)
    {
        if (_sumsFit)
        {
            return FixedPoint.ToDecimal(_sums[to] - _sums[from], _scale);
        }

        BigInteger sum = BigInteger.Zero;
        for (int i = from; i < to; i++)
        {
            sum += FixedPoint.ToBigUnits(_values[i], FixedPoint.LargestScale);
        }

        return FixedPoint.ToDecimal(sum, FixedPoint.LargestScale);
    }

    private void AddFrom(int index, int end)
    {
        try
        {
            for (int i = index; i < end; i++)
            {
                int scale = FixedPoint.ScaleOf(_values[i]);
                if (scale > _scale)
                {
                    Refine(scale, i);
                }

                _sums[i + 1] = checked(_sums[i] + FixedPoint.ToUnits(_values[i], _scale));
            }
        }
        catch (OverflowException)
        {
            _sumsFit = false;
        }
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
