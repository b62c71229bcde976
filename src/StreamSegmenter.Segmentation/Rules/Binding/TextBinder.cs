using System.Text.RegularExpressions;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Checks <c>contains</c>, <c>starts with</c>, <c>ends with</c> and <c>matches</c>.</summary>
internal static class TextBinder
{
    public static BoundText Bind(TextSyntax syntax, BoundNode value, BoundNode argument)
    {
        bool inText = value.Types.HasFlag(ValueTypes.String) && argument.Types.HasFlag(ValueTypes.String);
        bool inList = value.Types.HasFlag(ValueTypes.List) && (argument.Types & ValueTypes.Scalar) != 0;
        if (!inText && !(inList && syntax.Operator == TextOperator.Contains))
        {
            throw new RuleException(
                syntax.Argument.Place,
                $"this can never match: on the left is {value.Types.Describe()}, "
                    + $"on the right {argument.Types.Describe()}; expected strings."
            );
        }

        if (syntax.Operator == TextOperator.Matches)
        {
            CheckPattern(syntax, argument);
        }

        return new(value, syntax.Operator, argument);
    }

    /// <summary>Regular expressions never backtrack, so that no text can make one slow.</summary>
    public static Regex ToRegex(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static void CheckPattern(TextSyntax syntax, BoundNode argument)
    {
        if (argument is not BoundConstant pattern)
        {
            throw new RuleException(syntax.Argument.Place, "expected a regular expression in quotes after 'matches'.");
        }

        try
        {
            ToRegex(pattern.Value.Text);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new RuleException(syntax.Argument.Place, PatternMistake.Describe(e));
        }
    }
}
