using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Lays a sequence out for matching: each required step with what is forbidden after it.</summary>
internal static class SequenceBinder
{
    public static SequencePattern Bind(SequenceSyntax syntax)
    {
        if (syntax.Steps.Count > SequencePattern.MaxSteps)
        {
            throw new RuleException(
                syntax.Steps[SequencePattern.MaxSteps].Place,
                $"the sequence has {syntax.Steps.Count} steps; {SequencePattern.MaxSteps} are allowed."
            );
        }

        var steps = new List<RequiredStep>();
        for (int i = 0; i < syntax.Steps.Count; )
        {
            SequenceStepSyntax required = syntax.Steps[i];
            uint bit = 1u << i;
            var forbidden = new List<ForbiddenStep>();
            for (i++; i < syntax.Steps.Count && syntax.Steps[i].Negated; i++)
            {
                forbidden.Add(new(1u << i, syntax.Steps[i].Within?.Milliseconds));
            }

            steps.Add(new(bit, required.Within?.Milliseconds, [.. forbidden]));
        }

        long wait = syntax.Steps[^1] is { Negated: true, Within: { } within } ? within.Milliseconds : 0;
        return new(steps, syntax.Total?.Milliseconds, wait);
    }
}
