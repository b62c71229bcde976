using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Resolution;

/// <summary>Counts what resolving a document costs and stops it at the limits.</summary>
internal sealed class ResolutionBudget(HoconLimits limits)
{
    /// <summary>
    /// Each level of a value passes through a few evaluations; deeper than this only a chain of substitutions goes.
    /// </summary>
    private const int MaxEvaluationDepth = 512;

    private long _steps;
    private int _depth;

    public void Spend(long steps, HoconOrigin origin)
    {
        _steps += steps;
        if (_steps > limits.MaxResolutionSteps)
        {
            throw new HoconException(
                origin,
                $"resolving substitutions takes more than {limits.MaxResolutionSteps} steps; use fewer of them"
            );
        }
    }

    public void Enter(HoconOrigin origin)
    {
        if (++_depth > MaxEvaluationDepth)
        {
            throw new HoconException(origin, $"substitutions lead through more than {MaxEvaluationDepth} others");
        }
    }

    public void Leave() => _depth--;

    /// <summary>Passes a value on when it is small enough, written out.</summary>
    public T Checked<T>(T value)
        where T : HoconValue
    {
        CheckSize(value.WrittenSize, value.Origin);
        return value.Height <= limits.MaxDepth
            ? value
            : throw new HoconException(value.Origin, $"the value is nested more than {limits.MaxDepth} deep");
    }

    public void CheckSize(long size, HoconOrigin origin)
    {
        if (size > limits.MaxResolvedSize)
        {
            throw new HoconException(
                origin,
                $"the value grows beyond {limits.MaxResolvedSize} characters once its substitutions are written out"
            );
        }
    }
}
