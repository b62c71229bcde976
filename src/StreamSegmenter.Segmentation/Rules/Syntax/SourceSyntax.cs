namespace StreamSegmenter.Segmentation.Rules.Syntax;

internal enum AggregateFunction
{
    Count,
    Sum,
    Avg,
    Min,
    Max,
    Distinct,
    First,
    Last,
    Mode,
    Exists,
    Days,
    Since,
    SinceFirst,
}

/// <summary>Which events, which of their values, and under which condition.</summary>
/// <param name="Event">Null for <c>any</c>.</param>
internal sealed record SourceSyntax(SourcePlace Place, string? Event, PathSyntax? Path, ExpressionSyntax? Where);

/// <summary>
/// <c>a.b[].c</c>, or <c>@a.b</c> for the envelope. A null part stands for <c>[]</c>.
/// </summary>
internal sealed record PathSyntax(SourcePlace Place, bool Envelope, IReadOnlyList<string?> Parts)
{
    public bool Flattens => Parts.Any(static part => part is null);
}

internal abstract record WindowSyntax(SourcePlace Place);

internal sealed record EverWindowSyntax(SourcePlace Place) : WindowSyntax(Place);

internal sealed record SlidingWindowSyntax(SourcePlace Place, DurationSyntax Length, DurationSyntax? Offset)
    : WindowSyntax(Place);

/// <summary><c>after last(source)</c>, <c>after first(source)</c></summary>
internal sealed record AnchoredWindowSyntax(SourcePlace Place, bool Last, SourceSyntax Anchor) : WindowSyntax(Place);

internal enum CalendarPeriod
{
    Day,
    Week,
    Month,
    Year,
}

/// <summary><c>this month</c></summary>
internal sealed record CalendarWindowSyntax(SourcePlace Place, CalendarPeriod Period) : WindowSyntax(Place);
