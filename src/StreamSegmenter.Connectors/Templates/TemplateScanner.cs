namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Finds the tags of a template's source. The engine does so too, but reports few mistakes with their place and accepts
/// others until a push is rendered.
/// </summary>
internal static class TemplateScanner
{
    private const string Sigils = "#/^>*&{";

    /// <summary>The tags in order, comments without their words.</summary>
    /// <exception cref="TemplateSyntaxException">A tag, or a string in it, has no end.</exception>
    public static IEnumerable<TemplateTag> Scan(string source)
    {
        int at = 0;
        while ((at = source.IndexOf("{{", at, StringComparison.Ordinal)) >= 0)
        {
            if (IsEscaped(source, at))
            {
                at += 2;
                continue;
            }

            int start = at;
            at += 2;
            at += At(source, at) == '~' ? 1 : 0;
            if (At(source, at) == '!')
            {
                at = EndOfComment(source, start, at);
                yield return new(start, at, '!', []);
                continue;
            }

            char sigil = Sigils.Contains(At(source, at)) ? source[at++] : ' ';
            var words = new List<string>();
            at = ReadWords(source, start, at, words);
            if (sigil != '{' && At(source, at) == '}')
            {
                throw new TemplateSyntaxException(
                    start,
                    "this '{{' is closed by '}}}': put a blank before the last '}'"
                );
            }

            yield return new(start, at, sigil, words);
        }
    }

    // An even number of backslashes in front escapes itself, not the tag.
    private static bool IsEscaped(string source, int at)
    {
        int backslashes = 0;
        while (at - backslashes > 0 && source[at - backslashes - 1] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }

    private static int EndOfComment(string source, int start, int at)
    {
        string end = string.CompareOrdinal(source, at, "!--", 0, 3) == 0 ? "--" : "";
        int found = source.IndexOf(end + "}}", at, StringComparison.Ordinal);
        int trimmed = source.IndexOf(end + "~}}", at, StringComparison.Ordinal);
        if (trimmed >= 0 && (found < 0 || trimmed < found))
        {
            return trimmed + end.Length + 3;
        }

        return found >= 0
            ? found + end.Length + 2
            : throw new TemplateSyntaxException(start, $"this comment has no '{end}}}}}'");
    }

    private static int ReadWords(string source, int start, int at, List<string> words)
    {
        while (true)
        {
            char c = At(source, at);
            if (c == '\0')
            {
                throw new TemplateSyntaxException(start, "this '{{' has no '}}'");
            }

            if (c == '}' || (c == '~' && At(source, at + 1) == '}'))
            {
                at += c == '~' ? 1 : 0;
                return At(source, at + 1) == '}'
                    ? at + 2
                    : throw new TemplateSyntaxException(start, "this '{{' is closed by one '}' instead of two");
            }

            int length = char.IsWhiteSpace(c) ? 0 : WordLength(source, start, at);
            if (length > 0)
            {
                words.Add(source.Substring(at, length));
            }

            at += Math.Max(length, 1);
        }
    }

    private static int WordLength(string source, int start, int at)
    {
        char c = source[at];
        if (c is '(' or ')' or '|')
        {
            return 1;
        }

        if (c is '"' or '\'')
        {
            int end = source.IndexOf(c, at + 1);
            return end < 0
                ? throw new TemplateSyntaxException(start, $"this tag has a {c} without its end")
                : end + 1 - at;
        }

        int length = 0;
        bool bracketed = false;
        while (At(source, at + length) is not '\0' and var next)
        {
            bracketed = (bracketed || next == '[') && next != ']';
            if (!bracketed && (char.IsWhiteSpace(next) || next is '(' or ')' or '|' or '}' or '~'))
            {
                break;
            }

            length++;
        }

        return length;
    }

    private static char At(string source, int at) => at < source.Length ? source[at] : '\0';
}

/// <summary>A mistake in a template's source.</summary>
internal sealed class TemplateSyntaxException(int position, string message) : Exception(message)
{
    public int Position { get; } = position;

    /// <summary>The partial that contains itself; null where it is something else.</summary>
    public string? Loop { get; init; }

    /// <summary>Whether the mistake is in a partial, which is told of it by itself.</summary>
    public bool IsToldElsewhere { get; init; }

    /// <summary>The message with its place in the source, for people.</summary>
    public string Describe(string source)
    {
        var before = source.AsSpan(0, Position);
        int line = before.Count('\n') + 1;
        int column = Position - before.LastIndexOf('\n');
        return $"line {line}, column {column}: {Message}";
    }
}
