using StreamSegmenter.Oracle.Events;
using StreamSegmenter.Oracle.Language;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>Looks for an occurrence of a sequence by trying every choice of events for its steps.</summary>
internal sealed class SequenceEvaluation
{
    private readonly Evaluator _evaluator;
    private readonly Sequence _sequence;
    private readonly List<int> _positive = [];
    private readonly List<IReadOnlyList<CustomerEvent>> _matching = [];

    public SequenceEvaluation(Evaluator evaluator, Sequence sequence)
    {
        _evaluator = evaluator;
        _sequence = sequence;
        for (var step = 0; step < sequence.Steps.Count; step++)
        {
            _matching.Add([.. evaluator.Matching(sequence.Steps[step].Source)]);
            if (!sequence.Steps[step].Forbidden)
            {
                _positive.Add(step);
            }
        }
    }

    public bool Completed() => _matching[0].Any(first => CompletesFrom(0, first, first));

    /// <summary>Whether the sequence can be finished with <paramref name="chosen"/> as a positive step.</summary>
    private bool CompletesFrom(int position, CustomerEvent first, CustomerEvent chosen)
    {
        if (position == _positive.Count - 1)
        {
            return Completes(first, chosen);
        }

        var (step, next) = (_positive[position], _positive[position + 1]);
        return _matching[next]
            .Any(candidate =>
                chosen.IsBefore(candidate)
                && IsWithin(_sequence.Steps[next].Within, chosen.Time, candidate.Time)
                && IsWithin(_sequence.Total, first.Time, candidate.Time)
                && !IsForbidden(step + 1, next, chosen, e => e.IsBefore(candidate))
                && CompletesFrom(position + 1, first, candidate)
            );
    }

    private bool Completes(CustomerEvent first, CustomerEvent last)
    {
        var completion = last.Time + _sequence.TrailingWait;
        return IsWithin(_sequence.Total, first.Time, completion)
            && _evaluator.IsInside(_sequence.Window, completion)
            && !IsForbidden(_positive[^1] + 1, _sequence.Steps.Count, last, e => e.Time <= completion);
    }

    /// <summary>A forbidden step with <c>within</c> forbids no longer than that after the positive one.</summary>
    private bool IsForbidden(int fromStep, int toStep, CustomerEvent after, Predicate<CustomerEvent> isBeforeEnd)
    {
        for (var step = fromStep; step < toStep; step++)
        {
            var within = _sequence.Steps[step].Within;
            if (_matching[step].Any(e => after.IsBefore(e) && isBeforeEnd(e) && IsWithin(within, after.Time, e.Time)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWithin(long? limit, long from, long to) => limit is null || to - from <= limit;
}
