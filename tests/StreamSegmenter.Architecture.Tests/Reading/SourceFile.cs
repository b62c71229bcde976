namespace StreamSegmenter.Architecture.Tests.Reading;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with forward slashes: <c>src/StreamSegmenter.Hocon/HoconPath.cs</c>.</param>
public sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<string> _code = new(() => CodeMask.Of(Text));

    /// <summary>
    /// The text of a C# file with comments, strings and directives blanked out, each character in its place.
    /// </summary>
    public string Code => _code.Value;

    public string[] Lines => Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    /// <summary>The line, counted from 1, of a position in the text.</summary>
    public int LineAt(int position) => Text.AsSpan(0, position).Count('\n') + 1;
}
