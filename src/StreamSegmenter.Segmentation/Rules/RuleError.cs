using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>A place in a rule's text. Lines and columns count from 1.</summary>
public readonly record struct SourcePlace(int Offset, int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";
}

/// <summary>Why a rule was refused, where, and what was expected instead.</summary>
public sealed record RuleError(SourcePlace Place, string Message)
{
    public override string ToString() => $"{Place}: {Message}";
}

/// <summary>
/// Carries a <see cref="RuleError"/> out of the depths of the parser or binder; never leaves this project.
/// </summary>
/// <param name="segment">Whose rule it is, where that is not the rule at hand.</param>
internal sealed class RuleException(SourcePlace place, string message, SegmentName? segment = null) : Exception(message)
{
    public RuleError Error { get; } = new(place, message);

    public SegmentName? Segment { get; } = segment;
}
