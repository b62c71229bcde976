using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Says to whoever wrote a regular expression why it cannot be used.</summary>
internal static class PatternMistake
{
    public static string Describe(Exception refusal) =>
        refusal is RegexParseException mistake
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"not a regular expression, at character {mistake.Offset}: {Words(mistake.Error)}."
            )
            : "not a regular expression that can be used here: write it without looking around and back references.";

    private static string Words(RegexParseError error) =>
        error switch
        {
            RegexParseError.InsufficientClosingParentheses => "a ( has no ); write \\( for the character itself",
            RegexParseError.InsufficientOpeningParentheses => "a ) has no (; write \\) for the character itself",
            RegexParseError.UnterminatedBracket => "a [ has no ]; write \\[ for the character itself",
            RegexParseError.QuantifierAfterNothing =>
                "there is nothing to repeat before *, +, ? or {; write e.g. \\* for the character itself",
            RegexParseError.NestedQuantifiersNotParenthesized =>
                "a repetition is repeated; put the inner one in parentheses",
            RegexParseError.UnescapedEndingBackslash => "\\ has nothing to escape; write \\\\ for the character itself",
            RegexParseError.UnrecognizedEscape => "unknown escape; leave the \\ out before a letter",
            RegexParseError.ReversedCharacterRange => "a range of characters is the wrong way round; write e.g. [a-z]",
            RegexParseError.ReversedQuantifierRange => "a repetition is the wrong way round; write e.g. {2,5}",
            RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference =>
                "it refers to a group that there is not",
            _ => "it cannot be understood; check its escapes, groups and brackets",
        };
}
