namespace StreamSegmenter.Hocon.Tests.Support;

/// <summary>A fact of language.cases: a text, and the tree or the error that it is to give.</summary>
public sealed record LanguageCase(string Name, string Text, string? Json, string? Error)
{
    public static IEnumerable<LanguageCase> All() =>
        File.ReadAllText(Path.Combine(TestData.Root, "language.cases")).Split("\n## ").Skip(1).Select(Read);

    public override string ToString() => Name;

    private static LanguageCase Read(string block)
    {
        var lines = block.TrimEnd('\n').Split('\n').ToList();
        var arrow = lines.FindIndex(static line => line is "=>" or "=> error");
        var text = string.Concat(lines[1..arrow].Select(static line => line + "\n"));
        var expected = string.Join('\n', lines[(arrow + 1)..]);
        return lines[arrow] == "=>"
            ? new LanguageCase(lines[0], text, expected, Error: null)
            : new LanguageCase(lines[0], text, Json: null, expected);
    }
}
