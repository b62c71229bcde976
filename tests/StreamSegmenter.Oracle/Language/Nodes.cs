using System.Text.RegularExpressions;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Language;

/// <summary>A part of a rule: a condition (true or false) or a value.</summary>
internal abstract record Node(Position At)
{
    public virtual IEnumerable<Node> Children => [];

    public IEnumerable<Node> SelfAndDescendants => Children.SelectMany(child => child.SelfAndDescendants).Append(this);
}

internal abstract record Condition(Position At) : Node(At);

internal sealed record Either(Node Left, Node Right, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Left, Right];
}

internal sealed record Both(Node Left, Node Right, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Left, Right];
}

internal sealed record Not(Node Inner, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Inner];
}

internal sealed record HeldFor(Node Inner, long Duration, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Inner];
}

internal sealed record Compare(Relation Relation, Node Left, Node Right, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Left, Right];
}

internal sealed record InList(bool Negated, Node Subject, IReadOnlyList<Literal> List, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Subject, .. List];
}

internal enum TextTestKind
{
    Contains,
    StartsWith,
    EndsWith,
}

internal sealed record TextTest(TextTestKind Kind, Node Subject, Node Sought, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Subject, Sought];
}

internal sealed record Matches(Node Subject, Regex Pattern, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Subject];
}

internal sealed record Presence(bool WantsPresent, Node Subject, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Subject];
}

/// <summary><c>any(products, …)</c>: one element of the array satisfies the whole condition.</summary>
internal sealed record AnyElement(PathValue Array, Node Inner, Position At) : Condition(At)
{
    public override IEnumerable<Node> Children => [Array, Inner];
}

internal sealed record Literal(Value Value, Position At) : Node(At);

internal sealed record Negated(Node Inner, Position At) : Node(At)
{
    public override IEnumerable<Node> Children => [Inner];
}

internal sealed record Calculation(char Operation, Node Left, Node Right, Position At) : Node(At)
{
    public override IEnumerable<Node> Children => [Left, Right];
}

internal enum PathRoot
{
    /// <summary>The event's properties or traits; inside <c>any(…)</c> the element.</summary>
    Payload,
    Envelope,
    Profile,
}

internal sealed record PathValue(PathRoot Root, FieldPath Path, Position At) : Node(At);

internal enum AggregateKind
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

internal sealed record Aggregate(AggregateKind Kind, Source Source, Window Window, Position At) : Node(At);

internal sealed record Sequence(IReadOnlyList<Step> Steps, long? Total, Window Window, Position At) : Node(At)
{
    /// <summary>How long after its last positive step an occurrence completes.</summary>
    public long TrailingWait => Steps[^1].Forbidden ? Steps[^1].Within!.Value : 0;
}

internal sealed record Step(bool Forbidden, Source Source, long? Within, Position At);

internal sealed record InSegment(string Segment, Position At) : Node(At);

internal enum OutsideKind
{
    Score,
    Rfm,
    Consent,
}

/// <summary>A value that is worked out elsewhere and told as a trait; of another type it is missing.</summary>
internal sealed record OutsideValue(OutsideKind Kind, FieldPath Trait, Position At) : Node(At);

/// <summary>Which events count: a name (null: any), a path that must be present, and a condition.</summary>
internal sealed record Source(string? Event, EventPath? Path, Node? Where, Position At);

internal sealed record EventPath(bool Envelope, FieldPath Path);

internal abstract record Window;

internal sealed record Ever : Window;

internal sealed record Sliding(long Duration, long Offset) : Window;

internal sealed record AfterEvent(bool Last, Source Anchor) : Window;

internal enum Period
{
    Day,
    Week,
    Month,
    Year,
}

internal sealed record ThisPeriod(Period Period) : Window;
