using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Compiles the segments' rules; an error names the place of the rule and the place in it.</summary>
internal static class RuleCompilation
{
    public static RuleSet? Compile(IReadOnlyList<SegmentReading> segments, RuleSetOptions options, ProblemList problems)
    {
        var result = RuleSet.Compile([.. segments.Select(static reading => reading.Definition)], options);
        if (result is RuleSetResult.Refused refused)
        {
            foreach (var (segment, error) in refused.Errors)
            {
                var reading = segments.First(reading => reading.Definition.Name == segment);
                problems.Add(reading.RulePlace, $"{reading.Path}.rule: {error}");
            }
        }

        return (result as RuleSetResult.Compiled)?.Rules;
    }
}
