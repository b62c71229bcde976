using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Compiles the segments' rules; an error has the place of the fault itself and shows its line.</summary>
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
                problems.Add(Problem(reading, error));
            }
        }

        return (result as RuleSetResult.Compiled)?.Rules;
    }

    private static ConfigurationProblem Problem(SegmentReading reading, RuleError error)
    {
        var rule = reading.Rule;
        if (rule.PlaceOf(error.Place.Offset) is not { } place)
        {
            // What came from the environment has no lines but its own.
            var line = rule.Text.Split('\n')[error.Place.Line - 1];
            return new(rule.Origin, $"{reading.Path}.rule: {error}")
            {
                Excerpt = new(line.TrimEnd('\r'), error.Place.Line, error.Place.Column),
            };
        }

        return new(place.Origin, $"{reading.Path}.rule: {error.Message}")
        {
            Excerpt = new(place.Line, place.Origin.Line, place.Origin.Column),
        };
    }
}
