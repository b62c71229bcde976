namespace StreamSegmenter.Segmentation.Rules.Syntax;

/// <summary>A parsed expression. <see cref="Place"/> is where it starts.</summary>
internal abstract record ExpressionSyntax(SourcePlace Place);

internal sealed record OrSyntax(SourcePlace Place, IReadOnlyList<ExpressionSyntax> Operands) : ExpressionSyntax(Place);

internal sealed record AndSyntax(SourcePlace Place, IReadOnlyList<ExpressionSyntax> Operands) : ExpressionSyntax(Place);

internal sealed record NotSyntax(SourcePlace Place, ExpressionSyntax Operand) : ExpressionSyntax(Place);

/// <summary><c>operand for 7d</c></summary>
internal sealed record HeldSyntax(SourcePlace Place, ExpressionSyntax Operand, DurationSyntax Duration)
    : ExpressionSyntax(Place);

internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal sealed record ComparisonSyntax(
    SourcePlace Place,
    ExpressionSyntax Left,
    ComparisonOperator Operator,
    ExpressionSyntax Right
) : ExpressionSyntax(Place);

/// <summary><c>value [not] in ("a", "b")</c></summary>
internal sealed record InListSyntax(
    SourcePlace Place,
    ExpressionSyntax Value,
    bool Negated,
    IReadOnlyList<ExpressionSyntax> Elements
) : ExpressionSyntax(Place);

internal enum TextOperator
{
    Contains,
    StartsWith,
    EndsWith,
    Matches,
}

internal sealed record TextSyntax(
    SourcePlace Place,
    ExpressionSyntax Value,
    TextOperator Operator,
    ExpressionSyntax Argument
) : ExpressionSyntax(Place);

/// <summary><c>value is present</c>, <c>value is missing</c></summary>
internal sealed record PresenceSyntax(SourcePlace Place, ExpressionSyntax Value, bool Present)
    : ExpressionSyntax(Place);

internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

internal sealed record ArithmeticSyntax(
    SourcePlace Place,
    ExpressionSyntax Left,
    ArithmeticOperator Operator,
    ExpressionSyntax Right
) : ExpressionSyntax(Place);

internal sealed record NegateSyntax(SourcePlace Place, ExpressionSyntax Operand) : ExpressionSyntax(Place);

internal sealed record NumberSyntax(SourcePlace Place, decimal Value) : ExpressionSyntax(Place);

internal sealed record StringSyntax(SourcePlace Place, string Value) : ExpressionSyntax(Place);

internal sealed record BooleanSyntax(SourcePlace Place, bool Value) : ExpressionSyntax(Place);

internal sealed record DurationSyntax(SourcePlace Place, long Milliseconds) : ExpressionSyntax(Place);

/// <summary><c>count(source, window)</c> and its kin; <c>since</c> and <c>since_first</c> too.</summary>
internal sealed record AggregateSyntax(
    SourcePlace Place,
    AggregateFunction Function,
    SourceSyntax Source,
    WindowSyntax Window
) : ExpressionSyntax(Place);

internal sealed record SequenceSyntax(
    SourcePlace Place,
    IReadOnlyList<SequenceStepSyntax> Steps,
    DurationSyntax? Total,
    WindowSyntax Window
) : ExpressionSyntax(Place);

/// <summary><c>then [not] source [within duration]</c>; the first step has no <c>then</c>.</summary>
internal sealed record SequenceStepSyntax(SourcePlace Place, bool Negated, SourceSyntax Source, DurationSyntax? Within);

/// <summary><c>profile.path</c></summary>
internal sealed record TraitSyntax(SourcePlace Place, PathSyntax Path) : ExpressionSyntax(Place);

/// <summary>A bare path inside <c>where</c> or <c>any(…)</c>.</summary>
internal sealed record PropertySyntax(SourcePlace Place, PathSyntax Path) : ExpressionSyntax(Place);

/// <summary><c>any(path, condition)</c>: one element of the array satisfies the condition.</summary>
internal sealed record AnyElementSyntax(SourcePlace Place, ExpressionSyntax Array, ExpressionSyntax Condition)
    : ExpressionSyntax(Place);

/// <summary><c>in("segment")</c></summary>
internal sealed record InSegmentSyntax(SourcePlace Place, string Segment) : ExpressionSyntax(Place);

/// <summary><c>score("model", "key")</c></summary>
internal sealed record ScoreSyntax(SourcePlace Place, string Model, string? Key) : ExpressionSyntax(Place);

internal sealed record RfmSyntax(SourcePlace Place, string Dimension) : ExpressionSyntax(Place);

internal sealed record ConsentSyntax(SourcePlace Place, string Channel) : ExpressionSyntax(Place);
