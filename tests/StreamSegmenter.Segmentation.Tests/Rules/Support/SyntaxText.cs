using System.Collections;
using System.Globalization;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Tests.Rules.Support;

/// <summary>A syntax tree as nested parentheses, without places: equal texts mean equal trees.</summary>
internal static class SyntaxText
{
    public static string Describe(object? node) =>
        node switch
        {
            null => "null",
            string text => $"\"{text}\"",
            // 2.5 and 2.50 are the same number.
            decimal number => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
            IFormattable simple => simple.ToString(null, CultureInfo.InvariantCulture),
            bool boolean => boolean ? "true" : "false",
            IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Describe))}]",
            _ => $"{node.GetType().Name}({string.Join(", ", Members(node))})",
        };

    private static IEnumerable<string> Members(object node) =>
        node.GetType()
            .GetProperties()
            .Where(property => property.PropertyType != typeof(SourcePlace))
            .Select(property => Describe(property.GetValue(node)));
}
