using System.Globalization;

namespace StreamSegmenter.Node.Configuration;

/// <summary>The line that a problem is in, to be shown with a caret under the fault.</summary>
/// <param name="Text">The whole line.</param>
/// <param name="Line">Its number, counted from 1.</param>
/// <param name="Column">Where the fault begins, in UTF-16 units, counted from 1; one past the end is allowed.</param>
public sealed record SourceExcerpt(string Text, int Line, int Column)
{
    private const int MaxWidth = 100;
    private const string Cut = "...";

    /// <summary>Two lines; of a long line what is around the fault.</summary>
    public override string ToString()
    {
        var fault = Column - 1;
        var start = Text.Length <= MaxWidth ? 0 : Math.Max(0, Math.Min(fault - MaxWidth / 2, Text.Length - MaxWidth));
        var end = Math.Min(Text.Length, start + MaxWidth);
        var before = (start > 0 ? Cut : "") + Text[start..fault];
        var after = Text[fault..end] + (end < Text.Length ? Cut : "");

        // Tabs stay tabs, so that the caret stands under the fault however wide they are shown.
        var indent = string.Concat(before.Select(static c => c == '\t' ? '\t' : ' '));
        var number = Line.ToString(CultureInfo.InvariantCulture);
        return $"  {number} | {before}{after}\n  {new string(' ', number.Length)} | {indent}^";
    }
}
