using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Asks whether an occurrence of a sequence completed inside a window.</summary>
internal static class SequenceCompiler
{
    public static CompiledCondition Compile(BoundSequence sequence)
    {
        BoundWindow window = sequence.Window;
        long offset = (window as BoundWindow.Sliding)?.Offset ?? 0;
        return frame =>
        {
            if (frame.Lane(sequence.Lane) is not { } lane)
            {
                return false;
            }

            var progress = (SequenceProgress)frame.Memory(sequence.Memory);
            progress.CatchUp(lane);
            (long? newest, long? following) = progress.Around(frame.Now.Minus(offset).Milliseconds);
            if (newest is { } completion && IsInside(frame, window, new(completion)))
            {
                return true;
            }

            if (following is { } next)
            {
                frame.MayChangeAt(new Timestamp(next).Plus(offset));
            }

            return false;
        };
    }

    private static bool IsInside(EvaluationFrame frame, BoundWindow window, Timestamp completion)
    {
        switch (window)
        {
            case BoundWindow.Sliding sliding:
                Timestamp end = completion.Plus(sliding.Length + sliding.Offset);
                frame.MayChangeAt(end);
                return end > frame.Now;
            case BoundWindow.Calendar calendar:
                (Timestamp start, Timestamp next) = frame.Calendar.Around(frame.Now, calendar.Period);
                bool inside = completion >= start;
                frame.MayChangeAt(inside ? next : Timestamp.Never);
                return inside;
            case BoundWindow.Anchored anchored:
                return completion > WindowResolver.Anchor(frame, anchored);
            default:
                return true;
        }
    }
}
