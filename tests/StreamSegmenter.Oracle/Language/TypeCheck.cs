using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Language;

internal enum StaticType
{
    Number,
    Text,
    Truth,
    Span,
    Instant,

    /// <summary>Whatever the JSON holds: a number, a string, a boolean, an array or an object.</summary>
    Json,
}

/// <summary>Refuses rules whose types can never match.</summary>
internal static class TypeCheck
{
    public static void Rule(Node rule) => RequireCondition(rule);

    private static void RequireCondition(Node node)
    {
        if (node is not Condition && TypeOf(node) is not (StaticType.Truth or StaticType.Json) and var type)
        {
            throw new RuleError(node.At, $"expected a condition, found a value of type {type}");
        }

        if (node is Condition condition)
        {
            Check(condition);
        }
    }

    private static void Check(Condition condition)
    {
        switch (condition)
        {
            case AnyElement any:
                RequireCondition(any.Inner);
                break;
            case Compare compare:
                Check(compare);
                break;
            case InList inList:
                Check(inList);
                break;
            case TextTest test:
                Check(test);
                break;
            case Matches matches:
                RequireText(matches.Subject);
                break;
            case Presence presence:
                TypeOf(presence.Subject);
                break;
            default:
                foreach (var child in condition.Children)
                {
                    RequireCondition(child);
                }

                break;
        }
    }

    private static void Check(Compare compare)
    {
        var (left, right) = (TypeOf(compare.Left), TypeOf(compare.Right));
        if (!CanMatch(left, right))
        {
            throw new RuleError(compare.At, $"{left} can never be compared with {right}");
        }

        var hasTruth = left == StaticType.Truth || right == StaticType.Truth;
        if (hasTruth && compare.Relation is not (Relation.Equal or Relation.NotEqual))
        {
            throw new RuleError(compare.At, "booleans have no order; expected = or !=");
        }
    }

    private static void Check(InList inList)
    {
        var subject = TypeOf(inList.Subject);
        if (!inList.List.Any(element => CanMatch(subject, TypeOf(element))))
        {
            throw new RuleError(inList.At, $"no element of the list can ever equal a {subject}");
        }
    }

    private static void Check(TextTest test)
    {
        var sought = TypeOf(test.Sought);
        if (test.Kind != TextTestKind.Contains)
        {
            RequireText(test.Subject);
            RequireText(test.Sought);
            return;
        }

        var subject = TypeOf(test.Subject);
        if (subject is not (StaticType.Text or StaticType.Json))
        {
            throw new RuleError(test.Subject.At, $"a {subject} contains nothing; expected a string or an array");
        }

        if (!CanMatch(subject, sought))
        {
            throw new RuleError(test.Sought.At, $"a {subject} can never contain a {sought}");
        }
    }

    private static void RequireText(Node node)
    {
        if (TypeOf(node) is not (StaticType.Text or StaticType.Json) and var type)
        {
            throw new RuleError(node.At, $"expected a string, found {type}");
        }
    }

    private static bool CanMatch(StaticType left, StaticType right) =>
        left == right || (left == StaticType.Json && IsJson(right)) || (right == StaticType.Json && IsJson(left));

    private static bool IsJson(StaticType type) => type is not (StaticType.Span or StaticType.Instant);

    private static StaticType TypeOf(Node node)
    {
        switch (node)
        {
            case Condition:
                throw new RuleError(node.At, "expected a value, found a condition");
            case Literal literal:
                return TypeOf(literal.Value);
            case Negated negated:
                return TypeOf(negated);
            case Calculation calculation:
                return TypeOf(calculation);
            case PathValue:
                return StaticType.Json;
            case OutsideValue outside:
                return outside.Kind == OutsideKind.Consent ? StaticType.Truth : StaticType.Number;
            case Sequence sequence:
                foreach (var step in sequence.Steps)
                {
                    Check(step.Source);
                }

                Check(sequence.Window);
                return StaticType.Truth;
            case Aggregate aggregate:
                Check(aggregate.Source);
                Check(aggregate.Window);
                return TypeOf(aggregate);
            default:
                return StaticType.Truth;
        }
    }

    private static void Check(Window window)
    {
        if (window is AfterEvent after)
        {
            Check(after.Anchor);
        }
    }

    private static void Check(Source source)
    {
        if (source.Where is not null)
        {
            RequireCondition(source.Where);
        }
    }

    private static StaticType TypeOf(Value value) =>
        value switch
        {
            Number => StaticType.Number,
            Text => StaticType.Text,
            Truth => StaticType.Truth,
            _ => StaticType.Span,
        };

    private static StaticType TypeOf(Aggregate aggregate) =>
        aggregate.Kind switch
        {
            AggregateKind.Exists => StaticType.Truth,
            AggregateKind.Since or AggregateKind.SinceFirst => StaticType.Span,
            AggregateKind.Mode => StaticType.Json,
            AggregateKind.First or AggregateKind.Last when aggregate.Source.Path is null => StaticType.Instant,
            AggregateKind.First or AggregateKind.Last => StaticType.Json,
            _ => StaticType.Number,
        };

    private static StaticType TypeOf(Negated negated) =>
        AsAmount(TypeOf(negated.Inner)) switch
        {
            StaticType.Number => StaticType.Number,
            StaticType.Span => StaticType.Span,
            var other => throw new RuleError(negated.At, $"a {other} cannot be negated"),
        };

    private static StaticType TypeOf(Calculation calculation)
    {
        var left = AsAmount(TypeOf(calculation.Left));
        var right = AsAmount(TypeOf(calculation.Right));
        return (left, calculation.Operation, right) switch
        {
            (StaticType.Number, _, StaticType.Number) => StaticType.Number,
            (StaticType.Span, '+' or '-', StaticType.Span) => StaticType.Span,
            (StaticType.Span, '*' or '/', StaticType.Number) => StaticType.Span,
            (StaticType.Number, '*', StaticType.Span) => StaticType.Span,
            (StaticType.Span, '/', StaticType.Span) => StaticType.Number,
            (StaticType.Instant, '-', StaticType.Instant) => StaticType.Span,
            (StaticType.Instant, '+' or '-', StaticType.Span) => StaticType.Instant,
            (StaticType.Span, '+', StaticType.Instant) => StaticType.Instant,
            _ => throw new RuleError(
                calculation.At,
                $"'{calculation.Operation}' has no meaning between {left} and {right}"
            ),
        };
    }

    /// <summary>Only numbers of JSON can be calculated with; strings and the rest are missing then.</summary>
    private static StaticType AsAmount(StaticType type) => type == StaticType.Json ? StaticType.Number : type;
}
