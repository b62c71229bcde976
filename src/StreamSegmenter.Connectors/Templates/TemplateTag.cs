namespace StreamSegmenter.Connectors.Templates;

/// <summary>One <c>{{...}}</c> of a template's source.</summary>
/// <param name="Start">Where it begins in the source.</param>
/// <param name="End">Where what follows it begins.</param>
/// <param name="Sigil"><c>#</c>, <c>/</c>, <c>^</c>, <c>&gt;</c>, <c>*</c>, <c>&amp;</c>, <c>{</c> for the special
/// ones, <c>!</c> for a comment, else a space.</param>
/// <param name="Words">Names, paths, quoted strings and parentheses, one each.</param>
internal readonly record struct TemplateTag(int Start, int End, char Sigil, IReadOnlyList<string> Words)
{
    public string First => Words.Count > 0 ? Words[0] : "";
}
