using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Operations on values: missing or unfit operands give missing, or a condition that is false.</summary>
internal static class ValueMath
{
    public static bool Satisfies(ComparisonOperator op, in RuleValue left, in RuleValue right)
    {
        if (RuleValue.Compare(left, right) is not { } order)
        {
            return false;
        }

        return op is ComparisonOperator.Equal or ComparisonOperator.NotEqual || left.Kind != RuleValueKind.Boolean
            ? Satisfies(op, order)
            : false;
    }

    public static bool Satisfies(ComparisonOperator op, int order) =>
        op switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            _ => order >= 0,
        };

    public static bool Matches(TextOperator op, in RuleValue value, in RuleValue argument)
    {
        if (value.Kind == RuleValueKind.List)
        {
            return op == TextOperator.Contains && argument.IsScalar && value.Elements.AsSpan().Contains(argument);
        }

        if (value.Kind != RuleValueKind.String || argument.Kind != RuleValueKind.String)
        {
            return false;
        }

        return op switch
        {
            TextOperator.Contains => value.Text.Contains(argument.Text, StringComparison.Ordinal),
            TextOperator.StartsWith => value.Text.StartsWith(argument.Text, StringComparison.Ordinal),
            _ => value.Text.EndsWith(argument.Text, StringComparison.Ordinal),
        };
    }

    public static RuleValue Negate(in RuleValue value) =>
        value.Kind is RuleValueKind.Number or RuleValueKind.Duration
            ? RuleValue.Quantity(value.Kind, -value.Amount)
            : RuleValue.Missing;

    public static RuleValue Combine(ArithmeticOperator op, in RuleValue left, in RuleValue right)
    {
        ValueTypes type = ArithmeticBinder.ResultType(op, TypeOf(left.Kind), TypeOf(right.Kind));
        return type == ValueTypes.None || (op == ArithmeticOperator.Divide && right.Amount == 0)
            ? RuleValue.Missing
            : RuleValue.Quantity(KindOf(type), Combine(op, left.Amount, right.Amount));
    }

    /// <summary>Saturates beyond decimal's range.</summary>
    public static decimal Combine(ArithmeticOperator op, decimal left, decimal right)
    {
        try
        {
            return op switch
            {
                ArithmeticOperator.Add => left + right,
                ArithmeticOperator.Subtract => left - right,
                ArithmeticOperator.Multiply => left * right,
                _ => left / right,
            };
        }
        catch (OverflowException)
        {
            bool negative = op switch
            {
                ArithmeticOperator.Add or ArithmeticOperator.Subtract => left < 0,
                _ => (left < 0) != (right < 0),
            };
            return negative ? decimal.MinValue : decimal.MaxValue;
        }
    }

    private static ValueTypes TypeOf(RuleValueKind kind) =>
        kind switch
        {
            RuleValueKind.Number => ValueTypes.Number,
            RuleValueKind.Time => ValueTypes.Time,
            RuleValueKind.Duration => ValueTypes.Duration,
            _ => ValueTypes.None,
        };

    private static RuleValueKind KindOf(ValueTypes type) =>
        type switch
        {
            ValueTypes.Number => RuleValueKind.Number,
            ValueTypes.Time => RuleValueKind.Time,
            _ => RuleValueKind.Duration,
        };
}
