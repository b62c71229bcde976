namespace StreamSegmenter.Architecture.Tests.Reading;

/// <summary>
/// Blanks out everything of a C# text that is not code, so that the rest can be searched for words and braces. Line
/// breaks stay, and so does the place of each character.
/// </summary>
internal sealed class CodeMask
{
    private readonly string _source;
    private readonly char[] _code;
    private int _at;

    private CodeMask(string source)
    {
        _source = source;
        _code = source.ToCharArray();
    }

    private char Current => Ahead(0);

    public static string Of(string source) => new CodeMask(source).Run();

    private string Run()
    {
        while (_at < _source.Length)
        {
            if (!TrySkipText())
            {
                _at++;
            }
        }

        return new string(_code);
    }

    private bool TrySkipText()
    {
        int start = _at;
        bool skipped = TrySkipComment() || TrySkipDirective() || TrySkipCharacter() || TrySkipString();
        for (int i = start; skipped && i < _at; i++)
        {
            _code[i] = _code[i] is '\n' or '\r' ? _code[i] : ' ';
        }

        return skipped;
    }

    private bool TrySkipComment()
    {
        if (Current != '/' || Ahead(1) is not ('/' or '*'))
        {
            return false;
        }

        SkipPast(Ahead(1) == '/' ? "\n" : "*/", from: _at + 2);
        return true;
    }

    private bool TrySkipDirective()
    {
        int line = _at == 0 ? 0 : _source.LastIndexOf('\n', _at - 1) + 1;
        if (Current != '#' || !_source.AsSpan(line, _at - line).IsWhiteSpace())
        {
            return false;
        }

        SkipPast("\n", _at);
        return true;
    }

    private bool TrySkipCharacter()
    {
        // Longer than the longest escape, '\UFFFFFFFF', it is no character but an apostrophe in a format such as
        // {0:h'h'}.
        const int longest = 12;
        if (Current != '\'')
        {
            return false;
        }

        int escape = Ahead(1) == '\\' ? 1 : 0;
        int end = _source.IndexOf('\'', Math.Min(_at + 2 + escape, _source.Length));
        if (end < 0 || end - _at > longest)
        {
            return false;
        }

        _at = end + 1;
        return true;
    }

    private bool TrySkipString()
    {
        int dollars = 0;
        bool isVerbatim = false;
        int at = _at;
        for (; at < _source.Length && _source[at] is '$' or '@'; at++)
        {
            dollars += _source[at] == '$' ? 1 : 0;
            isVerbatim |= _source[at] == '@';
        }

        if (at >= _source.Length || _source[at] != '"')
        {
            return false;
        }

        _at = at;
        int quotes = Run('"');
        if (isVerbatim || quotes == 1)
        {
            _at++;
            SkipString(dollars, quotes: 1, isVerbatim);
        }
        else
        {
            _at += quotes;
            if (quotes > 2)
            {
                SkipString(dollars, quotes, isVerbatim: true);
            }
        }

        return true;
    }

    /// <summary>Skips from after the opening quotes to after the closing ones.</summary>
    private void SkipString(int dollars, int quotes, bool isVerbatim)
    {
        while (_at < _source.Length)
        {
            if (Current == '\\' && !isVerbatim)
            {
                _at += 2;
            }
            else if (Current == '"')
            {
                int run = Run('"');
                if (quotes == 1 && isVerbatim && run > 1)
                {
                    _at += 2;
                    continue;
                }

                _at += quotes == 1 ? 1 : run;
                if (run >= quotes)
                {
                    return;
                }
            }
            else if (Current == '{' && dollars > 0)
            {
                SkipBraces(dollars, isEscapedByTwo: quotes == 1);
            }
            else
            {
                _at++;
            }
        }
    }

    private void SkipBraces(int dollars, bool isEscapedByTwo)
    {
        int run = Run('{');
        _at += run;
        bool opensHole = isEscapedByTwo ? run % 2 == 1 : run >= dollars;
        int depth = opensHole ? 1 : 0;
        while (depth > 0 && _at < _source.Length)
        {
            if (!TrySkipText())
            {
                depth += Current switch
                {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                _at++;
            }
        }
    }

    private int Run(char character)
    {
        int length = 0;
        while (Ahead(length) == character)
        {
            length++;
        }

        return length;
    }

    private void SkipPast(string end, int from)
    {
        int found = _source.IndexOf(end, Math.Min(from, _source.Length), StringComparison.Ordinal);
        _at = found < 0 ? _source.Length : found + end.Length;
    }

    private char Ahead(int count) => _at + count < _source.Length ? _source[_at + count] : '\0';
}
