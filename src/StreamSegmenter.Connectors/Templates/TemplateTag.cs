namespace StreamSegmenter.Connectors.Templates;

/// <summary>One <c>{{...}}</c> of a template's source.</summary>
/// <param name="Sigil"><c>#</c>, <c>/</c>, <c>^</c>, <c>&gt;</c>, <c>*</c>, <c>&amp;</c>, <c>{</c> for the special
/// ones, else a space.</param>
/// <param name="Words">Names, paths, quoted strings and parentheses, one each.</param>
internal readonly record struct TemplateTag(int Start, char Sigil, IReadOnlyList<string> Words)
{
    public string First => Words.Count > 0 ? Words[0] : "";
}
