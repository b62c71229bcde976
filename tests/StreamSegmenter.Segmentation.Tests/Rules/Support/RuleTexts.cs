using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Tests.Rules.Support;

/// <summary>Shorthands for compiling rules by their text.</summary>
internal static class RuleTexts
{
    public static SegmentDefinition Segment(string name, string rule, TimeSpan cooldown = default) =>
        new(new(name), "", rule, cooldown);

    public static RuleSet Compile(string rule) => Compile([Segment("test", rule)]);

    public static RuleSet Compile(IReadOnlyList<SegmentDefinition> segments, RuleSetOptions? options = null) =>
        RuleSet.Compile(segments, options ?? RuleSetOptions.Default) switch
        {
            RuleSetResult.Compiled compiled => compiled.Rules,
            RuleSetResult.Refused refused => throw new ArgumentException(string.Join('\n', refused.Errors)),
            _ => throw new InvalidOperationException(),
        };

    public static IReadOnlyList<SegmentRuleError> Refuse(params SegmentDefinition[] segments) =>
        RuleSet.Compile(segments, RuleSetOptions.Default).ShouldBeOfType<RuleSetResult.Refused>().Errors;

    /// <summary>The lines of a case file beside these tests, without comments.</summary>
    public static IEnumerable<string> ReadCases(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Rules", "Cases", file))
            .Where(line => line.Length > 0 && !line.StartsWith('#'));
}
